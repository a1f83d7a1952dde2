internal import Primitives
internal import ProofTree
internal import ProverElection

/// When a prover takes up the work of one that is late.
///
/// The sibling begins at the node's due height D, a step before its proof counts, so that it is
/// done by then; further helpers begin when their own step opens, since the one before is at work
/// until then. A merge whose children came late is late through no fault of its prover's: helpers
/// give it `mergeTicks` from then on, unless it has committed to nothing in this slot and so may not
/// be there at all. Else a single late leaf would set half the pool to work on each merge above it.
///
/// Only the beginning is left to each node like this. From when on a helper's proof counts is a rule,
/// and of heights alone: `TreeAssignment.isAllowed`.
extension ProvingDuty {
    /// The ladder's steps of `key`, 0 where it is elected. O(leaves · log leaves).
    static func ladderSteps(of key: OperatorKey, in assignment: TreeAssignment) -> [LeafRange: Int]
    {
        var steps: [LeafRange: Int] = [:]
        for node in assignment.shape.nodes {
            if let step = assignment.step(of: key, on: node) { steps[node] = step }
        }
        return steps
    }

    func isAllowed(_ prover: OperatorKey, on node: LeafRange) -> Bool {
        assignment.isAllowed(prover, on: node, at: height, ladder: ladder)
    }

    /// Whether this prover is on duty for `node`: always where it is elected; as a helper from its
    /// beginning on while nobody has committed, and once its step is open also where the commitment
    /// was not followed by a proof that can be had.
    func mayStart(_ node: LeafRange) -> Bool {
        guard let step = ladderSteps[node] else { return false }
        if step == 0 || work[node] != nil { return true }
        guard mayHelp(node, step) else { return false }
        if !isCommitted(node) { return true }
        return height >= ladder.height(ofStep: step, on: node) && !isObtainable(node)
    }

    /// Whether this prover, as a helper, must find out if a committed proof really exists.
    func mustCheck(_ node: LeafRange) -> Bool {
        guard let step = ladderSteps[node], step > 0, work[node] == nil else { return false }
        return height >= ladder.height(ofStep: step, on: node) && isCommitted(node)
            && mayHelp(node, step)
    }

    private func mayHelp(_ node: LeafRange, _ step: Int) -> Bool {
        guard height >= ladder.dueHeight(of: node), let begin = beginning(of: node, step) else {
            return false
        }
        return height >= begin && book.acceptedHash(of: node) == nil && !isProvenAbove(node)
    }

    /// Nil while a merge's children are not there.
    private func beginning(of node: LeafRange, _ step: Int) -> Height? {
        var due = ladder.dueHeight(of: node)
        if !node.isLeaf {
            guard let since = startable[node], let elected = assignment.prover(of: node) else {
                return nil
            }
            let patience = book.hasCommitment(by: elected) ? ladder.parameters.mergeTicks : 0
            due = max(due, since.advanced(by: patience))
        }
        return step == 1
            ? due : due.advanced(by: UInt64(step) * ladder.parameters.stepTicks)
    }

    /// Remembers since when a merge that this prover may help with could have been begun.
    mutating func noteStartable(_ merge: LeafRange) {
        guard startable[merge] == nil, let step = ladderSteps[merge], step > 0,
            let children = assignment.shape.children(of: merge),
            isThere(children.left), isThere(children.right)
        else { return }
        startable[merge] = height
    }

    private func isThere(_ node: LeafRange) -> Bool {
        usableProof(of: node) != nil || book.hasAnnouncement(of: node) { isAllowed($0, on: node) }
    }

    /// A helper's commitment says nothing before its step is open: it costs nothing, and would keep
    /// those away whose turn it is.
    private func isCommitted(_ node: LeafRange) -> Bool {
        book.hasCommitment(of: node) { isAllowed($0, on: node) }
    }

    /// Whether a merge above has a proof that this prover has checked: somebody had this node's. A
    /// commitment above does not say so: it costs nothing, and whoever believed it would leave the
    /// node of a dead prover unproven for one liar's sake.
    func isProvenAbove(_ node: LeafRange) -> Bool {
        var above = assignment.shape.parent(of: node)
        while let ancestor = above {
            if book.acceptedHash(of: ancestor) != nil { return true }
            above = assignment.shape.parent(of: ancestor)
        }
        return false
    }

    private func isObtainable(_ node: LeafRange) -> Bool {
        book.isObtainable(node) { isAllowed($0, on: node) }
    }
}
