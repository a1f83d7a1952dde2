import Cryptography
import Ledger
import Primitives
import ProverElection
import Sequencing
import TestSupport
import Testing

/// The leader's block, and what the shell is asked about it.
@Suite struct RevealTests {
    /// In the reveal phase, with the header that every sequencer committed to.
    func raced(
        leafCount: Int = 4, _ change: (inout BlockHeader) -> Void = { _ in }
    ) throws -> (world: LedgerWorld, header: BlockHeader) {
        var world = try LedgerWorld()
        try world.tick(until: .propose)
        let header = world.header(leafCount: leafCount, change)
        try world.race(header)
        return (world, header)
    }

    func reveal(_ header: BlockHeader, body: [UInt8]? = nil) -> LedgerBody {
        .blockReveal(
            BlockReveal(header: header, body: body ?? LedgerWorld.body(ofSlot: header.slot)))
    }

    @Test func `reveal and election together start the proving phase`() throws {
        var (world, header) = try raced()
        try world.reveal(header)
        let slot = try #require(world.ledger.slot)
        let elected = try #require(slot.elected)
        let height = Height(world.ledger.nextHeight.number - 1)
        #expect(elected.revealHeight == height && world.ledger.phase == .proving)
        #expect(elected.provingDeadline == height.advanced(by: 40))
        #expect(slot.reveal?.blockID == LedgerWorld.blockID(of: header))
        #expect(elected.pool.count == 4 && elected.assignment.leafProvers.count == 4)
    }

    @Test func `reveal means the later of reveal and election, in either order`() throws {
        for revealFirst in [true, false] {
            var (world, header) = try raced()
            let leader = world.leader
            let election = LedgerBody.election(
                world.election(of: LedgerWorld.blockID(of: header), by: leader))
            if revealFirst {
                world.submit(.blockReveal, reveal(header), by: leader)
            } else {
                world.submit(.election, election, by: leader)
            }
            try world.tick()
            #expect(world.ledger.slot?.elected == nil && world.ledger.phase == .reveal)
            let later = world.ledger.nextHeight
            if revealFirst {
                world.submit(.election, election, by: leader)
            } else {
                world.submit(.blockReveal, reveal(header), by: leader)
            }
            try world.tick()
            #expect(world.ledger.slot?.elected?.revealHeight == later)
        }
    }

    @Test func `an early election of another block starts nothing and can be corrected`() throws {
        var (world, header) = try raced()
        let leader = world.leader
        let wrong = world.election(of: BlockID(LedgerWorld.digest(3)), by: leader)
        world.submit(.election, .election(wrong), by: leader)
        world.submit(.blockReveal, reveal(header), by: leader)
        try world.tick()
        #expect(world.refusals.isEmpty && world.ledger.slot?.elected == nil)
        let right = world.election(of: LedgerWorld.blockID(of: header), by: leader)
        world.submit(.election, .election(right), by: leader)
        try world.tick()
        #expect(world.ledger.slot?.elected != nil)
    }

    @Test func `a reveal without an election is no reveal`() throws {
        var (world, header) = try raced()
        let leader = world.leader
        world.submit(.blockReveal, reveal(header), by: leader)
        try world.tick()
        try world.tick()
        #expect(world.skips == [.noReveal(leader: leader.key)])
        #expect(world.slashings.map(\.offence) == [.noReveal])
    }

    @Test func `only the leader reveals and elects`() throws {
        var (world, header) = try raced()
        let leader = world.leader
        let other = LedgerWorld.sequencers.first { $0.key != leader.key }!
        world.submit(.blockReveal, reveal(header), by: other)
        world.submit(
            .election,
            .election(world.election(of: LedgerWorld.blockID(of: header), by: other)), by: other)
        try world.tick()
        #expect(
            world.refusals == [
                .notLeader(leader: leader.key), .notLeader(leader: leader.key),
            ])
        #expect(world.asked.isEmpty)
    }

    @Test func `a reveal must match the commitment of the proposal`() throws {
        var (world, header) = try raced()
        var other = header
        other.feeSum = Amount(units: 1_001)
        world.submit(.blockReveal, reveal(other), by: world.leader)
        try world.tick()
        #expect(world.refusals == [.wrongBlockCommitment])
        #expect(world.asked.isEmpty)
    }

    @Test func `the body must be the one that the header names`() throws {
        var (world, header) = try raced()
        world.submit(.blockReveal, reveal(header, body: [1]), by: world.leader)
        try world.tick()
        #expect(world.refusals == [.malformedHeader])
        #expect(world.asked.isEmpty)
    }

    @Test func `a header out of bounds is refused before it is computed with`() throws {
        let changes: [(inout BlockHeader) -> Void] = [
            { $0.round = 1 },
            { $0.leafCount = 9 },
            { $0.stateBefore = LedgerWorld.digest(9) },
            { $0.feeSum = Amount(units: 1_000_001) },
            {
                $0.leafCount = 0
                $0.feeSum = Amount(units: 1)
            },
            { $0.leafCount = 0 },
        ]
        for change in changes {
            var (world, header) = try raced(change)
            world.submit(.blockReveal, reveal(header), by: world.leader)
            try world.tick()
            #expect(world.refusals == [.malformedHeader])
        }
        var (world, header) = try raced()
        for leafCount in [-1, Int.min, Int.max] {
            header.leafCount = leafCount
            world.submit(.blockReveal, reveal(header), by: world.leader)
        }
        try world.tick()
        #expect(
            world.refusals == [.malformedHeader, .malformedHeader, .malformedHeader])
    }

    @Test func `a body that does not execute is no reveal, and the leader is slashed`() throws {
        var (world, header) = try raced()
        world.revealVerdict = { _ in .refused("unbalanced") }
        let leader = world.leader.key
        try world.reveal(header)
        #expect(world.asked.count == 1)
        #expect(world.refusals == [.doesNotExecute("unbalanced")])
        // The commitment leaves the leader no other block: nobody executes it twice.
        world.submit(.blockReveal, reveal(header), by: world.leader)
        try world.tick()
        #expect(world.refusals == [.alreadyJudged] && world.asked.isEmpty)
        #expect(world.skips == [.noReveal(leader: leader)])
    }

    @Test func `the shell is asked once about a reveal that all cheaper rules admit`() throws {
        var (world, header) = try raced()
        let expected = BlockReveal(header: header, body: LedgerWorld.body(ofSlot: header.slot))
        try world.reveal(header)
        guard case .reveal(_, expected) = try #require(world.asked.first) else {
            Issue.record("\(world.asked)")
            return
        }
        #expect(world.asked.count == 1)
        world.submit(.blockReveal, reveal(header), by: LedgerWorld.sequencers[0])
        try world.tick()
        #expect(world.asked.isEmpty)
    }

    @Test func `an election must prove the leader's draw and name the block`() throws {
        var (world, header) = try raced()
        let leader = world.leader
        let other = LedgerWorld.sequencers.first { $0.key != leader.key }!
        let blockID = LedgerWorld.blockID(of: header)
        world.submit(.election, .election(world.election(of: blockID, by: other)), by: leader)
        world.submit(.blockReveal, reveal(header), by: leader)
        let wrong = BlockID(LedgerWorld.digest(3))
        world.submit(.election, .election(world.election(of: wrong, by: leader)), by: leader)
        world.submit(.election, .election(world.election(of: blockID, by: leader)), by: leader)
        world.submit(.election, .election(world.election(of: blockID, by: leader)), by: leader)
        try world.tick()
        #expect(
            world.refusals == [
                .invalidVRFProof, .wrongBlock(expected: blockID, found: wrong), .alreadyElected,
            ])
        #expect(world.ledger.slot?.elected != nil)
    }

    @Test func `an empty block is final at its reveal and pays no reward`() throws {
        var (world, header) = try raced(leafCount: 0)
        let before = world.ledger
        let opening = try #require(before.slot).openingHeight
        // Nobody is elected: the reveal alone is enough.
        world.submit(.blockReveal, reveal(header), by: world.leader)
        try world.tick()
        let final = try #require(world.ledger.finalBlocks.last)
        #expect(final.payouts.isEmpty && final.contributions == nil && final.submitter == nil)
        #expect(final.openingHeight == opening && final.height == final.revealHeight)
        #expect(world.ledger.minted == before.minted && world.ledger.burned == before.burned)
        #expect(world.ledger.parent.blockID == final.blockID)
        #expect(world.ledger.parent.stateRoot == before.parent.stateRoot)
        #expect(world.ledger.slot?.slot == Slot(1))
    }

    @Test func `a reveal after its phase is refused`() throws {
        var (world, header) = try raced()
        let leader = world.leader
        try world.tick()
        try world.tick()
        world.submit(.blockReveal, reveal(header), by: leader)
        try world.tick()
        #expect(world.refusals == [.wrongSlot(expected: Slot(1), found: Slot(0))])
    }
}
