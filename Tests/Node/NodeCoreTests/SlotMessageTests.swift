import Cryptography
import Ledger
import NodeCore
import Primitives
import Sequencing
import Testing

/// What proposals, the leader's header and election, and intents must show before they are passed on.
@Suite struct SlotMessageTests {
    private typealias World = NodeWorld

    private func world(in phase: FernetPhaseName) throws -> NodeWorld {
        var world = try NodeWorld()
        switch phase {
        case .propose: try world.reach(.propose)
        case .open: try world.reach(.open)
        case .reveal: try world.reach(.reveal)
        }
        return world
    }

    enum FernetPhaseName { case propose, open, reveal }

    @Test func `an announcement that names us as the server of another's proof is not passed on`()
        throws
    {
        var world = try world(in: .propose)
        let slot = try world.slot.slot
        let prover = World.provers[0]
        for (server, expected) in [
            ([UInt8(9)], NodeWorld.Outcome.ignored(.namesUsAsServer)), ([8], .held),
        ] {
            let announcement = ProofAnnouncement(
                slot: slot, range: try #require(LeafRange(first: 0, count: 1)), proofHash: .zero,
                byteCount: 10, server: server)
            let outcome = world.hear(.proofAnnouncement(announcement), by: prover)
            #expect(outcome == expected)
        }
    }

    // MARK: Proposals

    @Test func `a proposal of an admitted sequencer is passed on, one of each key`() throws {
        var world = try world(in: .open)
        for sequencer in World.sequencers {
            let first = world.hear(.proposal(try world.proposal(by: sequencer)), by: sequencer)
            #expect(first == .passedOn)
            let other = try world.proposal(by: sequencer, feeShare: 6_000)
            let second = world.hear(.proposal(other), by: sequencer)
            #expect(second == .ignored(.duplicate))
        }
    }

    @Test func `a proposal is ignored outside the open phase, but for one block's head start`()
        throws
    {
        var early = try world(in: .propose)
        let sequencer = World.sequencers[0]
        let proposal = GossipMessage.proposal(try early.proposal(by: sequencer))
        let tooEarly = early.hear(proposal, by: sequencer)
        #expect(tooEarly == .ignored(.wrongPhase))
        var next = try world(in: .propose)
        for operatorOf in World.sequencers {
            next.submit(
                .fernetCommit(
                    FernetCommit(slot: try next.slot.slot, proposalHash: .zero)),
                by: operatorOf)
        }
        try next.tick()
        try next.tick()
        try #require(next.machine.ledger.phase == .propose)
        let headStart = next.hear(proposal, by: sequencer)
        #expect(headStart == .passedOn)
        var late = try world(in: .reveal)
        let tooLate = late.hear(.proposal(try late.proposal(by: sequencer)), by: sequencer)
        #expect(tooLate == .ignored(.wrongPhase))
    }

    @Test func `a proposal of another slot, key or parent is ignored`() throws {
        var world = try world(in: .open)
        let sequencer = World.sequencers[0]
        let next = try world.proposal(
            by: sequencer, slot: try world.slot.slot.advanced(by: 1))
        #expect(world.hear(.proposal(next), by: sequencer) == .ignored(.futureSlot))
        for author in [World.stranger, World.provers[0]] {
            let proposal = try world.proposal(by: author)
            #expect(world.hear(.proposal(proposal), by: author) == .ignored(.notAdmitted))
        }
        let parent = try world.proposal(by: sequencer, parent: try world.blockID())
        #expect(world.hear(.proposal(parent), by: sequencer) == .ignored(.otherBlock))
    }

    @Test func `a proposal with another key's claim is rejected`() throws {
        var world = try world(in: .open)
        let stolen = try world.proposal(
            by: World.sequencers[0], claimant: World.sequencers[1])
        #expect(
            world.hear(.proposal(stolen), by: World.sequencers[0]) == .rejected(.badVRFProof))
    }

    @Test func `a forged signature is rejected`() throws {
        var world = try world(in: .open)
        let proposal = GossipMessage.proposal(try world.proposal(by: World.sequencers[0]))
        let forged = world.hear(
            proposal, by: World.sequencers[0], forger: World.sequencers[1])
        #expect(forged == .rejected(.badSignature))
    }

    // MARK: The leader's block

    @Test func `the leader's header and election are passed on once`() throws {
        var world = try world(in: .reveal)
        let leader = try world.leader
        #expect(world.hear(.blockHeader(try world.header()), by: leader) == .passedOn)
        let election = try world.election(of: try world.blockID(), by: leader)
        #expect(world.hear(.election(election), by: leader) == .passedOn)
        var header = try world.header()
        header.round = 1
        #expect(world.hear(.blockHeader(header), by: leader) == .ignored(.duplicate))
        let other = try world.election(of: BlockID(.zero), by: leader)
        #expect(world.hear(.election(other), by: leader) == .ignored(.duplicate))
    }

    @Test func `header and election are ignored of anybody but the leader`() throws {
        var world = try world(in: .reveal)
        let follower = try world.follower
        let header = GossipMessage.blockHeader(try world.header())
        #expect(world.hear(header, by: follower) == .ignored(.notLeader))
        #expect(world.hear(header, by: World.stranger) == .ignored(.notAdmitted))
        let election = try world.election(of: try world.blockID(), by: follower)
        #expect(world.hear(.election(election), by: follower) == .ignored(.notLeader))
    }

    @Test func `before a leader is known its header is ignored`() throws {
        var world = try world(in: .open)
        let header = GossipMessage.blockHeader(try world.header())
        #expect(world.hear(header, by: World.sequencers[0]) == .ignored(.wrongPhase))
    }

    @Test func `a header that the proposal does not commit to is rejected`() throws {
        var world = try world(in: .reveal)
        var header = try world.header()
        header.feeSum = Amount(units: 1)
        #expect(
            world.hear(.blockHeader(header), by: try world.leader) == .rejected(.otherBlock))
    }

    @Test func `an election with another key's proof is rejected, of another block ignored`()
        throws
    {
        var world = try world(in: .reveal)
        let leader = try world.leader
        let stolen = try world.election(of: try world.blockID(), by: try world.follower)
        #expect(world.hear(.election(stolen), by: leader) == .rejected(.badVRFProof))
        #expect(world.hear(.blockHeader(try world.header()), by: leader) == .passedOn)
        let other = try world.election(of: BlockID(.zero), by: leader)
        #expect(world.hear(.election(other), by: leader) == .ignored(.otherBlock))
    }

    // MARK: Intents

    private func intent(
        _ sequence: UInt64, first: UInt64 = 0, last: UInt64 = 10, capacity: UInt64 = 1
    ) -> GossipMessage {
        .intent(
            Intent(
                sequence: sequence, firstSlot: Slot(first), lastSlot: Slot(last),
                capacity: capacity, minFeePerUnit: .zero))
    }

    @Test func `an intent needs a sequence above what ledger and gossip hold`() throws {
        var world = try world(in: .propose)
        let prover = World.provers[0]
        // The ledger holds 3.
        let heard = [3, 5, 4].map { world.hear(intent($0), by: prover) }
        #expect(heard == [.ignored(.oldSequence), .passedOn, .ignored(.oldSequence)])
        #expect(world.hear(intent(5, last: 11), by: prover) == .ignored(.oldSequence))
        #expect(world.hear(intent(4), by: World.provers[1]) == .passedOn)
    }

    @Test func `an intent is ignored of others than admitted provers and for slots out of range`()
        throws
    {
        var world = try world(in: .propose)
        let open = try world.slot.slot.number
        let furthest = open + LedgerParameters.maximumIntentSlotsAhead
        for author in [World.stranger, World.sequencers[0]] {
            #expect(world.hear(intent(4), by: author) == .ignored(.notAdmitted))
        }
        let prover = World.provers[0]
        #expect(world.hear(intent(4, last: furthest + 1), by: prover) == .ignored(.futureSlot))
        #expect(world.hear(intent(4, last: furthest), by: prover) == .passedOn)
        while try world.slot.slot.number == open { try world.tick() }
        #expect(world.hear(intent(5, last: open), by: prover) == .ignored(.staleSlot))
    }

    @Test func `an intent for no slot or no leaf is rejected`() throws {
        var world = try world(in: .propose)
        let prover = World.provers[0]
        #expect(
            world.hear(intent(4, first: 5, last: 4), by: prover) == .rejected(.malformedIntent))
        #expect(
            world.hear(intent(4, capacity: 0), by: prover) == .rejected(.malformedIntent))
    }

    @Test func `few intents of one prover are passed on during one slot`() throws {
        var world = try world(in: .propose)
        let prover = World.provers[0]
        let bound = UInt64(NodeParameters.maximumIntentsPerSlot)
        let heard = (0...bound).map { world.hear(intent(10 + $0), by: prover) }
        #expect(
            heard == Array(repeating: .passedOn, count: Int(bound)) + [.ignored(.tooManyIntents)])
        let slot = try world.slot.slot
        while try world.slot.slot == slot { try world.tick() }
        #expect(world.hear(intent(20), by: prover) == .passedOn)
    }
}
