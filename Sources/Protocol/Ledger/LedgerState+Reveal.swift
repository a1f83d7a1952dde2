internal import Cryptography
internal import Payments
internal import Primitives
internal import ProverElection
internal import Sequencing
internal import VRF

/// The leader's block and seed. A reveal counts only if both are on the log by the end of the
/// phase; otherwise nobody has duties, or an unprovable block would punish provers.
extension LedgerState {
    mutating func accept(
        _ reveal: BlockReveal, by key: OperatorKey, transactionID: Digest, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        let header = reveal.header
        if let refusal = refusalOfLeader(key, slot: header.slot, at: fold.height) {
            return refusal
        }
        guard let slot, let proposal = slot.leaderProposal?.proposal else { return .notAdmitted }
        guard slot.reveal == nil else { return .alreadyRevealed }
        guard !slot.isRevealRefused else { return .alreadyJudged }
        guard isWellFormed(reveal, in: slot) else { return .malformedHeader }
        guard header.commitment == proposal.blockCommitment else {
            return .wrongBlockCommitment
        }
        switch try fold.verdict(on: reveal, transactionID: transactionID) {
        case .executes: break
        case .refused(let reason):
            self.slot?.isRevealRefused = true
            return .doesNotExecute(reason)
        }
        let blockID = BlockIdentity.blockID(of: header, networkID: rules.networkID)
        self.slot?.reveal = RevealedBlock(
            blockID: blockID, header: header, body: reveal.body, height: fold.height)
        fold.report(.revealed(slot.slot, blockID: blockID, header: header))
        try electProvers(in: &fold)
        return nil
    }

    mutating func accept(
        _ election: Election, by key: OperatorKey, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        if let refusal = refusalOfLeader(key, slot: election.slot, at: fold.height) {
            return refusal
        }
        guard let slot, let leader = slot.sequencer(key) else { return .notAdmitted }
        if let revealed = slot.reveal?.blockID, revealed != election.blockID {
            return .wrongBlock(expected: revealed, found: election.blockID)
        }
        guard slot.electionClaim?.blockID != election.blockID else { return .alreadyElected }
        let input = TreeElection.vrfInput(
            networkID: rules.networkID, slot: slot.slot, beacon: slot.beacon)
        guard
            let seed = ECVRF.verify(key: leader.vrfKey, input: input, proof: election.vrfProof)
        else { return .invalidVRFProof }
        self.slot?.electionClaim = ElectionClaim(
            blockID: election.blockID, seed: seed, height: fold.height)
        try electProvers(in: &fold)
        return nil
    }

    private func refusalOfLeader(
        _ key: OperatorKey, slot number: Slot, at height: Height
    ) -> Refusal? {
        if let refusal = refusalOutside(.reveal, of: number, at: height) { return refusal }
        guard let leader = slot?.leader else { return .wrongPhase }
        if slot?.elected != nil { return .alreadyElected }
        return leader == key ? nil : .notLeader(leader: leader)
    }

    /// The bounds first: the header comes from a stranger.
    private func isWellFormed(_ reveal: BlockReveal, in slot: SlotState) -> Bool {
        let header = reveal.header
        guard (0...rules.maximumLeaves).contains(header.leafCount), header.round == 0,
            header.parent == slot.parent.blockID,
            header.stateBefore == slot.parent.stateRoot,
            header.feeSum <= treasury.balance(of: .bridge),
            (try? header.feeSum.adding(rules.blockReward)) != nil
        else { return false }
        if header.leafCount == 0 {
            guard header.feeSum == .zero, header.stateAfter == header.stateBefore else {
                return false
            }
        }
        return header.bodyHash == BlockHeader.bodyHash(ofEncodedBody: reveal.body)
    }

    /// An empty block is final by its reveal: there is nobody to elect. Another one's tree is handed
    /// out once reveal and election are both there.
    private mutating func electProvers(in fold: inout Fold) throws(LedgerHalt) {
        guard let slot, let reveal = slot.reveal, let proposal = slot.leaderProposal else {
            return
        }
        guard reveal.header.leafCount > 0 else {
            try finalise(contributions: nil, submitter: nil, in: &fold)
            return
        }
        guard let claim = slot.electionClaim, claim.blockID == reveal.blockID else { return }
        let pool = slot.pool(onTermsOf: reveal.header, proposal.proposal.feeShare, rules: rules)
        guard !pool.isEmpty else {
            skip(.emptyPool, in: &fold)
            return
        }
        let assignment: TreeAssignment
        do {
            assignment = try rules.assignment.assign(
                seed: claim.seed, pool: pool, leafCount: reveal.header.leafCount)
        } catch {
            throw .election(error)
        }
        self.slot?.elected = ElectedTree(
            seed: claim.seed, pool: pool, assignment: assignment,
            ladder: rules.assignment.ladder(revealedAt: fold.height),
            revealHeight: fold.height,
            provingDeadline: slot.phases.provingHeights(revealedAt: fold.height).upperBound)
        fold.report(.elected(slot.slot, blockID: reveal.blockID, assignment: assignment))
    }
}

extension SlotState {
    /// The provers whose price the block's terms meet, by ascending key.
    ///
    /// The terms are what one unit of the tree is paid on average; rewards carried over from
    /// earlier blocks do not count, since nobody owes them.
    func pool(
        onTermsOf header: BlockHeader, _ feeShare: BasisPoints, rules: LedgerRules
    ) -> [PoolMember] {
        guard let income = try? header.feeSum.adding(rules.blockReward) else { return [] }
        let proverPool = UInt128(income.share(feeShare).units)
        let unitCount = UInt128(2 * header.leafCount - 1)
        return (offers ?? []).filter {
            UInt128($0.minFeePerUnit.units) * unitCount <= proverPool
        }.map {
            PoolMember(key: $0.key, stake: $0.stake, capacity: $0.capacity)
        }
    }
}
