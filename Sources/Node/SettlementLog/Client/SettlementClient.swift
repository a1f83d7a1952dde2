package import Cryptography
import Foundation
import HTTPSupport
import Messages
import NIOHTTP1
package import Primitives

/// A node's side of the settlement log: submits transactions and follows the blocks.
///
/// Nothing that the log says is believed unsigned: receipts and blocks are checked against the
/// authority's key, blocks against each other. A failing network is waited for; a log of another
/// network, a false receipt and a broken chain are errors.
package struct SettlementClient: Sendable {
    package let parameters: SettlementClientParameters

    package init(parameters: SettlementClientParameters) { self.parameters = parameters }

    /// Returns once the log has promised inclusion. Safe to call again with the same transaction.
    /// Tries until `submissionDeadline`; throws at once what trying again does not mend.
    package func submit(
        _ transaction: LedgerTransaction
    ) async throws(SettlementClientError) -> Receipt {
        let body = MessageCodec.encode(transaction)
        let deadline = ContinuousClock.now + parameters.submissionDeadline
        var backOff = BackOff(parameters)
        while true {
            let failure: String
            do {
                let answer = try await exchange(
                    .POST, "/transactions", body: body,
                    maximumAnswerByteCount: Self.maximumSmallAnswerByteCount)
                if answer.status == 200 { return try receipt(answer.body, of: transaction.id) }
                failure = try refusal(answer)
            } catch let error as SettlementClientError {
                throw error
            } catch {
                failure = Self.words(for: error)
            }
            guard ContinuousClock.now < deadline, await pause(backOff.nextPause()) else {
                throw .unreachable(failure)
            }
        }
    }

    /// Blocks from `height` on, for ever, each one checked; pulled as the reader asks. Waits out
    /// every failure of the network and every answer that is not the authority's with growing
    /// pauses; ends when its task is cancelled; throws a `SettlementClientError` where the log is
    /// another one from the start, or has signed what contradicts itself.
    /// - Parameters:
    ///   - previousHash: of the block before `height`; nil trusts the authority's signature for the
    ///     first block. Height 0 always follows the policy hash.
    ///   - tell: how it goes, for whoever watches.
    package func blocks(
        from height: Height, previousHash: Digest? = nil,
        tell: @escaping @Sendable (LogContact) -> Void = { _ in }
    ) -> AsyncThrowingStream<LogBlock, any Error> {
        let reader = LogBlockReader(
            client: self,
            verifier: LogChainVerifier(
                networkID: parameters.networkID, authority: parameters.authority,
                nextHeight: height,
                previousHash: height == Height(0) ? parameters.policyHash : previousHash),
            tell: tell)
        return AsyncThrowingStream { try await reader.next() }
    }

    /// What the log says of itself; unsigned. Throws what the network throws.
    package func status() async throws -> LogStatus {
        let answer = try await exchange(
            .GET, "/status", body: [], maximumAnswerByteCount: Self.maximumSmallAnswerByteCount)
        return try JSONDecoder().decode(LogStatus.self, from: Data(answer.body))
    }

    /// Throws unless the log says that it is the one that we mean. Without it a wrong address would
    /// show as a bad signature. Throws also where it has not all that a reader holds who goes on at
    /// `nextHeight`.
    package func checkIdentity(ofLogBehind nextHeight: Height) async throws {
        let status = try await status()
        let network = parameters.networkID.hex
        guard status.networkId == network else {
            throw SettlementClientError.wrongNetwork(expected: network, found: status.networkId)
        }
        let policy = parameters.policyHash.hex
        guard status.policyHash == policy else {
            throw SettlementClientError.wrongPolicy(expected: policy, found: status.policyHash)
        }
        let authority = parameters.authority.hex
        guard status.authority == authority else {
            throw SettlementClientError.wrongAuthority(
                expected: authority, found: status.authority)
        }
        let end = status.height.map { Height($0).advanced(by: 1) } ?? Height(0)
        guard end >= nextHeight else {
            throw SettlementClientError.unreachable(
                "it has lost blocks: it ends before block \(end), this node has read up to "
                    + "block \(nextHeight)")
        }
    }

    /// Some blocks as the log sent them, unchecked.
    struct Page {
        let blocks: [LogBlock]
        /// So few that the log has no more for now.
        let isLast: Bool
    }

    /// Blocks from `height` on; none where none came within `pollWait`.
    func page(from height: Height) async throws -> Page {
        let wait = parameters.pollWait.clampedMilliseconds
        let limit = MessagesParameters.maximumLogBlocksPerResponse
        let answer = try await exchange(
            .GET, "/blocks?from=\(height.number)&limit=\(limit)&wait=\(wait)", body: [],
            maximumAnswerByteCount: MessagesParameters.maximumResponseByteCount)
        guard answer.status == 200 else {
            throw SettlementClientError.unreachable("it answers with status \(answer.status)")
        }
        guard case .logBlocks(let blocks) = try MessageCodec.decodeResponse(answer.body) else {
            throw SettlementClientError.unreachable("it answers with something else than blocks")
        }
        let transactionCount = blocks.reduce(0) { $0 + $1.transactions.count }
        return Page(
            blocks: blocks,
            isLast: blocks.count < limit / 2
                && answer.body.count < SettlementLogLimits.maximumPageByteCount / 2
                && transactionCount < MessagesParameters.maximumTransactionsPerLogBlock / 2)
    }

    /// Why an exchange failed, for the operator.
    static func words(for error: any Error) -> String {
        switch error {
        case SettlementClientError.unreachable(let why): why
        case let error as DecodingError: "its answer cannot be read (\(error))"
        case let error as DeadlineExceeded: "no answer within \(error.limit)"
        default: HTTPExchange.words(for: error)
        }
    }

    private static let maximumSmallAnswerByteCount = 16 << 10

    private func exchange(
        _ method: HTTPMethod, _ path: String, body: [UInt8], maximumAnswerByteCount: Int
    ) async throws -> HTTPExchange.Answer {
        let exchange = HTTPExchange(
            host: parameters.host, port: parameters.port, method: method, path: path, body: body,
            maximumAnswerByteCount: maximumAnswerByteCount)
        return try await withDeadline(parameters.requestTimeout) { try await exchange.run() }
    }

    private func receipt(
        _ bytes: [UInt8], of id: Digest
    ) throws(SettlementClientError) -> Receipt {
        guard let receipt = try? MessageCodec.decodeReceipt(bytes), receipt.transactionID == id,
            Ed25519.verify(
                receipt.signature,
                message: Receipt.signedBytes(
                    networkID: parameters.networkID, transactionID: id,
                    lastInclusionHeight: receipt.lastInclusionHeight),
                key: parameters.authority)
        else { throw .falseReceipt(transactionID: id) }
        return receipt
    }

    /// The words of a temporary refusal; throws a final one.
    private func refusal(
        _ answer: HTTPExchange.Answer
    ) throws(SettlementClientError) -> String {
        let body = try? JSONDecoder().decode(RefusalBody.self, from: Data(answer.body))
        let reason = body?.reason ?? "status \(answer.status)"
        guard (400..<500).contains(answer.status), let body else { return reason }
        throw .refused(
            reason: body.reason, detail: body.detail, expectedNonce: body.expectedNonce)
    }
}

/// Growing pauses, each shortened by up to a half at random so that nodes do not come back together.
struct BackOff {
    private let maximum: Duration
    private var pause: Duration

    init(_ parameters: SettlementClientParameters) {
        maximum = parameters.maximumBackOff
        pause = parameters.minimumBackOff
    }

    mutating func nextPause() -> Duration {
        defer { pause = min(pause * 2, maximum) }
        return pause * Double.random(in: 0.5...1)
    }
}

/// False where the task was cancelled.
func pause(_ duration: Duration) async -> Bool {
    (try? await ContinuousClock().sleep(for: duration)) != nil
}
