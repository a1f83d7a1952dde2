import Cryptography
import Ledger
import Primitives
import ProverElection
import Sequencing
import TestSupport
import Testing

/// Intents and the pool that they make.
@Suite struct PoolTests {
    let prover = LedgerWorld.provers[0]

    func intent(
        sequence: UInt64 = 2, _ slots: ClosedRange<UInt64> = 0...20, capacity: UInt64 = 1,
        minFeePerUnit: UInt64 = 0
    ) -> Intent {
        Intent(
            sequence: sequence, firstSlot: Slot(slots.lowerBound), lastSlot: Slot(slots.upperBound),
            capacity: capacity, minFeePerUnit: Amount(units: minFeePerUnit))
    }

    func signed(
        _ intent: Intent, by sender: TestOperator, topic: Topic = .intent,
        networkID: NetworkID = LedgerWorld.networkID
    ) -> SignedIntent {
        let bytes = Array("\(intent)".utf8)
        let message = GossipEnvelope.signedBytes(
            networkID: networkID, topic: topic, bodyBytes: bytes)
        return SignedIntent(
            envelope: GossipEnvelope(
                networkID: networkID, topic: topic, bodyBytes: bytes, key: sender.key,
                signature: sender.signing.sign(message)),
            intent: intent)
    }

    @Test func `anybody may put a batch of others' intents on the log`() throws {
        var world = try LedgerWorld()
        let batch = LedgerWorld.provers.map { signed(intent(), by: $0) }
        world.submit(.intents, .intents(batch), by: LedgerWorld.faucet)
        try world.tick()
        for prover in LedgerWorld.provers {
            #expect(world.ledger.intent(of: prover.key) == intent())
        }
    }

    @Test func `a key's highest sequence counts`() throws {
        var world = try LedgerWorld()
        let batch = [5, 4, 6, 6].map { signed(intent(sequence: $0), by: prover) }
        world.submit(.intents, .intents(batch), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.ledger.intent(of: prover.key)?.sequence == 6)
        world.submit(.intents, .intents(batch), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.noNewIntent])
    }

    @Test func `an intent reaches at most 64 slots ahead`() throws {
        var world = try LedgerWorld()
        let tooFar = signed(intent(0...65), by: prover)
        world.submit(.intents, .intents([tooFar]), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.noNewIntent])
        world.submit(.intents, .intents([signed(intent(0...64), by: prover)]), by: prover)
        try world.tick()
        #expect(world.ledger.intent(of: prover.key)?.lastSlot == Slot(64))
    }

    @Test func `an intent must be a registered prover's own, for this network`() throws {
        var world = try LedgerWorld()
        var forged = signed(intent(), by: prover)
        forged = SignedIntent(envelope: forged.envelope, intent: intent(sequence: 3))
        let foreign = NetworkID(genesisNonce: [1])
        let wrongSigner = SignedIntent(
            envelope: GossipEnvelope(
                networkID: LedgerWorld.networkID, topic: .intent,
                bodyBytes: forged.envelope.bodyBytes, key: prover.key,
                signature: signed(intent(), by: LedgerWorld.provers[1]).envelope.signature),
            intent: intent())
        let bad = [
            signed(intent(), by: LedgerWorld.stranger),
            signed(intent(), by: LedgerWorld.sequencers[0]),
            signed(intent(), by: prover, topic: .proof),
            signed(intent(), by: prover, networkID: foreign), wrongSigner,
            signed(intent(capacity: 0), by: prover),
            signed(
                Intent(
                    sequence: 2, firstSlot: Slot(3), lastSlot: Slot(2), capacity: 1,
                    minFeePerUnit: .zero), by: prover),
        ]
        for intent in bad {
            world.submit(.intents, .intents([intent]), by: LedgerWorld.faucet)
            try world.tick()
            #expect(world.refusals == [.noNewIntent])
        }
    }

    @Test func `a batch is bounded`() throws {
        var world = try LedgerWorld()
        let batch = [SignedIntent](repeating: signed(intent(), by: prover), count: 65)
        world.submit(.intents, .intents(batch), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.tooManyIntents(maximum: 64, found: 65)])
    }

    @Test func `the pool is who has an unexpired intent at the end of the propose phase`() throws {
        var world = try LedgerWorld { $0.lag = 0 }
        // Prover 0 leaves slot 0 out; prover 1 speaks up for it too late.
        try world.tick()
        let away = signed(intent(1...20), by: prover)
        let awayToo = signed(intent(1...20), by: LedgerWorld.provers[1])
        world.submit(.intents, .intents([away, awayToo]), by: LedgerWorld.faucet)
        let commit = FernetCommit(slot: Slot(0), proposalHash: .zero)
        world.submit(.fernetCommit, .fernetCommit(commit), by: LedgerWorld.sequencers[0])
        try world.tick()
        #expect(world.ledger.phase == .propose)
        try world.tick()
        let late = signed(intent(sequence: 3), by: LedgerWorld.provers[1])
        world.submit(.intents, .intents([late]), by: LedgerWorld.faucet)
        try world.tick()
        let offers = try #require(world.ledger.slot?.offers)
        let expected = LedgerWorld.provers[2...].map(\.key).sorted()
        #expect(offers.map(\.key) == expected)
    }

    @Test func `an empty pool skips the slot and nobody is slashed`() throws {
        var world = try LedgerWorld({ _ in }, genesis: { $0.hasOffers = false })
        try world.tick(until: .propose)
        let header = world.header()
        let sequencer = LedgerWorld.sequencers[0]
        let commit = world.seal(
            of: world.proposal(of: header, by: sequencer), by: sequencer)
        world.submit(.fernetCommit, .fernetCommit(commit), by: sequencer)
        try world.tick()
        try world.tick()
        #expect(world.skips == [.emptyPool] && world.slashings.isEmpty)
        #expect(world.ledger.slot?.slot == Slot(1))
    }

    @Test func `a prover whose price the block's terms do not meet is not in the pool`() throws {
        // 128 IDE and 1,000 units at 50 % for 7 nodes: 9,142,857,214 each.
        let share: UInt64 = (128 * LedgerWorld.ide + 1_000) / 2 / 7
        for (price, isIn) in [(share, true), (share + 1, false)] {
            var world = try LedgerWorld { $0.lag = 0 }
            try world.tick()
            let offer = signed(intent(capacity: 9, minFeePerUnit: price), by: prover)
            world.submit(.intents, .intents([offer]), by: LedgerWorld.faucet)
            try world.tick()
            world.events = []
            for _ in 0..<10 where world.ledger.slot?.slot == Slot(0) { try world.tick() }
            try world.reachProving(leafCount: 4, feeShare: 5_000)
            let pool = try #require(world.ledger.slot?.elected?.pool)
            #expect(pool.contains { $0.key == prover.key } == isIn)
            #expect(pool.count == (isIn ? 4 : 3))
        }
    }

    @Test func `terms that nobody accepts skip the slot and nobody is slashed`() throws {
        var world = try LedgerWorld(
            { _ in },
            genesis: {
                $0.intent = Intent(
                    sequence: 1, firstSlot: Slot(0), lastSlot: Slot(.max), capacity: 1,
                    minFeePerUnit: Amount(units: 1))
            })
        try world.tick(until: .propose)
        let header = world.header()
        try world.race(header, feeShare: 0)
        try world.reveal(header)
        #expect(world.skips == [.emptyPool] && world.slashings.isEmpty)
    }
}
