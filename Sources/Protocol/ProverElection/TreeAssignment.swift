package import Primitives
package import ProofTree

/// The elected prover of every node of one block's proof tree.
package struct TreeAssignment: Hashable, Sendable {
    package let shape: TreeShape
    /// `[leaf index]`.
    package let leafProvers: [OperatorKey]
    /// In ascending order of `LeafRange`, as `Contributions.merges`.
    package let mergeProvers: [OperatorKey]
    /// `[merge index]`: the elected prover of the child that the bit did not pick.
    private let otherChildProvers: [OperatorKey]

    /// - Parameters:
    ///   - leafProvers: as many as `shape` has leaves.
    ///   - picksRight: whether a merge goes to the prover of its right child.
    init(shape: TreeShape, leafProvers: [OperatorKey], picksRight: (LeafRange) -> Bool) {
        precondition(
            leafProvers.count == shape.leafCount,
            "\(leafProvers.count) provers for \(shape.leafCount) leaves")
        self.shape = shape
        self.leafProvers = leafProvers
        var picked: [OperatorKey] = []
        var others: [OperatorKey] = []
        picked.reserveCapacity(shape.mergeCount)
        others.reserveCapacity(shape.mergeCount)
        // Ascending order brings children before their parent.
        for merge in shape.merges {
            guard let children = shape.children(of: merge) else { continue }
            let pair = [children.left, children.right].map { child in
                shape.mergeIndex(of: child).map { picked[$0] } ?? leafProvers[child.first]
            }
            let right = picksRight(merge)
            picked.append(pair[right ? 1 : 0])
            others.append(pair[right ? 0 : 1])
        }
        mergeProvers = picked
        otherChildProvers = others
    }

    /// Nil for what is no node of this tree.
    package func prover(of node: LeafRange) -> OperatorKey? {
        guard shape.contains(node) else { return nil }
        return shape.mergeIndex(of: node).map { mergeProvers[$0] } ?? leafProvers[node.first]
    }

    /// The prover that stands in at step 1: of a leaf, the elected prover of its parent's other
    /// child; of a merge, the elected prover of the child that the bit did not pick. Nil in a block
    /// of one leaf and where one prover is on both sides.
    package func sibling(of node: LeafRange) -> OperatorKey? {
        guard let elected = prover(of: node) else { return nil }
        let candidate =
            if let index = shape.mergeIndex(of: node) {
                otherChildProvers[index]
            } else {
                shape.siblingNode(of: node).flatMap { prover(of: $0) }
            }
        return candidate == elected ? nil : candidate
    }

    /// Whether a proof of `node` by `key` counts at `height`: always the elected prover's, the
    /// sibling's once its step is open.
    package func isAllowed(
        _ key: OperatorKey, on node: LeafRange, at height: Height, ladder: Ladder
    ) -> Bool {
        guard let elected = prover(of: node) else { return false }
        if key == elected { return true }
        return key == sibling(of: node) && height >= ladder.siblingHeight(of: node)
    }

    /// The nodes that `key` is elected for, in ascending order. O(leaves).
    package func duties(of key: OperatorKey) -> [LeafRange] {
        zip(shape.nodes, leafProvers + mergeProvers).filter { $0.1 == key }.map(\.0)
    }
}
