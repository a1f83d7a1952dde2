import Field
import Hash
package import Primitives

/// The commitment, accumulated up the proof tree, to who proved what: the root's value is a Merkle
/// root over all provers, against which payouts are checked.
package enum ContributionHash {
    /// `H(TAG_L, proverId ‖ blockId ‖ firstLeaf ‖ S_in ‖ S_out)`.
    package static func leaf(
        proverID: FieldDigest, blockID: BlockID, firstLeaf: Int, stateBefore: FieldDigest,
        stateAfter: FieldDigest
    ) -> FieldDigest {
        let first = [Goldilocks(UInt64(firstLeaf))]
        return RollupHash.hash(
            .leafContribution,
            proverID.fieldElements + blockID.digest.fieldElements + first
                + stateBefore.fieldElements + stateAfter.fieldElements
        ).digest
    }

    /// `H(TAG_M, left ‖ right ‖ proverId ‖ leafCount)`.
    package static func merge(
        left: FieldDigest, right: FieldDigest, proverID: FieldDigest, leafCount: Int
    ) -> FieldDigest {
        RollupHash.hash(
            .mergeContribution,
            left.fieldElements + right.fieldElements + proverID.fieldElements
                + [Goldilocks(UInt64(leafCount))]
        ).digest
    }

    /// The root's value for `contributions` over the canonical tree. Nil unless there are
    /// `1...LeafRange.maximumLeafCount` leaves and one merge fewer.
    package static func root(of contributions: Contributions, blockID: BlockID) -> FieldDigest? {
        let count = contributions.leaves.count
        guard 1...LeafRange.maximumLeafCount ~= count, contributions.merges.count == count - 1
        else { return nil }
        let ranges = CanonicalTree.mergeRanges(leafCount: count)
        let provers = Dictionary(
            uniqueKeysWithValues: zip(ranges, contributions.merges))
        let leaves = contributions.leaves.enumerated().map { index, leaf in
            Self.leaf(
                proverID: BlockIdentity.proverID(of: leaf.prover), blockID: blockID,
                firstLeaf: index, stateBefore: leaf.stateBefore, stateAfter: leaf.stateAfter)
        }
        return CanonicalTree.fold(leaves) { left, right, range in
            guard let prover = provers[range] else {
                preconditionFailure("the canonical tree over \(count) leaves has no \(range)")
            }
            return merge(
                left: left, right: right, proverID: BlockIdentity.proverID(of: prover),
                leafCount: range.count)
        }
    }
}
