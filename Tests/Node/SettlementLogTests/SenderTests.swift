import Cryptography
import Ledger
import Messages
import Primitives
import SansIO
import SettlementLog
import Testing

/// Whom the log hears (decision 17): whoever has an account and can pay.
@Suite struct SenderTests {
    private let fixture: LogFixture
    private let alice: Signer
    private let sequencer: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
        sequencer = try Signer(LogFixture.sequencerName)
    }

    private func transfer(
        _ sender: Signer, nonce: UInt64, to recipient: Signer, units: UInt64
    ) -> LedgerTransaction {
        MessageCodec.transaction(
            .transfer(Transfer(recipient: recipient.operatorKey, amount: Amount(units: units))),
            networkID: fixture.networkID, key: sender.operatorKey, nonce: nonce,
            sign: sender.sign)
    }

    private func commit(_ signer: Signer, nonce: UInt64) -> LedgerTransaction {
        MessageCodec.transaction(
            .fernetCommit(
                FernetCommit(slot: Slot(0), proposalHash: taggedHash("seal", .integer(nonce)))),
            networkID: fixture.networkID, key: signer.operatorKey, nonce: nonce,
            sign: signer.sign)
    }

    @Test func `transactions of keys without an account are refused, and nothing is kept`()
        async throws
    {
        let log = try fixture.open()
        for number in 0..<300 {
            let stranger = try Signer("stranger-\(number)")
            await #expect(throws: SubmissionRefusal.sender(.unknownKey)) {
                try await log.submit(fixture.transaction(stranger, nonce: UInt64(1 + number % 3)))
            }
        }
        #expect(await log.senderCount == 0)
        #expect(await log.status.heldCount == 0)
        #expect(try await log.produceBlock(timeMilliseconds: 0).transactions == [])
    }

    @Test func `a key is heard as soon as a block has paid it, also by a log that is behind`()
        async throws
    {
        let log = try fixture.open()
        let newcomer = try Signer("newcomer")
        let first = fixture.transaction(newcomer, nonce: 1)
        _ = try await log.submit(transfer(alice, nonce: 1, to: newcomer, units: 100))
        await #expect(throws: SubmissionRefusal.sender(.unknownKey)) {
            try await log.submit(first)
        }
        // Nobody waits for the fold between these two.
        try await log.produceBlock(timeMilliseconds: 0)
        _ = try await log.submit(first)
        #expect(try await log.produceBlock(timeMilliseconds: 1).transactions == [first])
    }

    @Test func `what a key has sent and could spend counts against its fees`() async throws {
        let log = try fixture.open()
        let newcomer = try Signer("newcomer")
        let fee = LogFixture.fee.units
        _ = try await log.submit(transfer(alice, nonce: 1, to: newcomer, units: 3 * fee))
        try await log.produceBlock(timeMilliseconds: 0)
        // It may take all that there is, so what follows might not be paid for.
        _ = try await log.submit(transfer(newcomer, nonce: 1, to: alice, units: fee))
        let next = fixture.transaction(newcomer, nonce: 2, .exit, bodyBytes: [])
        let refusal = SubmissionRefusal.sender(
            .feeUncovered(
                fee: LogFixture.fee, held: Amount(units: 3 * fee), spent: UInt128(3 * fee)))
        #expect(refusal.isTemporary)
        await #expect(throws: refusal) { try await log.submit(next) }
        try await log.produceBlock(timeMilliseconds: 1)
        // The recipient had an account, so a fee is left.
        _ = try await log.submit(next)
        try await log.produceBlock(timeMilliseconds: 2)
        let poor = SubmissionRefusal.sender(
            .feeUncovered(fee: LogFixture.fee, held: .zero, spent: 0))
        #expect(!poor.isTemporary)
        await #expect(throws: poor) {
            try await log.submit(fixture.transaction(newcomer, nonce: 3, .exit, bodyBytes: []))
        }
        try await log.catchUp()
        #expect(await log.senderCount == 0)
    }

    @Test func `held transactions count against the fees until they are given up`() async throws {
        let log = try fixture.open()
        let newcomer = try Signer("newcomer")
        let fee = LogFixture.fee.units
        _ = try await log.submit(transfer(alice, nonce: 1, to: newcomer, units: fee))
        try await log.produceBlock(timeMilliseconds: 0)
        let late = fixture.transaction(newcomer, nonce: 2, .exit, bodyBytes: [])
        let held = Task { try await log.submit(late) }
        try await log.waitForHeld(1)
        let first = fixture.transaction(newcomer, nonce: 1, .exit, bodyBytes: [])
        await #expect(throws: SubmissionRefusal.self) { try await log.submit(first) }
        for time in 1...4 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        await #expect(throws: SubmissionRefusal.nonceGap(expected: 1)) { try await held.value }
        _ = try await log.submit(first)
        #expect(try await log.produceBlock(timeMilliseconds: 5).transactions == [first])
    }

    @Test(arguments: [
        TransactionKind.fernetCommit, .fernetProposal, .blockReveal, .election, .rootProof,
    ])
    func `what costs nothing, and root proofs, are heard only in the slot that wants them`(
        kind: TransactionKind
    ) async throws {
        let log = try fixture.open()
        for time in 0..<2 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        await #expect(throws: SubmissionRefusal.sender(.noDuty)) {
            try await log.submit(fixture.transaction(alice, nonce: 1, kind, bodyBytes: [1]))
        }
        #expect(await log.senderCount == 0)
    }

    @Test func `an admitted sequencer seals, and then opens, without a fee`() async throws {
        let log = try fixture.open()
        for time in 0..<2 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        let proposal = fixture.transaction(sequencer, nonce: 2, .fernetProposal, bodyBytes: [1])
        let seal = commit(sequencer, nonce: 1)
        _ = try await log.submit(seal)
        await #expect(throws: SubmissionRefusal.sender(.noDuty)) {
            try await log.submit(proposal)
        }
        #expect(try await log.produceBlock(timeMilliseconds: 2).transactions == [seal])
        _ = try await log.submit(proposal)
        #expect(try await log.produceBlock(timeMilliseconds: 3).transactions == [proposal])
    }

    @Test func `a key has its share of a slot in each kind that is free or large`() async throws {
        let limit = try #require(SettlementLogLimits.maximumPerSlot(of: .fernetCommit))
        let log = try fixture.open()
        for time in 0..<2 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        for nonce in 1...limit {
            _ = try await log.submit(commit(sequencer, nonce: UInt64(nonce)))
            // Some are folded, some are not.
            if nonce == 2 { try await log.produceBlock(timeMilliseconds: 2) }
        }
        let next = commit(sequencer, nonce: UInt64(limit + 1))
        await #expect(throws: SubmissionRefusal.slotShareUsed(limit: limit)) {
            try await log.submit(next)
        }
        // Nobody has opened a proposal: the slot is skipped, and another one opens.
        for time in 3..<8 { try await log.produceBlock(timeMilliseconds: UInt64(time)) }
        _ = try await log.submit(next)
    }

    @Test func `after a restart the log goes on with who has an account and what was used`()
        async throws
    {
        let newcomer = try Signer("newcomer")
        let first = try fixture.open()
        _ = try await first.submit(transfer(alice, nonce: 1, to: newcomer, units: 100))
        try await first.produceBlock(timeMilliseconds: 0)
        let used = fixture.transaction(newcomer, nonce: 1)
        let receipt = try await first.submit(used)
        try await first.produceBlock(timeMilliseconds: 1)
        let pending = fixture.transaction(newcomer, nonce: 2)
        _ = try await first.submit(pending)
        try await first.close()

        let second = try fixture.open()
        let stranger = try Signer("stranger")
        await #expect(throws: SubmissionRefusal.sender(.unknownKey)) {
            try await second.submit(fixture.transaction(stranger, nonce: 1))
        }
        #expect(try await second.submit(used) == receipt)
        await #expect(throws: SubmissionRefusal.nonceUsed(expected: 3)) {
            try await second.submit(fixture.transaction(newcomer, nonce: 1, units: 7))
        }
        let next = fixture.transaction(newcomer, nonce: 3)
        _ = try await second.submit(next)
        #expect(try await second.produceBlock(timeMilliseconds: 2).transactions == [pending, next])
        try await second.catchUp()
        #expect(await second.senderCount == 0)
        #expect(await second.status.foldedHeight == 2)
    }

    @Test func `every transaction on the log is paid for: none is dropped`() async throws {
        let log = try fixture.open()
        var ledger = try LedgerState(genesis: fixture.genesis, rules: fixture.rules)
        var random = SeededGenerator(seed: 17)
        let keys = try LogFixture.accountNames.map { try Signer($0) }
        var nonces: [OperatorKey: UInt64] = [:]
        var taken = 0
        for time in 0..<24 {
            for _ in 0..<12 {
                let sender = keys.randomElement(using: &random)!
                let nonce = nonces[sender.operatorKey, default: 0] + 1
                let units = UInt64.random(in: 0...LogFixture.balance.units, using: &random)
                let transaction = transfer(
                    sender, nonce: nonce, to: keys.randomElement(using: &random)!, units: units)
                guard (try? await log.submit(transaction)) != nil else { continue }
                nonces[sender.operatorKey] = nonce
                taken += 1
            }
            let block = try await log.produceBlock(timeMilliseconds: UInt64(time))
            for event in try ledger.apply(block, verdicts: .none) {
                if case .dropped(_, _, _, let drop) = event { Issue.record("\(drop)") }
            }
        }
        #expect(taken > 24)
    }
}
