internal import Cryptography
package import Primitives
package import ProofTree
internal import VRF

/// The elected prover of every node of one block's proof tree, and who may stand in for it.
package struct TreeAssignment: Hashable, Sendable {
    package let shape: TreeShape
    /// `[leaf index]`.
    package let leafProvers: [OperatorKey]
    /// In ascending order of `LeafRange`, as `Contributions.merges`.
    package let mergeProvers: [OperatorKey]
    /// `[merge index]`: the elected prover of the child that the bit did not pick.
    private let otherChildProvers: [OperatorKey]
    /// The whole pool, in the block's own order.
    private let reserve: [OperatorKey]
    private let seed: VRFOutput

    /// - Parameters:
    ///   - leafProvers: as many as `shape` has leaves.
    ///   - reserve: the pool, in the order in which it stands in.
    ///   - picksRight: whether a merge goes to the prover of its right child.
    init(
        shape: TreeShape, leafProvers: [OperatorKey], reserve: [OperatorKey], seed: VRFOutput,
        picksRight: (LeafRange) -> Bool
    ) {
        precondition(
            leafProvers.count == shape.leafCount,
            "\(leafProvers.count) provers for \(shape.leafCount) leaves")
        self.shape = shape
        self.leafProvers = leafProvers
        self.reserve = reserve
        self.seed = seed
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

    /// The nodes that `key` is elected for, in ascending order. O(leaves).
    package func duties(of key: OperatorKey) -> [LeafRange] {
        zip(shape.nodes, leafProvers + mergeProvers).filter { $0.1 == key }.map(\.0)
    }
}

// MARK: - Who stands in

extension TreeAssignment {
    /// Who may prove `node` in place of its elected prover, in the order in which the ladder lets
    /// them in: the sibling; the nearest elected prover of the surrounding subtree, which is the
    /// first other one among the provers of the nodes beside the way to the root; then the pool, from
    /// a place in its order that is the node's own. Nobody twice, the elected prover never, and at
    /// most `LadderParameters.helperCount`. Where one is missing the next takes its place.
    ///
    /// O(log leaves): a root proof that names a helper for every node costs little to check.
    package func helpers(of node: LeafRange) -> [OperatorKey] {
        guard let elected = prover(of: node) else { return [] }
        var helpers = sibling(of: node).map { [$0] } ?? []
        if let near = nearest(to: node, except: helpers + [elected]) { helpers.append(near) }
        let first = Int(ladderHash(of: node) % UInt64(reserve.count))
        // Three of these may be known already: the elected prover, the sibling, the nearest.
        for offset in 0..<min(reserve.count, LadderParameters.helperCount + 3) {
            guard helpers.count < LadderParameters.helperCount else { break }
            let key = reserve[(first + offset) % reserve.count]
            if key != elected, !helpers.contains(key) { helpers.append(key) }
        }
        return helpers
    }

    /// 0 for the elected prover, else the step of the ladder that lets `key` in; nil for whoever may
    /// never prove `node`.
    package func step(of key: OperatorKey, on node: LeafRange) -> Int? {
        guard let elected = prover(of: node) else { return nil }
        if key == elected { return 0 }
        return helpers(of: node).firstIndex(of: key).map(Ladder.step(ofHelperAt:))
    }

    /// Whether a proof of `node` by `key` counts at `height`: always the elected prover's, a
    /// helper's once its step is open.
    package func isAllowed(
        _ key: OperatorKey, on node: LeafRange, at height: Height, ladder: Ladder
    ) -> Bool {
        guard let step = step(of: key, on: node) else { return false }
        return step == 0 || height >= ladder.height(ofStep: step, on: node)
    }

    private func nearest(to node: LeafRange, except known: [OperatorKey]) -> OperatorKey? {
        var below = node
        while let parent = shape.parent(of: below) {
            if let key = shape.siblingNode(of: below).flatMap({ prover(of: $0) }),
                !known.contains(key)
            {
                return key
            }
            below = parent
        }
        return nil
    }

    private func ladderHash(of node: LeafRange) -> UInt64 {
        taggedHash(
            "ladder", .bytes(seed.bytes), .integer(UInt64(node.first)),
            .integer(UInt64(node.count))
        ).rawBytes.leadingWord
    }
}
