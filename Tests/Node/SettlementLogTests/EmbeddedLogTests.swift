import Cryptography
import Foundation
import Primitives
import SettlementLog
import Testing

@Suite struct EmbeddedLogTests {
    let fixture: LogFixture
    let alice: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
    }

    @Test func `blocks are signed and hash-chained, and the first follows the policy hash`()
        async throws
    {
        let log = try fixture.open()
        let transaction = fixture.transaction(alice, nonce: 1)
        _ = try await log.submit(transaction)
        for time in 0..<4 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        let blocks = try await fixture.blocks(of: log)
        #expect(blocks.map(\.height) == (0..<4).map { Height($0) })
        #expect(blocks[0].header.header.previousHash == fixture.policyHash)
        #expect(blocks[0].transactions == [transaction])
        #expect(blocks.dropFirst().flatMap(\.transactions) == [])
        #expect(blocks.map(\.header.header.timeMilliseconds) == [0, 1, 2, 3])
    }

    @Test func `each accepted submission gets a signed receipt naming its last inclusion height`()
        async throws
    {
        let log = try fixture.open()
        try await log.produceBlock(timeMilliseconds: 0)
        let transaction = fixture.transaction(alice, nonce: 1)
        let receipt = try await log.submit(transaction)
        #expect(receipt.transactionID == transaction.id)
        #expect(fixture.isValid(receipt))
        #expect(
            receipt.lastInclusionHeight
                == Height(1).advanced(by: SettlementLogLimits.inclusionTicks - 1))
        let block = try await log.produceBlock(timeMilliseconds: 1)
        #expect(block.transactions == [transaction])
        #expect(block.height <= receipt.lastInclusionHeight)
    }

    @Test func `the same submission again gets the same receipt, pending or included`()
        async throws
    {
        let log = try fixture.open()
        let transaction = fixture.transaction(alice, nonce: 1)
        let receipt = try await log.submit(transaction)
        #expect(try await log.submit(transaction) == receipt)
        try await log.produceBlock(timeMilliseconds: 0)
        #expect(try await log.submit(transaction) == receipt)
        #expect(try await log.produceBlock(timeMilliseconds: 1).transactions == [])
    }

    @Test func `equal submissions at once are one transaction with one receipt`() async throws {
        let log = try fixture.open()
        let transaction = fixture.transaction(alice, nonce: 1)
        let receipts = try await withThrowingTaskGroup(of: Receipt.self) { group in
            for _ in 0..<20 { group.addTask { try await log.submit(transaction) } }
            group.addTask {
                try await log.produceBlock(timeMilliseconds: 0)
                return try await log.submit(transaction)
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(receipts).count == 1)
        try await log.produceBlock(timeMilliseconds: 1)
        let blocks = try await fixture.blocks(of: log)
        #expect(blocks.flatMap(\.transactions) == [transaction])
    }

    @Test func `another transaction with a used nonce is refused and told the next one`()
        async throws
    {
        let log = try fixture.open()
        _ = try await log.submit(fixture.transaction(alice, nonce: 1))
        let other = fixture.transaction(alice, nonce: 1, units: 2)
        await #expect(throws: SubmissionRefusal.nonceUsed(expected: 2)) {
            try await log.submit(other)
        }
        try await log.produceBlock(timeMilliseconds: 0)
        await #expect(throws: SubmissionRefusal.nonceUsed(expected: 2)) {
            try await log.submit(other)
        }
        await #expect(throws: SubmissionRefusal.nonceUsed(expected: 2)) {
            try await log.submit(fixture.transaction(alice, nonce: 0))
        }
    }

    @Test func `a gap is held and its transaction follows as soon as the gap is filled`()
        async throws
    {
        let log = try fixture.open()
        let transactions = (1...3).map { fixture.transaction(alice, nonce: $0) }
        async let third = log.submit(transactions[2])
        async let second = log.submit(transactions[1])
        try await log.waitForHeld(2)
        #expect(try await log.produceBlock(timeMilliseconds: 0).transactions == [])
        let first = try await log.submit(transactions[0])
        let receipts = try await [first, second, third]
        #expect(receipts.map(\.transactionID) == transactions.map(\.id))
        #expect(
            try await log.produceBlock(timeMilliseconds: 1).transactions == transactions)
    }

    @Test func `a gap is held for four ticks and then refused`() async throws {
        let log = try fixture.open()
        let waiting = fixture.transaction(alice, nonce: 2)
        let held = Task { try await log.submit(waiting) }
        try await log.waitForHeld(1)
        for time in 0..<3 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        #expect(await log.status.heldCount == 1)
        try await log.produceBlock(timeMilliseconds: 3)
        #expect(await log.status.heldCount == 0)
        await #expect(throws: SubmissionRefusal.nonceGap(expected: 1)) { try await held.value }
    }

    @Test func `a gap too wide is refused at once`() async throws {
        let log = try fixture.open()
        let nonce = SettlementLogLimits.maximumNonceGap + 2
        await #expect(throws: SubmissionRefusal.nonceGap(expected: 1)) {
            try await log.submit(fixture.transaction(alice, nonce: nonce))
        }
        await #expect(throws: SubmissionRefusal.nonceGap(expected: 1)) {
            try await log.submit(fixture.transaction(alice, nonce: .max))
        }
    }

    @Test func `another network's or a wrongly signed transaction is refused`() async throws {
        let log = try fixture.open()
        let foreign = fixture.transaction(
            alice, nonce: 1, networkID: NetworkID(genesisNonce: [8]))
        await #expect(throws: SubmissionRefusal.wrongNetwork) { try await log.submit(foreign) }
        let honest = fixture.transaction(alice, nonce: 1)
        let forged = LedgerTransaction(
            networkID: honest.networkID, key: honest.key, nonce: 2, kind: honest.kind,
            bodyBytes: honest.bodyBytes, signature: honest.signature, body: honest.body)
        await #expect(throws: SubmissionRefusal.badSignature) { try await log.submit(forged) }
        #expect(try await log.produceBlock(timeMilliseconds: 0).transactions == [])
    }

    @Test func `one key cannot fill the queue`() async throws {
        let log = try fixture.open()
        let limit = SettlementLogLimits.maximumPendingPerKey
        for nonce in 1...limit {
            _ = try await log.submit(fixture.transaction(alice, nonce: nonce))
        }
        let next = fixture.transaction(alice, nonce: limit + 1)
        await #expect(throws: SubmissionRefusal.queueFull) { try await log.submit(next) }
        let bob = try Signer("bob")
        _ = try await log.submit(fixture.transaction(bob, nonce: 1))
        try await log.produceBlock(timeMilliseconds: 0)
        _ = try await log.submit(next)
    }

    @Test func `a stopped log refuses what waits and what comes`() async throws {
        let log = try fixture.open()
        let waiting = fixture.transaction(alice, nonce: 2)
        let held = Task { try await log.submit(waiting) }
        try await log.waitForHeld(1)
        await log.stop()
        await #expect(throws: SubmissionRefusal.stopping) { try await held.value }
        await #expect(throws: SubmissionRefusal.stopping) {
            try await log.submit(fixture.transaction(alice, nonce: 1))
        }
        await #expect(throws: SettlementLogError.stopped) {
            try await log.produceBlock(timeMilliseconds: 0)
        }
    }
}
