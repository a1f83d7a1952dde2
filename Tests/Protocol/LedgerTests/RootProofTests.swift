import Cryptography
import Ledger
import Payments
import Primitives
import ProofSubmission
import ProverElection
import Sequencing
import TestSupport
import Testing

/// Which root proofs make a block final.
@Suite struct RootProofTests {
    func proving(leafCount: Int = 4) throws -> LedgerWorld {
        var world = try LedgerWorld()
        try world.reachProving(leafCount: leafCount)
        return world
    }

    /// The statement of an honest proof with one part changed.
    func lie(
        _ change: @escaping @Sendable (NodeStatement) -> NodeStatement
    ) -> @Sendable (RootProof, BlockHeader) -> RootProofVerdict {
        { .valid(change(LedgerWorld.statement(of: $0, header: $1))) }
    }

    func statement(
        _ old: NodeStatement, blockID: BlockID? = nil, range: LeafRange? = nil,
        stateBefore: FieldDigest? = nil, stateAfter: FieldDigest? = nil,
        paymentRoot: FieldDigest? = nil, contribution: FieldDigest? = nil, feeSum: Amount? = nil
    ) -> NodeStatement {
        NodeStatement(
            blockID: blockID ?? old.blockID, range: range ?? old.range,
            stateBefore: stateBefore ?? old.stateBefore, stateAfter: stateAfter ?? old.stateAfter,
            paymentRoot: paymentRoot ?? old.paymentRoot, proverID: old.proverID,
            contribution: contribution ?? old.contribution, feeSum: feeSum ?? old.feeSum,
            ownKey: old.ownKey)
    }

    @Test func `a proof that does not verify settles nothing`() throws {
        var world = try proving()
        world.rootProofVerdict = { _, _ in .invalid("query 3") }
        try world.prove(world.contributions())
        #expect(world.refusals == [.invalidProof("query 3")])
        #expect(world.ledger.finalBlocks.isEmpty && world.ledger.phase == .proving)
    }

    @Test func `the public inputs must be the header's`() throws {
        let wrong = LedgerWorld.digest(66)
        let changes: [@Sendable (NodeStatement) -> NodeStatement] = [
            { statement($0, blockID: BlockID(wrong)) },
            { statement($0, range: LeafRange(first: 1, count: 4)!) },
            { statement($0, range: LeafRange(first: 0, count: 3)!) },
            { statement($0, stateBefore: wrong) },
            { statement($0, stateAfter: wrong) },
            { statement($0, paymentRoot: wrong) },
            { statement($0, feeSum: Amount(units: 999)) },
        ]
        for change in changes {
            var world = try proving()
            world.rootProofVerdict = lie(change)
            try world.prove(world.contributions())
            #expect(world.refusals == [.wrongStatement])
        }
    }

    @Test func `the contributions must be the preimage of the proven contribution`() throws {
        var world = try proving()
        world.rootProofVerdict = lie { statement($0, contribution: LedgerWorld.digest(66)) }
        try world.prove(world.contributions())
        #expect(world.refusals == [.wrongContributionRoot])
    }

    @Test func `contributions that do not fit the block are refused unjudged`() throws {
        var world = try proving()
        let honest = world.contributions()
        let key = honest.merges[0]
        var torn = honest.leaves
        torn[1] = .init(
            prover: torn[1].prover, stateBefore: LedgerWorld.digest(1),
            stateAfter: torn[1].stateAfter)
        let malformed = [
            Contributions(leaves: [], merges: []),
            Contributions(leaves: Array(honest.leaves.dropLast()), merges: honest.merges),
            Contributions(leaves: honest.leaves, merges: honest.merges + [key]),
            Contributions(leaves: honest.leaves, merges: []),
            Contributions(leaves: honest.leaves.reversed(), merges: honest.merges),
            Contributions(leaves: torn, merges: honest.merges),
        ]
        for contributions in malformed {
            try world.prove(contributions)
            #expect(world.refusals == [.contributionsMalformed])
            #expect(world.asked.isEmpty)
        }
    }

    @Test func `a contributor must be the assigned prover or one of its helpers`() throws {
        var world = try proving()
        let target = LeafRange(first: 0, count: 1)!
        let stranger = LedgerWorld.stranger.key
        try world.prove(world.contributions { $0 == target ? stranger : $1 })
        #expect(world.refusals == [.contributorNotAllowed(target, stranger)])
        #expect(world.asked.isEmpty)
    }

    @Test func `a helper counts from the height at which its step opens`() throws {
        for node in [LeafRange(first: 0, count: 1)!, LeafRange(first: 2, count: 2)!] {
            var world = try proving()
            let elected = try #require(world.ledger.slot?.elected)
            let sibling = try #require(elected.assignment.sibling(of: node))
            let helped = world.contributions { $0 == node ? sibling : $1 }
            let opens = elected.ladder.height(ofStep: 1, on: node)
            while world.ledger.nextHeight.number < opens.number - 1 { try world.tick() }
            try world.prove(helped)
            #expect(world.refusals == [.contributorNotAllowed(node, sibling)])
            #expect(world.ledger.nextHeight == opens)
            try world.prove(helped)
            #expect(world.refusals.isEmpty && world.ledger.finalBlocks.count == 1)
        }
    }

    @Test func `the pool stands in where a prover and its sibling fail, each from its step on`()
        throws
    {
        var world = try proving()
        let elected = try #require(world.ledger.slot?.elected)
        let node = LeafRange(first: 0, count: 1)!
        let helper = try #require(elected.assignment.helpers(of: node).dropFirst(2).first)
        let helped = world.contributions { $0 == node ? helper : $1 }
        let opens = elected.ladder.height(ofStep: 3, on: node)
        while world.ledger.nextHeight.number < opens.number - 1 { try world.tick() }
        try world.prove(helped)
        #expect(world.refusals == [.contributorNotAllowed(node, helper)])
        try world.prove(helped)
        #expect(world.refusals.isEmpty && world.ledger.finalBlocks.count == 1)
        let block = try #require(world.ledger.finalBlocks.last)
        let assigned = elected.assignment.duties(of: helper).count
        let paid = block.payouts.filter { $0.key == helper && $0.role == .prover }
        #expect(paid.map(\.units).reduce(0, +) == assigned, "not for the node it helped with")
    }

    @Test func `a key's root proofs are not verified for ever`() throws {
        var world = try proving()
        world.rootProofVerdict = { _, _ in .invalid("no") }
        for attempt in 0..<LedgerParameters.maximumFailedRootProofs + 2 {
            try world.prove(world.contributions())
            let isLookedAt = attempt < LedgerParameters.maximumFailedRootProofs
            #expect(world.asked.count == (isLookedAt ? 1 : 0))
            #expect(world.refusals == [isLookedAt ? .invalidProof("no") : .tooManyFailedProofs])
        }
        world.rootProofVerdict = { .valid(LedgerWorld.statement(of: $0, header: $1)) }
        let proof = world.rootProof(world.contributions())
        world.submit(.rootProof, .rootProof(proof), by: LedgerWorld.provers[0])
        try world.tick()
        #expect(world.ledger.finalBlockCount == 1)
    }

    @Test func `in a one-leaf block, which has no sibling, the pool stands in from step one`()
        throws
    {
        var world = try proving(leafCount: 1)
        let elected = try #require(world.ledger.slot?.elected)
        let node = LeafRange(first: 0, count: 1)!
        #expect(elected.assignment.sibling(of: node) == nil)
        let helper = try #require(elected.assignment.helpers(of: node).first)
        let opens = elected.ladder.height(ofStep: 1, on: node)
        while world.ledger.nextHeight.number < opens.number - 1 { try world.tick() }
        let helped = world.contributions { _, _ in helper }
        try world.prove(helped)
        #expect(world.refusals == [.contributorNotAllowed(node, helper)])
        try world.prove(helped)
        #expect(world.ledger.finalBlocks.last?.mergeCount == 0)
    }

    @Test func `a root proof of another slot or block is refused`() throws {
        var world = try proving()
        let honest = world.rootProof(world.contributions())
        let wrong = BlockID(LedgerWorld.digest(5))
        let other = RootProof(
            slot: Slot(1), blockID: honest.blockID, proof: [],
            contributions: honest.contributions)
        let stray = RootProof(
            slot: Slot(0), blockID: wrong, proof: [], contributions: honest.contributions)
        world.submit(.rootProof, .rootProof(other), by: LedgerWorld.faucet)
        world.submit(.rootProof, .rootProof(stray), by: LedgerWorld.faucet)
        try world.tick()
        #expect(
            world.refusals == [
                .wrongSlot(expected: Slot(0), found: Slot(1)),
                .wrongBlock(expected: honest.blockID, found: wrong),
            ])
    }

    @Test func `a root proof in the height of the reveal is too early`() throws {
        var world = try LedgerWorld()
        try world.tick(until: .propose)
        let header = world.header(leafCount: 1)
        try world.race(header)
        let leader = world.leader
        let blockID = LedgerWorld.blockID(of: header)
        let reveal = BlockReveal(header: header, body: LedgerWorld.body(ofSlot: Slot(0)))
        let leaf = Contributions.Leaf(
            prover: LedgerWorld.provers[0].key, stateBefore: header.stateBefore,
            stateAfter: header.stateAfter)
        let proof = RootProof(
            slot: Slot(0), blockID: blockID, proof: [],
            contributions: Contributions(leaves: [leaf], merges: []))
        world.submit(.blockReveal, .blockReveal(reveal), by: leader)
        world.submit(.election, .election(world.election(of: blockID, by: leader)), by: leader)
        world.submit(.rootProof, .rootProof(proof), by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.wrongPhase])
        #expect(world.ledger.phase == .proving)
    }

    @Test func `the first valid root proof settles the slot, each duty once`() throws {
        var world = try proving()
        let proof = LedgerBody.rootProof(world.rootProof(world.contributions()))
        world.submit(.rootProof, proof, by: LedgerWorld.faucet)
        world.submit(.rootProof, proof, by: LedgerWorld.provers[0])
        try world.tick()
        #expect(world.asked.count == 2)
        #expect(world.refusals == [.noOpenSlot])
        #expect(world.ledger.finalBlockCount == 1)
        #expect(world.ledger.finalBlocks.last?.submitter == LedgerWorld.faucet.key)
        world.submit(.rootProof, proof, by: LedgerWorld.faucet)
        try world.tick()
        #expect(world.refusals == [.wrongSlot(expected: Slot(1), found: Slot(0))])
    }

    @Test func `proof commitments are taken from the assigned prover and its helpers`() throws {
        var world = try proving()
        let assignment = try #require(world.ledger.slot?.elected?.assignment)
        let node = LeafRange(first: 0, count: 2)!
        let elected = LedgerWorld.find(try #require(assignment.prover(of: node)))
        let sibling = LedgerWorld.find(try #require(assignment.sibling(of: node)))
        let outsider = LedgerWorld.faucet
        let commitment = ProofCommitment(slot: Slot(0), range: node, commitment: .zero)
        let height = world.ledger.nextHeight
        for prover in [elected, sibling, outsider] {
            world.submit(.proofCommitment, .proofCommitment(commitment), by: prover)
        }
        let nowhere = LeafRange(first: 1, count: 2)!
        let stray = ProofCommitment(slot: Slot(0), range: nowhere, commitment: .zero)
        world.submit(.proofCommitment, .proofCommitment(stray), by: elected)
        world.submit(.proofCommitment, .proofCommitment(commitment), by: elected)
        try world.tick()
        #expect(
            world.refusals == [.notAssigned(node), .notANode(nowhere), .alreadyCommitted])
        let entries = try #require(world.ledger.slot?.proofCommitments.entries)
        #expect(entries.map(\.prover) == [elected.key, sibling.key])
        #expect(entries.map(\.height) == [height, height])
    }
}
