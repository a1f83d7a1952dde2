import Cryptography
import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1
import NIOPosix
package import Primitives

/// Asks a faucet for money.
package struct FaucetClient: Sendable {
    private let address: HTTPAddress
    package var url: String { address.url }

    package init(url: String) throws(FaucetClientError) {
        guard let address = HTTPAddress(url) else { throw .badURL(url) }
        self.address = address
    }

    /// Returns once the faucet has promised the payment; asking again for a key is harmless.
    package func pay(_ key: OperatorKey) async throws(FaucetClientError) -> FaucetPayment {
        let body = Data("{\"operatorKey\":\"\(key.hex)\"}".utf8)
        return try await ask(.POST, body: [UInt8](body))
    }

    package func terms() async throws(FaucetClientError) -> FaucetTermsAnswer {
        try await ask(.GET, body: [])
    }

    private func ask<Answer: Decodable & Sendable>(
        _ method: HTTPMethod, body: [UInt8]
    ) async throws(FaucetClientError) -> Answer {
        let answer = try await exchange(method, body)
        let data = Data(answer.body)
        guard answer.status == 200 else {
            guard let refusal = try? JSONDecoder().decode(FaucetRefusalAnswer.self, from: data)
            else { throw .notAFaucet(url: url, reason: "status \(answer.status)") }
            throw .refused(url: url, reason: refusal.reason, detail: refusal.detail)
        }
        do {
            return try JSONDecoder().decode(Answer.self, from: data)
        } catch {
            throw .notAFaucet(url: url, reason: "its answer has another form")
        }
    }

    private func exchange(
        _ method: HTTPMethod, _ body: [UInt8]
    ) async throws(FaucetClientError) -> HTTPExchange.Answer {
        let exchange = HTTPExchange(
            host: address.host, port: address.port, method: method,
            path: address.path + "/faucet", body: body,
            maximumAnswerByteCount: FaucetParameters.maximumAnswerByteCount)
        do {
            return try await withDeadline(FaucetParameters.requestTimeout) {
                try await exchange.run()
            }
        } catch let limit as DeadlineExceeded {
            throw .unreachable(
                url: url, reason: "no answer within \(limit.limit.components.seconds) s")
        } catch HTTPExchange.Failure.answerTooLong(let limit) {
            throw .notAFaucet(url: url, reason: "it answers more than \(limit) bytes")
        } catch let error as HTTPParserError {
            throw .notAFaucet(url: url, reason: "it does not speak HTTP: \(error)")
        } catch {
            throw .unreachable(url: url, reason: HTTPExchange.words(for: error))
        }
    }
}
