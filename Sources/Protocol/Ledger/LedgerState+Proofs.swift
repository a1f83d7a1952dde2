internal import Cryptography
internal import Payments
internal import Primitives
internal import ProofSubmission
internal import ProofTree
internal import ProverElection
internal import Sequencing

/// Proving: commitments for evidence of time, and the root proof that makes the block final.
extension LedgerState {
    mutating func record(
        _ commitment: ProofCommitment, by key: OperatorKey, in fold: inout Fold
    ) -> Refusal? {
        if let refusal = refusalOutside(.proving, of: commitment.slot, at: fold.height) {
            return refusal
        }
        let node = commitment.range
        guard let slot, let assignment = slot.elected?.assignment else { return .notRevealed }
        guard assignment.shape.contains(node) else { return .notANode(node) }
        guard assignment.step(of: key, on: node) != nil else { return .notAssigned(node) }
        let recording = self.slot?.proofCommitments.record(
            commitment.commitment, node: node, prover: key, at: fold.height)
        switch recording {
        case .recorded:
            fold.report(.proofCommitted(slot.slot, range: node, key: key, at: fold.height))
            return nil
        case .alreadyKnown: return .alreadyCommitted
        case .tooMany, nil: return .tooManyProofCommitments
        }
    }

    /// Anybody may post the root proof; whom it pays is in it.
    mutating func accept(
        _ rootProof: RootProof, by key: OperatorKey, transactionID: Digest, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        if let refusal = refusalOutside(.proving, of: rootProof.slot, at: fold.height) {
            return refusal
        }
        guard let slot, let reveal = slot.reveal, let elected = slot.elected else {
            return .notRevealed
        }
        guard rootProof.blockID == reveal.blockID else {
            return .wrongBlock(expected: reveal.blockID, found: rootProof.blockID)
        }
        let contributions = rootProof.contributions
        guard contributions.fits(reveal.header) else { return .contributionsMalformed }
        if let refusal = refusal(of: contributions, in: elected, at: fold.height) {
            return refusal
        }
        let failures = slot.failedRootProofs[key] ?? 0
        guard failures < LedgerParameters.maximumFailedRootProofs else {
            return .tooManyFailedProofs
        }
        let verdict = try fold.verdict(
            on: rootProof, header: reveal.header, transactionID: transactionID)
        if let refusal = refusal(of: verdict, for: contributions, in: reveal) {
            self.slot?.failedRootProofs[key] = failures + 1
            return refusal
        }
        try finalise(contributions: contributions, submitter: key, in: &fold)
        return nil
    }

    private func refusal(
        of verdict: RootProofVerdict, for contributions: Contributions, in reveal: RevealedBlock
    ) -> Refusal? {
        switch verdict {
        case .invalid(let reason): return .invalidProof(reason)
        case .valid(let statement):
            guard statement.isRoot(of: reveal) else { return .wrongStatement }
            let root = ContributionHash.root(of: contributions, blockID: reveal.blockID)
            return statement.contribution == root ? nil : .wrongContributionRoot
        }
    }

    /// A root proof is invalid if it holds a helper whose step was not open.
    private func refusal(
        of contributions: Contributions, in elected: ElectedTree, at height: Height
    ) -> Refusal? {
        for (node, contributor) in contributions.byNode(of: elected.assignment.shape) {
            let isAllowed = elected.assignment.isAllowed(
                contributor, on: node, at: height, ladder: elected.ladder)
            guard isAllowed else { return .contributorNotAllowed(node, contributor) }
        }
        return nil
    }
}

extension Contributions {
    /// Whether there is one prover for each node of the block's tree, and the leaves lead from the
    /// block's first state to its last.
    func fits(_ header: BlockHeader) -> Bool {
        guard leaves.count == header.leafCount, merges.count == header.leafCount - 1,
            leaves.first?.stateBefore == header.stateBefore,
            leaves.last?.stateAfter == header.stateAfter
        else { return false }
        return zip(leaves, leaves.dropFirst()).allSatisfy { $0.stateAfter == $1.stateBefore }
    }

    /// In ascending order of nodes; `shape` has as many as there are contributors.
    func byNode(of shape: TreeShape) -> [(node: LeafRange, contributor: OperatorKey)] {
        zip(shape.nodes, leaves.map(\.prover) + merges).map { (node: $0, contributor: $1) }
    }
}

extension NodeStatement {
    /// Whether this is what the root of `block` must state.
    func isRoot(of block: RevealedBlock) -> Bool {
        let header = block.header
        return blockID == block.blockID && range.first == 0 && range.count == header.leafCount
            && stateBefore == header.stateBefore && stateAfter == header.stateAfter
            && paymentRoot == header.paymentRoot && feeSum == header.feeSum
    }
}
