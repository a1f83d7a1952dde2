import Cryptography
import Foundation
import Primitives
import SettlementLog
import Synchronization
import Testing

@Suite struct LogDurabilityTests {
    let fixture: LogFixture
    let alice: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
    }

    @Test func `the database syncs fully, writes ahead and is its owner's alone`() async throws {
        let log = try fixture.open()
        let durability = try await log.durability()
        #expect(durability.synchronous == 2)
        #expect(durability.journal == "wal")
        try await log.produceBlock(timeMilliseconds: 0)
        for name in ["log.sqlite", "log.sqlite-wal", "log.sqlite.lock"] {
            let attributes = try FileManager.default.attributesOfItem(
                atPath: fixture.folder.appending(path: name).path())
            #expect(attributes[.posixPermissions] as? Int == 0o600, "\(name)")
        }
    }

    @Test func `after a restart heights go on by one, and nothing is back-filled`() async throws {
        let first = try fixture.open()
        let included = fixture.transaction(alice, nonce: 1)
        let pending = fixture.transaction(alice, nonce: 2)
        let oldReceipt = try await first.submit(included)
        try await first.produceBlock(timeMilliseconds: 10)
        let pendingReceipt = try await first.submit(pending)
        try await first.close()

        let second = try fixture.open()
        #expect(await second.height == Height(0))
        #expect(try await second.submit(included) == oldReceipt)
        #expect(try await second.submit(pending) == pendingReceipt)
        await #expect(throws: SubmissionRefusal.nonceUsed(expected: 3)) {
            try await second.submit(fixture.transaction(alice, nonce: 2, units: 9))
        }
        let block = try await second.produceBlock(timeMilliseconds: 1_000_000)
        #expect(block.height == Height(1))
        #expect(block.transactions == [pending])
        #expect(try await fixture.blocks(of: second).count == 2)
    }

    @Test func `a second process on the same database is refused`() async throws {
        let log = try fixture.open()
        #expect(throws: SettlementLogError.locked(path: fixture.path)) { try fixture.open() }
        try await log.close()
        try await fixture.open().close()
    }

    @Test func `the database of another network, policy or authority is refused`() async throws {
        try await fixture.open().close()
        let otherNetwork = NetworkID(genesisNonce: [9])
        let otherPolicy = taggedHash("other-policy")
        #expect(
            throws: SettlementLogError.wrongNetwork(
                expected: otherNetwork, found: fixture.networkID)
        ) {
            try fixture.open(
                as: SettlementLogParameters(
                    networkID: otherNetwork, policyHash: fixture.policyHash, tick: .seconds(1)))
        }
        #expect(
            throws: SettlementLogError.wrongPolicy(
                expected: otherPolicy, found: fixture.policyHash)
        ) {
            try fixture.open(
                as: SettlementLogParameters(
                    networkID: fixture.networkID, policyHash: otherPolicy, tick: .seconds(1)))
        }
        #expect(
            throws: SettlementLogError.wrongAuthority(
                expected: alice.operatorKey, found: fixture.authority.operatorKey)
        ) {
            try fixture.open(signing: alice)
        }
    }

    @Test func `a file that is no database is refused and left alone`() throws {
        let garbage = Data("this is not a database, and long enough to be read as one".utf8)
        try garbage.write(to: URL(filePath: fixture.path))
        #expect(throws: SettlementLogError.self) { try fixture.open() }
        #expect(try Data(contentsOf: URL(filePath: fixture.path)) == garbage)
    }

    /// The files as a kill leaves them: copied while writers are at work.
    private func copy(_ name: String) throws -> String {
        let target = fixture.folder.appending(path: name).path()
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: fixture.path + suffix, toPath: target + suffix)
        }
        return target
    }

    @Test func `killed at any moment, nothing acknowledged is lost`() async throws {
        let log = try fixture.open()
        let promises = Promises()
        let writers = try (0..<6).map { try Signer("writer-\($0)") }
        var copies: [(path: String, promised: [Promises.Promise])] = []
        for round in 0..<5 {
            // The copy is made some way into the round, a different one each time.
            let moment = promises.reached(round * 18 + round * 3)
            let work = writers.map { writer in
                Task { try await submit(3, of: writer, after: round * 3, to: log, promises) }
            }
            let tick = Task { try await log.produceBlock(timeMilliseconds: UInt64(round)) }
            for await _ in moment { break }
            let promised = promises.all
            copies.append((try copy("killed-\(round).sqlite"), promised))
            for task in work { try await task.value }
            _ = try await tick.value
        }
        for (path, promised) in copies { try await checkRevived(path, promised) }
    }

    private func submit(
        _ count: Int, of writer: Signer, after nonce: Int, to log: EmbeddedLog,
        _ promises: Promises
    ) async throws {
        defer { promises.signal() }
        for step in 1...count {
            let transaction = fixture.transaction(writer, nonce: UInt64(nonce + step))
            let receipt = try await log.submit(transaction)
            promises.append(Promises.Promise(transaction: transaction, receipt: receipt))
        }
    }

    private func checkRevived(_ path: String, _ promised: [Promises.Promise]) async throws {
        let revived = try fixture.open(at: path)
        let next = await revived.height?.advanced(by: 1) ?? Height(0)
        let block = try await revived.produceBlock(timeMilliseconds: 0)
        #expect(block.height == next)
        let included = try await fixture.blocks(of: revived).flatMap(\.transactions).map(\.id)
        #expect(Set(included).count == included.count)
        let lost = promised.filter { !included.contains($0.transaction.id) }
        try #require(lost.isEmpty, "\(lost.count) of \(promised.count) lost at \(next)")
        for promise in promised {
            #expect(try await revived.submit(promise.transaction) == promise.receipt)
        }
    }
}

/// What the log has promised so far.
private final class Promises: Sendable {
    struct Promise: Sendable {
        let transaction: LedgerTransaction
        let receipt: Receipt
    }

    private struct State {
        var list: [Promise] = []
        var count = 0
        var moment: AsyncStream<Void>.Continuation?
    }

    private let state = Mutex(State())

    var all: [Promise] { state.withLock { $0.list } }

    func append(_ promise: Promise) {
        state.withLock { state in
            state.list.append(promise)
            if state.list.count >= state.count { state.moment?.yield() }
        }
    }

    /// Yields once `count` promises were made, or at `signal`.
    func reached(_ count: Int) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
        state.withLock { state in
            state.count = count
            state.moment = continuation
            if state.list.count >= count { continuation.yield() }
        }
        return stream
    }

    func signal() { _ = state.withLock { $0.moment?.yield() } }
}

/// What a log does about its clock and about blocks that it did not write.
@Suite struct LogRecoveryTests {
    let fixture: LogFixture

    init() throws { fixture = try LogFixture() }

    @Test func `times rise strictly, however the wall clock jumps, also over a restart`()
        async throws
    {
        let hour: UInt64 = 3_600_000
        let first = try fixture.open()
        for time in [10 * hour, 2 * hour, 2 * hour, 10 * hour, 15 * hour] {
            try await first.produceBlock(timeMilliseconds: time)
        }
        try await first.close()
        let second = try fixture.open()
        try await second.produceBlock(timeMilliseconds: 0)
        try await second.produceBlock(timeMilliseconds: 16 * hour)
        let times = try await fixture.blocks(of: second).map(\.header.header.timeMilliseconds)
        #expect(
            times == [
                10 * hour, 10 * hour + 1, 10 * hour + 2, 10 * hour + 3, 15 * hour,
                15 * hour + 1, 16 * hour,
            ])
    }

    @Test(arguments: [
        "UPDATE block SET bytes = (SELECT bytes FROM block WHERE height = 2) WHERE height = 3",
        "UPDATE block SET bytes = x'00' WHERE height = 3",
        "DELETE FROM block WHERE height = 1", "DELETE FROM block WHERE height = 4",
    ])
    func `a log whose newest blocks are not a chain does not go on`(damage: String) async throws {
        let log = try fixture.open()
        for time in 0..<5 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        try await log.close()
        try fixture.execute(damage)
        if damage.hasSuffix("4") {
            // The last block gone is what a log without it looks like: nodes know better.
            #expect(try await fixture.open().height == Height(3))
        } else {
            #expect(throws: SettlementLogError.self) { try fixture.open() }
        }
    }

    @Test func `a log is read beside the one who writes it, and nothing is changed`() async throws {
        let log = try fixture.open()
        for time in 0..<3 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        let archive = try LogArchive(path: fixture.path)
        #expect(try archive.networkID() == fixture.networkID)
        #expect(try archive.blocks(from: Height(1)).map(\.height) == [Height(1), Height(2)])
        try await log.produceBlock(timeMilliseconds: 3)
        #expect(try archive.blocks(from: Height(3)).count == 1)
        try await log.close()
        #expect(try LogArchive(path: fixture.path).blocks(from: Height(0)).count == 4)
        #expect(throws: SettlementLogError.self) { try LogArchive(path: fixture.path + "x") }
    }
}
