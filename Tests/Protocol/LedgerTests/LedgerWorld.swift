import Cryptography
import Ledger
import Payments
import Primitives
import ProofTree
import ProverElection
import Sequencing
import TestSupport
import Testing
import VRF

/// A log of one, its ledger, and a shell that answers judgements as the test says.
struct LedgerWorld {
    static let networkID = NetworkID(genesisNonce: [7])
    static let ide = Amount.unitsPerIDE
    static let faucet = TestOperator("faucet")
    static let stranger = TestOperator("stranger")
    static let sequencers = ["s0", "s1", "s2"].map(TestOperator.init)
    static let provers = ["p0", "p1", "p2", "p3"].map(TestOperator.init)
    static let everybody = [faucet, stranger] + sequencers + provers

    var ledger: LedgerState
    var revealVerdict: @Sendable (BlockReveal) -> RevealVerdict = { _ in .executes }
    var rootProofVerdict: @Sendable (RootProof, BlockHeader) -> RootProofVerdict = {
        .valid(Self.statement(of: $0, header: $1))
    }
    /// What the ledger asked for in the last block.
    var asked: [Judgement] = []
    var events: [LedgerEvent] = []
    private var pending: [LedgerTransaction] = []

    init(
        _ change: (inout TestRules) -> Void = { _ in },
        genesis genesisChange: (inout TestGenesis) -> Void = { _ in }
    ) throws {
        var rules = TestRules()
        change(&rules)
        var genesis = TestGenesis()
        genesisChange(&genesis)
        ledger = try LedgerState(genesis: genesis.genesis, rules: rules.rules())
    }

    static func find(_ key: OperatorKey) -> TestOperator {
        guard let found = everybody.first(where: { $0.key == key }) else {
            preconditionFailure("nobody has the key \(key)")
        }
        return found
    }

    // MARK: Transactions

    /// Signs with the key's next nonce, as far as `pending` and the ledger know it.
    func signed(
        _ kind: TransactionKind, _ body: LedgerBody?, by sender: TestOperator,
        nonce: UInt64? = nil, networkID: NetworkID = LedgerWorld.networkID
    ) -> LedgerTransaction {
        let waiting = pending.filter { $0.key == sender.key }.count
        let nonce = nonce ?? ledger.nonce(of: sender.key) + UInt64(waiting) + 1
        return Self.signed(kind, body, by: sender, nonce: nonce, networkID: networkID)
    }

    static func signed(
        _ kind: TransactionKind, _ body: LedgerBody?, by sender: TestOperator, nonce: UInt64,
        networkID: NetworkID = LedgerWorld.networkID
    ) -> LedgerTransaction {
        let bytes = encoded(body)
        let signature = sender.signing.sign(
            LedgerTransaction.signedBytes(
                networkID: networkID, key: sender.key, nonce: nonce, kind: kind,
                bodyBytes: bytes))
        return LedgerTransaction(
            networkID: networkID, key: sender.key, nonce: nonce, kind: kind, bodyBytes: bytes,
            signature: signature, body: body)
    }

    /// Any injective encoding will do: the ledger never decodes.
    static func encoded(_ body: LedgerBody?) -> [UInt8] { Array("\(body as Any)".utf8) }

    mutating func submit(_ kind: TransactionKind, _ body: LedgerBody?, by sender: TestOperator) {
        pending.append(signed(kind, body, by: sender))
    }

    /// Applies what was submitted, and `more`, as the next log block.
    @discardableResult
    mutating func tick(_ more: [LedgerTransaction] = []) throws -> [LedgerEvent] {
        let block = self.block(of: pending + more)
        pending = []
        asked = ledger.judgements(neededFor: block)
        events = try ledger.apply(block, verdicts: answers(to: asked))
        return events
    }

    mutating func tick(until phase: FernetPhase) throws {
        for _ in 0..<200 where ledger.phase != phase { try tick() }
        try #require(ledger.phase == phase)
    }

    func block(of transactions: [LedgerTransaction]) -> LogBlock {
        let header = LogHeader(
            height: ledger.nextHeight, timeMilliseconds: 0, previousHash: ledger.previousHash,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        let signature = Signature([UInt8](repeating: 0, count: 64))!
        return LogBlock(
            header: SignedLogHeader(header: header, signature: signature),
            transactions: transactions)
    }

    func answers(to judgements: [Judgement]) -> LedgerVerdicts {
        var verdicts = LedgerVerdicts.none
        for judgement in judgements {
            switch judgement {
            case .reveal(let id, let reveal):
                verdicts.reveals[id] = revealVerdict(reveal)
            case .rootProof(let id, let rootProof, let header):
                verdicts.rootProofs[id] = rootProofVerdict(rootProof, header)
            }
        }
        return verdicts
    }
}

/// The protocol's moves.
extension LedgerWorld {
    static func digest(_ number: UInt64) -> FieldDigest {
        FieldDigest(elements: [number, 1, 2, 3])!
    }

    static func body(ofSlot slot: Slot) -> [UInt8] { Array("payments of \(slot)".utf8) }

    /// A block that builds on what is final.
    func header(
        leafCount: Int = 4, feeSum: Amount = Amount(units: 1_000),
        _ change: (inout BlockHeader) -> Void = { _ in }
    ) -> BlockHeader {
        let slot = ledger.slot?.slot ?? Slot(0)
        let isEmpty = leafCount == 0
        let after = isEmpty ? ledger.parent.stateRoot : Self.digest(1_000 + slot.number)
        var header = BlockHeader(
            slot: slot, round: 0, parent: ledger.parent.blockID,
            stateBefore: ledger.parent.stateRoot, stateAfter: after,
            paymentRoot: Self.digest(5), leafCount: leafCount,
            feeSum: isEmpty ? .zero : feeSum,
            bodyHash: BlockHeader.bodyHash(ofEncodedBody: Self.body(ofSlot: slot)))
        change(&header)
        return header
    }

    func proposal(
        of header: BlockHeader, by sequencer: TestOperator, feeShare: UInt64 = 9_000
    ) -> FernetProposal {
        let slot = ledger.slot!
        let input = FernetElection.vrfInput(
            networkID: Self.networkID, slot: slot.slot, beacon: slot.beacon)
        return FernetProposal(
            slot: slot.slot, parent: header.parent, blockCommitment: header.commitment,
            feeShare: BasisPoints(feeShare)!, vrfProof: sequencer.vrf.prove(input).proof)
    }

    func seal(of proposal: FernetProposal, by sequencer: TestOperator) -> FernetCommit {
        FernetCommit(
            slot: proposal.slot,
            proposalHash: FernetProposal.sealingHash(
                networkID: Self.networkID, key: sequencer.key,
                bodyBytes: Self.encoded(.fernetProposal(proposal))))
    }

    func election(of blockID: BlockID, by sequencer: TestOperator) -> Election {
        let slot = ledger.slot!
        let input = TreeElection.vrfInput(
            networkID: Self.networkID, slot: slot.slot, beacon: slot.beacon)
        return Election(
            slot: slot.slot, blockID: blockID, vrfProof: sequencer.vrf.prove(input).proof)
    }

    static func blockID(of header: BlockHeader) -> BlockID {
        BlockIdentity.blockID(of: header, networkID: networkID)
    }

    /// Seals and opens proposals of the same block by `sequencers`, up to the reveal phase.
    mutating func race(
        _ header: BlockHeader, _ sequencers: [TestOperator] = LedgerWorld.sequencers,
        feeShare: UInt64 = 9_000
    ) throws {
        try tick(until: .propose)
        let proposals = sequencers.map { ($0, proposal(of: header, by: $0, feeShare: feeShare)) }
        for (sequencer, proposal) in proposals {
            submit(.fernetCommit, .fernetCommit(seal(of: proposal, by: sequencer)), by: sequencer)
        }
        try tick(until: .open)
        for (sequencer, proposal) in proposals {
            submit(.fernetProposal, .fernetProposal(proposal), by: sequencer)
        }
        try tick(until: .reveal)
    }

    var leader: TestOperator { Self.find(ledger.slot!.leader!) }

    /// The leader reveals `header` and elects provers.
    mutating func reveal(_ header: BlockHeader) throws {
        let leader = self.leader
        submit(
            .blockReveal,
            .blockReveal(BlockReveal(header: header, body: Self.body(ofSlot: header.slot))),
            by: leader)
        submit(
            .election, .election(election(of: Self.blockID(of: header), by: leader)), by: leader)
        try tick()
    }

    /// From an open slot to the proving phase.
    @discardableResult
    mutating func reachProving(
        leafCount: Int = 4, feeShare: UInt64 = 9_000, feeSum: Amount = Amount(units: 1_000)
    ) throws -> BlockHeader {
        try tick(until: .propose)
        let header = self.header(leafCount: leafCount, feeSum: feeSum)
        try race(header, feeShare: feeShare)
        try reveal(header)
        return header
    }

    /// Who proved what, as assigned unless `replace` says otherwise.
    func contributions(
        _ replace: (LeafRange, OperatorKey) -> OperatorKey = { $1 }
    ) -> Contributions {
        let slot = ledger.slot!
        let assignment = slot.elected!.assignment
        let header = slot.reveal!.header
        let count = header.leafCount
        let states = (0...count).map { index in
            index == 0
                ? header.stateBefore
                : index == count ? header.stateAfter : Self.digest(100 + UInt64(index))
        }
        let leaves = assignment.shape.leaves.map { node in
            Contributions.Leaf(
                prover: replace(node, assignment.prover(of: node)!),
                stateBefore: states[node.first], stateAfter: states[node.end])
        }
        let merges = assignment.shape.merges.map { replace($0, assignment.prover(of: $0)!) }
        return Contributions(leaves: leaves, merges: merges)
    }

    func rootProof(_ contributions: Contributions) -> RootProof {
        let slot = ledger.slot!
        return RootProof(
            slot: slot.slot, blockID: slot.reveal!.blockID, proof: [1, 2, 3],
            contributions: contributions)
    }

    @discardableResult
    mutating func prove(_ contributions: Contributions) throws -> [LedgerEvent] {
        submit(.rootProof, .rootProof(rootProof(contributions)), by: Self.faucet)
        return try tick()
    }

    /// What an honest verifier says of a proof with these contributions.
    static func statement(of rootProof: RootProof, header: BlockHeader) -> NodeStatement {
        let root = ContributionHash.root(
            of: rootProof.contributions, blockID: rootProof.blockID)
        let last = rootProof.contributions.merges.last ?? rootProof.contributions.leaves[0].prover
        return NodeStatement(
            blockID: rootProof.blockID, range: LeafRange(first: 0, count: header.leafCount)!,
            stateBefore: header.stateBefore, stateAfter: header.stateAfter,
            paymentRoot: header.paymentRoot, proverID: BlockIdentity.proverID(of: last),
            contribution: root ?? .zero, feeSum: header.feeSum, ownKey: .zero)
    }
}

/// What happened, picked out of the events.
extension LedgerWorld {
    var refusals: [Refusal] {
        events.compactMap { event in
            if case .refused(_, _, _, let refusal) = event { refusal } else { nil }
        }
    }

    var drops: [Drop] {
        events.compactMap { event in
            if case .dropped(_, _, _, let drop) = event { drop } else { nil }
        }
    }

    var skips: [SkipReason] {
        events.compactMap { event in
            if case .skipped(_, let reason, _) = event { reason } else { nil }
        }
    }

    var slashings: [Slashing] {
        events.compactMap { event in
            if case .slashed(let slashing) = event { slashing } else { nil }
        }
    }

    /// Everything that everybody holds.
    var total: UInt128 {
        let accounts = Self.everybody.map { UInt128(ledger.balance(of: $0.key).units) }
        let stakes = ledger.registrants.map {
            UInt128(ledger.stake(of: $0.key, role: $0.role).units)
        }
        return (accounts + stakes).reduce(0, +) + UInt128(ledger.bridgeBalance.units)
            + UInt128(ledger.carriedRewards.units)
    }
}
