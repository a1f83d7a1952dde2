import Cryptography
import Faucet
import Foundation
import Logging
import Primitives
import SettlementLog
import Storage
import Synchronization
import TestSupport
import Testing

/// A faucet in a directory of its own, and what it hands to the log.
final class FaucetFixture: Sendable {
    static let networkID = NetworkID(genesisNonce: [4])
    static let amount = Amount(units: 101)
    static let fee = Amount(units: 1)

    let directory = ScratchDirectory.root
        .appending(path: "grove-faucet-\(UUID().uuidString)").path(percentEncoded: false)

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static func key(_ number: UInt8) throws -> OperatorKey {
        let seed = SecretBytes(copying: [UInt8](repeating: number, count: 32))
        return OperatorKey(try SigningKey(seed: seed).publicKey)
    }

    func desk(
        funds: UInt64 = 1_000_000, send: @escaping FaucetDesk.Send
    ) throws -> FaucetDesk {
        try FaucetDesk(
            signingKey: try SigningKey(
                seed: SecretBytes(copying: [UInt8](repeating: 200, count: 32))),
            networkID: Self.networkID, amount: Self.amount, fee: Self.fee,
            funds: Amount(units: funds),
            eventLog: try EventLog(directory: directory, networkID: Self.networkID),
            logger: Self.quiet, send: send)
    }

    static var quiet: Logger {
        var logger = Logger(label: "faucet")
        logger.logLevel = .critical
        return logger
    }
}

/// Remembers what a faucet sent, and lets a test wait for it.
final class SentTransactions: Sendable {
    let stream: AsyncStream<LedgerTransaction>
    private let continuation: AsyncStream<LedgerTransaction>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ transaction: LedgerTransaction) { continuation.yield(transaction) }

    func first(_ count: Int) async -> [LedgerTransaction] {
        var all: [LedgerTransaction] = []
        for await transaction in stream {
            all.append(transaction)
            if all.count == count { break }
        }
        return all
    }
}

@Suite struct FaucetDeskTests {
    let fixture = FaucetFixture()

    private func transfer(_ transaction: LedgerTransaction) -> Transfer? {
        guard case .transfer(let transfer) = transaction.body else { return nil }
        return transfer
    }

    /// Runs `desk` until it has sent `count` transactions.
    private func sent(
        _ count: Int, by desk: FaucetDesk, into sent: SentTransactions
    ) async -> [LedgerTransaction] {
        let running = Task { try await desk.run() }
        let all = await sent.first(count)
        running.cancel()
        _ = await running.result
        return all
    }

    @Test func `a faucet pays one stake plus fees once per key`() async throws {
        let log = SentTransactions()
        let desk = try fixture.desk { log.add($0) }
        let keys = try (1...3).map { try FaucetFixture.key($0) }
        for key in keys {
            let (grant, isNew) = try await desk.grant(key)
            #expect(isNew)
            #expect(grant.recipient == key)
        }
        let again = try await desk.grant(keys[1])
        #expect(!again.isNew)
        let all = await sent(3, by: desk, into: log)
        #expect(all.map(\.nonce) == [1, 2, 3])
        #expect(all.compactMap { transfer($0)?.recipient } == keys)
        #expect(all.compactMap { transfer($0)?.amount } == Array(repeating: Self.amount, count: 3))
        #expect(again.grant.transaction == all[1])
    }

    private static var amount: Amount { FaucetFixture.amount }

    @Test func `what was promised before a crash is sent after it, the same transaction`()
        async throws
    {
        let promised: LedgerTransaction
        do {
            let desk = try fixture.desk { _ in }
            promised = try await desk.grant(FaucetFixture.key(1)).grant.transaction
        }
        let log = SentTransactions()
        let desk = try fixture.desk { log.add($0) }
        let again = try await desk.grant(FaucetFixture.key(1))
        #expect(!again.isNew)
        let next = try await desk.grant(FaucetFixture.key(2)).grant.transaction
        #expect(await sent(2, by: desk, into: log) == [promised, next])
    }

    @Test func `what the log has receipted is not sent again`() async throws {
        let first = SentTransactions()
        do {
            let desk = try fixture.desk { first.add($0) }
            _ = try await desk.grant(FaucetFixture.key(1))
            _ = try await desk.grant(FaucetFixture.key(2))
            // The second is sent once the first is settled.
            _ = await sent(2, by: desk, into: first)
        }
        let log = SentTransactions()
        let desk = try fixture.desk { log.add($0) }
        let last = try await desk.grant(FaucetFixture.key(3)).grant.transaction
        let all = await sent(1, by: desk, into: log)
        #expect(all.map(\.nonce).allSatisfy { $0 >= 2 })
        #expect(all == [last] || all.map(\.nonce) == [2])
    }

    @Test func `a payment waits for a log that does not answer, and is lost by no failure`()
        async throws
    {
        let log = SentTransactions()
        let failures = Mutex(1)
        let desk = try fixture.desk { transaction throws(SettlementClientError) in
            log.add(transaction)
            let fails = failures.withLock { count in
                defer { count -= 1 }
                return count > 0
            }
            if fails { throw .unreachable("nobody listens") }
        }
        let promised = try await desk.grant(FaucetFixture.key(1)).grant.transaction
        #expect(await sent(2, by: desk, into: log) == [promised, promised])
    }

    @Test func `a payment whose nonce is taken is signed again under the next one`() async throws {
        let log = SentTransactions()
        let desk = try fixture.desk { transaction throws(SettlementClientError) in
            log.add(transaction)
            if transaction.nonce < 8 {
                throw .refused(reason: "nonceUsed", detail: "", expectedNonce: 8)
            }
        }
        _ = try await desk.grant(FaucetFixture.key(1))
        let all = await sent(2, by: desk, into: log)
        #expect(all.map(\.nonce) == [1, 8])
        #expect(transfer(all[0]) == transfer(all[1]))
        let next = try await desk.grant(FaucetFixture.key(2))
        #expect(next.grant.transaction.nonce == 9)
    }

    @Test func `new keys are paid at a bounded rate, known ones answered always`() async throws {
        let desk = try fixture.desk { _ in }
        let start = ContinuousClock.now
        let limit = FaucetParameters.maximumGrantsPerWindow
        for number in 1...limit {
            _ = try await desk.grant(FaucetFixture.key(UInt8(number)), at: start)
        }
        let late = try FaucetFixture.key(UInt8(limit + 1))
        let refusal = await #expect(throws: FaucetRefusal.self) {
            _ = try await desk.grant(late, at: start + .seconds(59))
        }
        #expect(refusal == .tooMany(limit: limit, window: FaucetParameters.grantWindow))
        let known = try await desk.grant(FaucetFixture.key(1), at: start + .seconds(59))
        #expect(!known.isNew)
        let paid = try await desk.grant(late, at: start + .seconds(60))
        #expect(paid.isNew)
    }

    @Test func `a faucet promises no more than it has`() async throws {
        let desk = try fixture.desk(funds: 2 * 102 + 101) { _ in }
        for number in UInt8(1)...2 { _ = try await desk.grant(FaucetFixture.key(number)) }
        let refusal = await #expect(throws: FaucetRefusal.self) {
            _ = try await desk.grant(FaucetFixture.key(3))
        }
        #expect(refusal == .exhausted)
    }

    @Test func `a key that cannot sign is refused`() async throws {
        let desk = try fixture.desk { _ in }
        for key in [OperatorKey(.zero), desk.key] {
            let refusal = await #expect(throws: FaucetRefusal.self) {
                _ = try await desk.grant(key)
            }
            #expect(refusal == .badKey(key.hex))
        }
    }
}
