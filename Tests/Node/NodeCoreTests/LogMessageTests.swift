import Cryptography
import Ledger
import NodeCore
import Primitives
import Sequencing
import TestSupport
import Testing

/// What evidence, log headers, ledger roots and proof messages must show before they are passed on.
@Suite struct LogMessageTests {
    private typealias World = NodeWorld

    private func world() throws -> NodeWorld {
        var world = try NodeWorld()
        try world.reach(.open)
        return world
    }

    // MARK: Evidence

    private func proposal(
        _ feeShare: UInt64, in world: NodeWorld, slot: Slot? = nil,
        networkID: NetworkID = NodeWorld.networkID, claimant: TestOperator? = nil
    ) throws -> LedgerTransaction {
        let proposal = try world.proposal(
            by: World.sequencers[0], slot: slot, feeShare: feeShare, claimant: claimant)
        return World.transaction(
            .fernetProposal(proposal), by: World.sequencers[0], networkID: networkID)
    }

    private func evidence(
        _ first: LedgerTransaction, _ second: LedgerTransaction
    ) -> GossipMessage {
        .evidence(Evidence(first: first, second: second))
    }

    @Test func `evidence of two different proposals is passed on, from anybody`() throws {
        var world = try world()
        let message = evidence(try proposal(1, in: world), try proposal(2, in: world))
        #expect(world.hear(message, by: World.stranger) == .passedOn)
    }

    @Test func `evidence that does not verify itself is rejected`() throws {
        let world = try world()
        let first = try proposal(1, in: world)
        let second = try proposal(2, in: world)
        let foreign = try proposal(2, in: world, networkID: NetworkID(genesisNonce: [99]))
        let unsigned = LedgerTransaction(
            networkID: second.networkID, key: second.key, nonce: second.nonce,
            kind: second.kind, bodyBytes: second.bodyBytes, signature: first.signature,
            body: second.body)
        let anotherKeys = World.transaction(
            .fernetProposal(try world.proposal(by: World.sequencers[1])),
            by: World.sequencers[1])
        let sameWithOtherClaim = try proposal(1, in: world, claimant: World.sequencers[1])
        let otherSlot = try proposal(2, in: world, slot: Slot(7))
        let otherKind = World.transaction(
            .blockReveal(BlockReveal(header: try world.header(), body: [])),
            by: World.sequencers[0])
        let noDuty = World.transaction(
            .transfer(Transfer(recipient: World.stranger.key, amount: Amount(units: 1))),
            by: World.sequencers[0])
        for statement in [
            first, foreign, unsigned, anotherKeys, sameWithOtherClaim, otherSlot, otherKind, noDuty,
        ] {
            var fresh = world
            let heard = fresh.hear(evidence(first, statement), by: World.stranger)
            #expect(heard == .rejected(.badEvidence))
        }
    }

    @Test func `evidence against a key without stake is ignored`() throws {
        var world = try world()
        let proposals = try [1, 2].map {
            World.transaction(
                .fernetProposal(try world.proposal(by: World.stranger, feeShare: $0)),
                by: World.stranger)
        }
        let heard = world.hear(evidence(proposals[0], proposals[1]), by: World.provers[0])
        #expect(heard == .ignored(.nothingAtStake))
    }

    @Test func `evidence of a slot that is not open yet is ignored`() throws {
        var world = try world()
        let message = evidence(
            try proposal(1, in: world, slot: Slot(50)),
            try proposal(2, in: world, slot: Slot(50)))
        #expect(world.hear(message, by: World.stranger) == .ignored(.futureSlot))
    }

    @Test func `little evidence against one key is passed on during one slot`() throws {
        var world = try world()
        try #require(NodeParameters.maximumEvidencePerSlot == 2)
        let first = try proposal(1, in: world)
        let second = evidence(first, try proposal(2, in: world))
        let third = evidence(first, try proposal(3, in: world))
        let fourth = evidence(first, try proposal(4, in: world))
        #expect(world.hear(second, by: World.stranger) == .passedOn)
        #expect(world.hear(third, by: World.stranger) == .passedOn)
        #expect(world.hear(fourth, by: World.stranger) == .ignored(.tooMuchEvidence))
    }

    // MARK: Log headers

    private func logHeader(
        at height: Height, time: UInt64 = 0, signer: TestOperator = NodeWorld.authority
    ) -> GossipMessage {
        let header = LogHeader(
            height: height, timeMilliseconds: time, previousHash: .zero, transactionsHash: .zero)
        return .logHeader(World.signed(header, by: signer))
    }

    @Test func `a log header is passed on from the authority only, once of a height`() throws {
        var world = try world()
        let next = world.machine.ledger.nextHeight
        #expect(
            world.hear(logHeader(at: next), by: World.sequencers[0]) == .rejected(.notAuthority))
        let forged = world.hear(
            logHeader(at: next, signer: World.stranger), by: World.authority)
        #expect(forged == .rejected(.badSignature))
        #expect(world.hear(logHeader(at: next), by: World.authority) == .passedOn)
        let again = world.hear(logHeader(at: next, time: 1), by: World.authority)
        #expect(again == .ignored(.duplicate))
    }

    @Test func `a log header that is known or far ahead is ignored`() throws {
        var world = try world()
        let head = Height(world.machine.ledger.nextHeight.number - 1)
        let known = GossipMessage.logHeader(
            World.signed(try #require(world.lastHeader), by: World.authority))
        #expect(world.hear(known, by: World.authority) == .ignored(.staleHeight))
        let furthest = head.advanced(by: NodeParameters.maximumHeightsAhead)
        let further = furthest.advanced(by: 1)
        #expect(
            world.hear(logHeader(at: further), by: World.authority) == .ignored(.futureHeight))
        #expect(world.hear(logHeader(at: furthest), by: World.authority) == .passedOn)
    }

    @Test func `two signed blocks of one height: the node stops and alarms`() throws {
        var world = try world()
        let folded = try #require(world.lastHeader)
        // A forged one is the sender's fault and nothing else.
        let forged = logHeader(at: folded.height, time: 9, signer: World.stranger)
        #expect(world.hear(forged, by: World.provers[0]) == .rejected(.badSignature))
        #expect(world.machine.haltReason == nil)
        // Whoever shows a true one is heard, and the next one shall hear of it too.
        let other = logHeader(at: folded.height, time: 9)
        #expect(world.hear(other, by: World.stranger) == .passedOn)
        let reason = try #require(world.machine.haltReason)
        #expect(reason.contains("two different blocks of height \(folded.height)"))
    }

    @Test
    func `a log that says it is far ahead keeps a node from its duties only until it says less`() {
        var follower = LogFollower()
        follower.heard(Height(.max))
        #expect(!follower.isLive)
        follower.heard(Height(1))
        #expect(follower.isLive)
    }

    // MARK: Ledger roots

    private func root(_ number: Int, at height: UInt64) -> GossipMessage {
        .ledgerRoot(
            LedgerRootStatement(
                height: Height(height), ledgerRoot: TestOperator.digest(number)))
    }

    @Test func `a ledger root is passed on of each admitted key, once of a height`() throws {
        var world = try world()
        let interval = NodeParameters.ledgerRootInterval
        #expect(world.hear(root(1, at: interval), by: World.stranger) == .ignored(.notAdmitted))
        #expect(world.hear(root(1, at: interval), by: World.provers[0]) == .passedOn)
        let again = world.hear(root(2, at: interval), by: World.provers[0])
        #expect(again == .ignored(.duplicate))
    }

    @Test func `a ledger root of a height that is never stated or far ahead is ignored`() throws {
        var world = try world()
        let prover = World.provers[0]
        #expect(world.hear(root(1, at: 1), by: prover) == .ignored(.staleHeight))
        #expect(world.hear(root(1, at: 4_000), by: prover) == .ignored(.futureHeight))
    }

    @Test func `a node that most of the stake contradicts halts`() throws {
        var world = try world()
        try world.tick()
        try #require(world.machine.ledger.nextHeight > Height(4))
        let authors = World.provers + World.sequencers
        for author in authors.prefix(2) { _ = world.hear(root(1, at: 4), by: author) }
        #expect(world.machine.haltReason == nil)
        _ = world.hear(root(1, at: 4), by: authors[2])
        #expect(world.machine.haltReason != nil)
    }

    @Test func `a node halts when it folds a height that most of the stake sees otherwise`()
        throws
    {
        var world = try NodeWorld()
        try world.reach(.propose)
        try #require(world.machine.ledger.nextHeight <= Height(4))
        for author in World.provers + [World.sequencers[0]] {
            let heard = world.hear(root(1, at: 4), by: author)
            #expect(heard == .passedOn)
        }
        #expect(throws: World.Halted.self) { for _ in 0..<6 { try world.tick() } }
        #expect(world.machine.haltReason?.contains("height 4") == true)
    }

    // MARK: Proof messages

    @Test func `a proof message is held for this slot or the next and for provers only`() throws {
        var world = try world()
        let slot = try world.slot.slot
        let range = try #require(LeafRange(first: 0, count: 1))
        func commitment(_ slot: Slot, _ number: Int) -> GossipMessage {
            .proofCommitment(
                ProofCommitment(
                    slot: slot, range: range, commitment: TestOperator.digest(number)))
        }
        let prover = World.provers[0]
        #expect(world.hear(commitment(slot, 1), by: prover) == .held)
        #expect(world.hear(commitment(slot.advanced(by: 1), 2), by: prover) == .held)
        #expect(
            world.hear(commitment(slot.advanced(by: 2), 3), by: prover) == .ignored(.futureSlot))
        #expect(
            world.hear(commitment(slot, 4), by: World.stranger) == .ignored(.notAdmitted))
    }
}
