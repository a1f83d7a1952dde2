import Cryptography
import Ledger
import Primitives
import TestSupport
import Testing

/// Which transactions count, and what they cost.
@Suite struct AcceptanceTests {
    let faucet = LedgerWorld.faucet
    let stranger = LedgerWorld.stranger

    func transfer(_ units: UInt64, to recipient: TestOperator) -> LedgerBody {
        .transfer(Transfer(recipient: recipient.key, amount: Amount(units: units)))
    }

    @Test func `a transfer moves its amount and burns its fee`() throws {
        var world = try LedgerWorld()
        let before = world.ledger
        world.submit(.transfer, transfer(500, to: stranger), by: faucet)
        try world.tick()
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 500))
        let paid = before.balance(of: faucet.key).units - world.ledger.balance(of: faucet.key).units
        #expect(paid == 510)
        #expect(world.ledger.burned == 10 && world.ledger.minted == before.minted)
        #expect(world.ledger.nonce(of: faucet.key) == 1)
    }

    @Test func `a transfer that opens an account costs its own fee, burned`() throws {
        var world = try LedgerWorld { $0.accountFee = Amount(units: 70) }
        let before = world.ledger.balance(of: faucet.key).units
        world.submit(.transfer, transfer(5, to: stranger), by: faucet)
        world.submit(.transfer, transfer(5, to: stranger), by: faucet)
        try world.tick()
        #expect(world.ledger.balance(of: faucet.key).units == before - 10 - 2 * 10 - 70)
        #expect(world.ledger.burned == 90)
        // Whoever has the amount and not the fee opens nothing.
        let newcomer = TestOperator("newcomer")
        let rest = world.ledger.balance(of: faucet.key).units - 10
        world.submit(.transfer, transfer(rest - 69, to: newcomer), by: faucet)
        try world.tick()
        let held = Amount(units: rest)
        #expect(
            world.refusals == [
                .insufficientBalance(held: held, needed: Amount(units: rest + 1))
            ])
        #expect(world.ledger.balance(of: newcomer.key) == .zero)
    }

    @Test func `a refused body uses its nonce and fee`() throws {
        var world = try LedgerWorld()
        let before = world.ledger.balance(of: faucet.key)
        world.submit(.transfer, transfer(UInt64.max, to: stranger), by: faucet)
        world.submit(.transfer, transfer(0, to: stranger), by: faucet)
        world.submit(.transfer, nil, by: faucet)
        world.submit(.evidence, transfer(1, to: stranger), by: faucet)
        try world.tick()
        let left = Amount(units: before.units - 10)
        #expect(
            world.refusals == [
                .insufficientBalance(held: left, needed: Amount(units: .max)), .zeroAmount,
                .undecodableBody, .undecodableBody,
            ])
        #expect(world.ledger.nonce(of: faucet.key) == 4)
        #expect(world.ledger.balance(of: faucet.key).units == before.units - 40)
        #expect(world.ledger.balance(of: stranger.key) == .zero)
    }

    @Test func `any nonce above the last one counts, one at or below it does nothing`() throws {
        var world = try LedgerWorld()
        for (nonce, last) in [(0, 0), (5, 0), (4, 5), (5, 5), (7, 5)] as [(UInt64, UInt64)] {
            let before = world.ledger.balance(of: faucet.key)
            try world.tick([
                world.signed(.transfer, transfer(nonce + 1, to: stranger), by: faucet, nonce: nonce)
            ])
            if nonce > last {
                #expect(world.drops == [] && world.ledger.nonce(of: faucet.key) == nonce)
            } else {
                #expect(world.drops == [.nonce(last: last, found: nonce)])
                #expect(world.ledger.balance(of: faucet.key) == before)
            }
        }
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 14))
    }

    @Test func `the highest nonce ends its key, and nothing overflows`() throws {
        var world = try LedgerWorld()
        for _ in 0..<2 {
            try world.tick([
                world.signed(.transfer, transfer(1, to: stranger), by: faucet, nonce: .max)
            ])
        }
        #expect(world.drops == [.nonce(last: .max, found: .max)])
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 1))
    }

    @Test func `one key's transactions apply in nonce order`() throws {
        var world = try LedgerWorld()
        let bodies = (1...3).map { transfer($0, to: stranger) }
        let block = zip([3, 1, 2] as [UInt64], [bodies[2], bodies[0], bodies[1]]).map {
            world.signed(.transfer, $1, by: faucet, nonce: $0)
        }
        let other = world.signed(.transfer, transfer(9, to: faucet), by: LedgerWorld.provers[0])
        try world.tick([block[0], other, block[1], block[2]])
        let amounts = world.events.compactMap { event -> UInt64? in
            if case .transferred(_, _, _, let amount) = event { amount.units } else { nil }
        }
        #expect(amounts == [1, 9, 2, 3])
    }

    @Test func `the same transaction counts once`() throws {
        var world = try LedgerWorld()
        let transaction = world.signed(.transfer, transfer(5, to: stranger), by: faucet)
        try world.tick([transaction, transaction])
        #expect(world.drops == [.nonce(last: 1, found: 1)])
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 5))
    }

    @Test func `a transaction of another network does nothing`() throws {
        var world = try LedgerWorld()
        let other = NetworkID(genesisNonce: [8])
        try world.tick([
            world.signed(.transfer, transfer(5, to: stranger), by: faucet, networkID: other)
        ])
        #expect(world.drops == [.wrongNetwork(other)])
        #expect(world.ledger.nonce(of: faucet.key) == 0)
    }

    @Test func `a transaction that its key did not sign does nothing`() throws {
        var world = try LedgerWorld()
        let signed = world.signed(.transfer, transfer(5, to: stranger), by: faucet)
        let forged = LedgerTransaction(
            networkID: signed.networkID, key: signed.key, nonce: signed.nonce, kind: signed.kind,
            bodyBytes: signed.bodyBytes + [0], signature: signed.signature, body: signed.body)
        try world.tick([forged])
        #expect(world.drops == [.signature])
        #expect(world.ledger.nonce(of: faucet.key) == 0)
    }

    @Test func `a key without an account cannot send, not even what is free`() throws {
        var world = try LedgerWorld()
        let commit = FernetCommit(slot: Slot(0), proposalHash: .zero)
        let root = world.ledger.root
        try world.tick([world.signed(.fernetCommit, .fernetCommit(commit), by: stranger)])
        #expect(world.drops == [.unknownKey])
        var empty = try LedgerWorld()
        try empty.tick()
        #expect(world.ledger.nonce(of: stranger.key) == 0 && world.ledger.root != root)
    }

    @Test func `a key that cannot pay the fee does nothing, and its nonce is used`() throws {
        var world = try LedgerWorld()
        world.submit(.transfer, transfer(9, to: stranger), by: faucet)
        try world.tick()
        let poor = world.signed(.transfer, transfer(1, to: faucet), by: stranger)
        try world.tick([poor])
        #expect(world.drops == [.feeUnpaid(fee: Amount(units: 10), held: Amount(units: 9))])
        #expect(world.ledger.nonce(of: stranger.key) == 1)
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 9))
        world.submit(.transfer, transfer(100, to: stranger), by: faucet)
        try world.tick()
        try world.tick([poor])
        #expect(world.drops == [.nonce(last: 1, found: 1)])
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 109))
    }

    @Test func `what a key sent before it had an account does not strand it`() throws {
        var world = try LedgerWorld()
        for nonce in 1...3 as ClosedRange<UInt64> {
            try world.tick([
                world.signed(.transfer, transfer(1, to: faucet), by: stranger, nonce: nonce)
            ])
            #expect(world.drops == [.unknownKey])
        }
        world.submit(.transfer, transfer(1_000, to: stranger), by: faucet)
        try world.tick()
        // The log knows the first three nonces as used and takes the fourth only.
        try world.tick([
            world.signed(.transfer, transfer(1, to: faucet), by: stranger, nonce: 4)
        ])
        #expect(world.drops == [] && world.ledger.nonce(of: stranger.key) == 4)
    }

    @Test func `whatever a log repeats, a key's transactions count once and in nonce order`()
        throws
    {
        var world = try LedgerWorld()
        let early = (1...4 as ClosedRange<UInt64>).map {
            world.signed(.transfer, transfer($0, to: faucet), by: stranger, nonce: $0)
        }
        try world.tick(early)
        world.submit(.transfer, transfer(1_000, to: stranger), by: faucet)
        try world.tick()
        // A log that brings dropped ones again has delayed them: what was passed over stays so.
        for index in [1, 0, 1, 3, 2, 3] { try world.tick([early[index]]) }
        #expect(world.ledger.balance(of: stranger.key) == Amount(units: 1_000 - 2 - 4 - 2 * 10))
        #expect(world.ledger.nonce(of: stranger.key) == 4)
    }
}

/// What stops a node.
@Suite struct HaltTests {
    @Test func `a log block out of order halts`() throws {
        var world = try LedgerWorld()
        let block = world.block(of: [])
        try world.tick()
        #expect(throws: LedgerHalt.height(expected: Height(1), found: Height(0))) {
            try world.ledger.apply(block, verdicts: .none)
        }
    }

    @Test func `the first log block names the policy hash, the others their predecessor`() throws {
        var world = try LedgerWorld()
        #expect(world.ledger.previousHash == world.ledger.policyHash)
        let first = world.block(of: [])
        try world.tick()
        #expect(
            world.ledger.previousHash == first.header.header.hash(networkID: LedgerWorld.networkID)
        )
        let stray = LogHeader(
            height: Height(1), timeMilliseconds: 0, previousHash: .zero,
            transactionsHash: LogHeader.transactionsHash(of: []))
        let block = LogBlock(
            header: SignedLogHeader(header: stray, signature: first.header.signature),
            transactions: [])
        let expected = world.ledger.previousHash
        #expect(throws: LedgerHalt.previousHash(expected: expected, found: .zero)) {
            try world.ledger.apply(block, verdicts: .none)
        }
    }

    @Test func `a header that names other transactions halts`() throws {
        var world = try LedgerWorld()
        let honest = world.block(of: [])
        let transfer = Transfer(recipient: LedgerWorld.stranger.key, amount: Amount(units: 1))
        let extra = world.signed(.transfer, .transfer(transfer), by: LedgerWorld.faucet)
        let block = LogBlock(header: honest.header, transactions: [extra])
        #expect(throws: LedgerHalt.self) { try world.ledger.apply(block, verdicts: .none) }
    }

    @Test func `a missing verdict halts and leaves the state as it was`() throws {
        var world = try LedgerWorld()
        try world.tick()
        let header = world.header()
        try world.race(header)
        let reveal = BlockReveal(header: header, body: LedgerWorld.body(ofSlot: header.slot))
        let transaction = world.signed(.blockReveal, .blockReveal(reveal), by: world.leader)
        let before = world.ledger
        let block = world.block(of: [transaction])
        #expect(throws: LedgerHalt.missingVerdict(transactionID: transaction.id)) {
            try world.ledger.apply(block, verdicts: .none)
        }
        #expect(world.ledger == before)
    }
}
