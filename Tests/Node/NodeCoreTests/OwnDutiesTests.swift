import Ledger
import NodeCore
import Primitives
import ProverElection
import Sequencing
import TestSupport
import Testing

@Suite struct OwnDutiesTests {
    private func stage(_ world: NodeWorld) -> SequencingStanding.Stage? {
        world.machine.duties.sequencing?.stage
    }

    @Test func `a sequencer's stage follows the log, with the height at which each is due`() throws
    {
        var world = try NodeWorld(roles: .sequencer, owner: NodeWorld.sequencers[0])
        try world.reach(.propose)
        let phases = try world.slot.phases
        let standing = try #require(world.machine.duties.sequencing)
        #expect(standing.stage == .mustSeal)
        #expect(standing.dueHeight == phases.proposeHeights.upperBound)
        try world.reach(.open)
        #expect(stage(world) == .mustOpen)
        #expect(
            world.machine.duties.sequencing?.dueHeight == phases.openHeights.upperBound)
        world.submit(
            .fernetProposal(try world.proposal(by: NodeWorld.sequencers[0])),
            by: NodeWorld.sequencers[0])
        try world.tick()
        #expect(stage(world) == .opened)
        #expect(world.machine.duties.sequencing?.dueHeight == nil)
    }

    @Test func `the leader owes a block, the others nothing`() throws {
        for sequencer in NodeWorld.sequencers {
            var world = try NodeWorld(roles: .sequencer, owner: sequencer)
            try world.reach(.reveal)
            let leads = try world.leader.key == sequencer.key
            #expect(stage(world) == (leads ? .mustReveal : .follows))
            let last = try world.slot.phases.revealHeights.upperBound
            #expect(world.machine.duties.sequencing?.dueHeight == (leads ? last : nil))
        }
    }

    @Test func `who sealed nothing missed the slot, and an observer has no duties`() throws {
        var world = try NodeWorld(roles: .sequencer, owner: NodeWorld.sequencers[0])
        try world.reach(.propose)
        let other = NodeWorld.sequencers[1]
        world.submit(
            .fernetCommit(
                FernetCommit(slot: try world.slot.slot, proposalHash: TestOperator.digest(1))),
            by: other)
        while world.machine.ledger.phase == .propose { try world.tick() }
        #expect(stage(world) == .missed)
        let observer = try NodeWorld()
        #expect(observer.machine.duties.sequencing == nil)
        #expect(observer.machine.duties.proving.isEmpty)
    }

    @Test func `a prover sees each of its nodes from waiting to announced, and when it is late`()
        throws
    {
        let fixture = try ProvingFixture()
        let leaf = fixture.leaves[0]
        let key = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: key)
        func standing(of node: LeafRange) throws -> ProvingStanding {
            try #require(duty.standings.first { $0.range == node })
        }
        #expect(duty.standings.map(\.range) == fixture.assignment.duties(of: key))
        #expect(try standing(of: leaf).state == .waiting)
        let start = ProvingFixture.revealed.advanced(by: 1)
        let steps = duty.advanced(to: start)
        #expect(try standing(of: leaf).state == .proving)
        #expect(try standing(of: leaf).startedAt == start)
        let due = fixture.ladder.dueHeight(of: leaf)
        #expect(try standing(of: leaf).dueHeight == due)
        _ = duty.advanced(to: due)
        #expect(try !standing(of: leaf).isLate)
        #expect(try standing(of: leaf).openStep == 0)
        _ = duty.advanced(to: fixture.ladder.height(ofStep: 1, on: leaf))
        #expect(try standing(of: leaf).isLate)
        #expect(try standing(of: leaf).openStep == 1)
        for case .prove(let task) in steps where task.range == leaf {
            _ = duty.proven(
                task, ProvenProof(hash: TestOperator.digest(1), byteCount: 9))
        }
        #expect(try standing(of: leaf).state == .announced)
        #expect(try !standing(of: leaf).isLate)
    }

    @Test func `a helper sees whom it stands in for, and one that only watches sees nothing`()
        throws
    {
        let fixture = try ProvingFixture()
        let leaf = fixture.leaves[0]
        let elected = try fixture.prover(of: leaf)
        let sibling = try fixture.sibling(of: leaf)
        var duty = fixture.duty(of: sibling)
        #expect(!duty.standings.contains { $0.range == leaf })
        _ = duty.advanced(to: fixture.ladder.dueHeight(of: leaf))
        let standing = try #require(duty.standings.first { $0.range == leaf })
        #expect(standing.isHelper)
        #expect(standing.elected == elected)
        #expect(standing.state == .proving)
        #expect(fixture.duty(of: elected, takesPart: false).standings.isEmpty)
    }
}
