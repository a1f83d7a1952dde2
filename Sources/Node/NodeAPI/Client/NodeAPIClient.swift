import Foundation
import HTTPSupport
import Messages
import NIOCore
import NIOHTTP1
import NIOPosix
package import Primitives

/// Asks a node's API: the other side of `NodeAPIServer`, with the same types.
package struct NodeAPIClient: Sendable {
    package let address: NodeAPIAddress
    private let timeout: Duration

    /// - Parameter timeout: of a whole exchange.
    package init(
        url: String, timeout: Duration = NodeAPIParameters.requestTimeout
    ) throws(NodeAPIClientError) {
        address = try NodeAPIAddress(url)
        self.timeout = timeout
    }

    package init(host: String, port: Int, timeout: Duration = NodeAPIParameters.requestTimeout) {
        address = NodeAPIAddress(host: host, port: port)
        self.timeout = timeout
    }

    package func status() async throws(NodeAPIClientError) -> StatusAnswer {
        try await get("/status")
    }

    package func earnings(slots: Int) async throws(NodeAPIClientError) -> EarningsAnswer {
        try await get("/earnings?slots=\(slots)")
    }

    /// An unwell node answers as well.
    package func health() async throws(NodeAPIClientError) -> HealthAnswer {
        let answer = try await exchange(.GET, "/health", body: [])
        do {
            return try JSONDecoder().decode(HealthAnswer.self, from: Data(answer.body))
        } catch {
            throw .notANode(url: address.url, reason: "status \(answer.status)")
        }
    }

    /// Of the open slot for nil.
    package func tree(of slot: UInt64?) async throws(NodeAPIClientError) -> TreeAnswer {
        try await get("/tree/\(slot.map { "\($0)" } ?? "current")")
    }

    package func blocks(limit: Int) async throws(NodeAPIClientError) -> [EndedSlot] {
        let answer: BlocksAnswer = try await get("/blocks?limit=\(limit)")
        return answer.blocks
    }

    /// Nil where nobody opened it.
    package func account(
        _ number: UInt32
    ) async throws(NodeAPIClientError) -> AccountAnswer? {
        do throws(NodeAPIClientError) {
            return try await get("/accounts/\(number)")
        } catch .refused(_, reason: "notFound", _) {
            return nil
        }
    }

    /// Hands `payment` to the node; it holds it and tells the network.
    @discardableResult
    package func submit(
        _ payment: Payment
    ) async throws(NodeAPIClientError) -> AcceptedPayment {
        try await ask(.POST, "/payments", body: MessageCodec.encode(payment))
    }

    /// Tells the node to leave, or asks how far that is: the same order again changes nothing.
    package func leave(_ order: LeaveOrderBody) async throws(NodeAPIClientError) -> LeaveAnswer {
        guard let body = try? JSONEncoder().encode(order) else {
            preconditionFailure("an order is three texts and a number")
        }
        return try await ask(.POST, "/leave", body: [UInt8](body))
    }

    /// Tells the node to send money, or asks how far that is: the same order again changes nothing.
    package func send(_ order: SendOrderBody) async throws(NodeAPIClientError) -> SendAnswer {
        guard let body = try? JSONEncoder().encode(order) else {
            preconditionFailure("an order is two texts and two numbers")
        }
        return try await ask(.POST, "/send", body: [UInt8](body))
    }

    // MARK: Rooms

    private func get<Answer: Decodable & Sendable>(
        _ path: String
    ) async throws(NodeAPIClientError) -> Answer {
        try await ask(.GET, path, body: [])
    }

    private func ask<Answer: Decodable & Sendable>(
        _ method: HTTPMethod, _ path: String, body: [UInt8]
    ) async throws(NodeAPIClientError) -> Answer {
        let answer = try await exchange(method, path, body: body)
        let data = Data(answer.body)
        guard answer.status == 200 else {
            guard let refused = try? JSONDecoder().decode(RefusedRequest.self, from: data) else {
                throw .notANode(url: address.url, reason: "status \(answer.status)")
            }
            throw .refused(
                status: answer.status, reason: refused.reason, detail: refused.detail)
        }
        do {
            return try JSONDecoder().decode(Answer.self, from: data)
        } catch {
            throw .notANode(url: address.url, reason: "its answer to \(path) has another form")
        }
    }

    private func exchange(
        _ method: HTTPMethod, _ path: String, body: [UInt8]
    ) async throws(NodeAPIClientError) -> HTTPExchange.Answer {
        let exchange = HTTPExchange(
            host: address.host, port: address.port, method: method, path: path, body: body,
            maximumAnswerByteCount: NodeAPIParameters.maximumAnswerByteCount)
        do {
            return try await withDeadline(timeout) { try await exchange.run() }
        } catch is DeadlineExceeded {
            throw .timedOut(url: address.url, limit: timeout)
        } catch HTTPExchange.Failure.answerTooLong(let limit) {
            throw .notANode(url: address.url, reason: "it answers more than \(limit) bytes")
        } catch let error as HTTPParserError {
            throw .notANode(url: address.url, reason: "it does not speak HTTP: \(error)")
        } catch {
            throw .unreachable(url: address.url, reason: HTTPExchange.words(for: error))
        }
    }
}
