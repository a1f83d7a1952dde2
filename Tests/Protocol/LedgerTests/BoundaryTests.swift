import Cryptography
import Ledger
import Primitives
import Sequencing
import TestSupport
import Testing
import VRF

/// Numbers at the ends of their ranges, in every body and phase: refused or harmless, never a trap.
@Suite struct BoundaryTests {
    private static let numbers: [UInt64] = [0, 1, .max - 1, .max]

    /// Every kind of body, each number of it `number`.
    private func bodies(_ number: UInt64, in world: LedgerWorld) throws -> [LedgerBody] {
        let slot = Slot(number)
        let amount = Amount(units: number)
        let proof = try #require(VRFProof([UInt8](repeating: 1, count: 80)))
        let blockID = BlockID(LedgerWorld.digest(3))
        let sender = LedgerWorld.provers[0]
        let key = LedgerWorld.stranger.key
        var header = world.header()
        header.slot = slot
        header.leafCount = Int(truncatingIfNeeded: number)
        header.feeSum = amount
        let intent = Intent(
            sequence: number, firstSlot: slot, lastSlot: slot, capacity: number,
            minFeePerUnit: amount)
        let proposal = FernetProposal(
            slot: slot, parent: blockID, blockCommitment: .zero, feeShare: .zero, vrfProof: proof)
        let pair = [Digest.zero, Digest(sender.key.rawBytes)].map { commitment in
            LedgerWorld.signed(
                .fernetProposal,
                .fernetProposal(
                    FernetProposal(
                        slot: slot, parent: blockID, blockCommitment: commitment,
                        feeShare: .zero, vrfProof: proof)),
                by: sender, nonce: number)
        }
        let range = try #require(LeafRange(first: 0, count: 1))
        return [
            .transfer(Transfer(recipient: key, amount: amount)),
            .register(
                Registration(
                    role: .prover, vrfKey: sender.vrfKey, stake: amount, possession: proof)),
            .intents([PoolTests().signed(intent, by: sender)]),
            .fernetCommit(FernetCommit(slot: slot, proposalHash: .zero)),
            .fernetProposal(proposal), .blockReveal(BlockReveal(header: header, body: [])),
            .election(Election(slot: slot, blockID: blockID, vrfProof: proof)),
            .proofCommitment(ProofCommitment(slot: slot, range: range, commitment: .zero)),
            .rootProof(
                RootProof(
                    slot: slot, blockID: blockID, proof: [],
                    contributions: Contributions(leaves: [], merges: []))),
            .evidence(Evidence(first: pair[0], second: pair[1])), .exit(Exit(role: .builder)),
        ]
    }

    private func kind(_ index: Int) -> TransactionKind { TransactionKind.allCases[index] }

    @Test(arguments: [FernetPhase.propose, .open, .reveal, .proving])
    func `extreme numbers neither trap nor halt`(phase: FernetPhase) throws {
        for number in Self.numbers {
            var world = try LedgerWorld()
            try world.tick(until: .propose)
            let header = world.header()
            if phase == .open || phase == .reveal { try world.race(header) }
            if phase == .proving { try world.reachProving() }
            let bodies = try bodies(number, in: world)
            #expect(bodies.count == TransactionKind.allCases.count)
            for (index, body) in bodies.enumerated() {
                world.submit(kind(index), body, by: LedgerWorld.provers[0])
                world.submit(kind(index), body, by: LedgerWorld.faucet)
            }
            for _ in 0..<60 { try world.tick() }
            #expect(world.ledger.minted - world.ledger.burned == world.total)
        }
    }

    @Test func `a prover that offers everything is elected like any other`() throws {
        let intent = Intent(
            sequence: 1, firstSlot: Slot(0), lastSlot: Slot(.max), capacity: .max,
            minFeePerUnit: .zero)
        var world = try LedgerWorld({ _ in }, genesis: { $0.intent = intent })
        try world.reachProving(leafCount: 8)
        try world.prove(world.contributions())
        #expect(world.ledger.finalBlockCount == 1)
    }

    @Test func `the longest delays that a network file can name overflow nothing`() throws {
        let longest = LedgerParameters.maximumTicks
        var world = try LedgerWorld {
            $0.evidenceExpiryTicks = longest
            $0.exitDelayTicks = longest
            $0.lag = 1_024
        }
        let prover = LedgerWorld.provers[0]
        world.submit(.exit, .exit(Exit(role: .prover)), by: prover)
        for _ in 0..<50 { try world.tick() }
        #expect(
            world.ledger.admission(of: .prover, key: prover.key)
                == .exiting(paidAt: Height(longest)))
        #expect(world.ledger.admission(of: .prover, key: LedgerWorld.provers[1].key) != nil)
    }

    @Test func `a first slot that never opens leaves a ledger that folds on`() throws {
        var world = try LedgerWorld { $0.firstSlotHeight = .max }
        for _ in 0..<20 { try world.tick() }
        #expect(world.ledger.slot == nil && world.ledger.nextHeight == Height(20))
        #expect(
            world.ledger.admission(of: .prover, key: LedgerWorld.provers[0].key)
                == .from(slot: Slot(0)))
    }

    @Test func `heights and slots stop at the end of their range`() {
        #expect(Height(.max).advanced(by: 1) == Height(.max))
        #expect(Slot(.max).advanced(by: .max) == Slot(.max))
    }
}
