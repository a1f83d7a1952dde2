import Hash
import Payments
import Primitives

/// The canonical proof tree, as far as proofs must know it: a node of level `l` starts at a
/// multiple of `2^l`, and its left child is full.
enum CanonicalShape {
    /// `count ≥ 2` leaves split where the largest power of two below `count` ends.
    static func leftCount(of count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    /// Whether some canonical tree joins these two; checked before anything is computed from them.
    static func joins(_ left: LeafRange, _ right: LeafRange) -> Bool {
        let count = left.count + right.count
        return left.end == right.first && left.count == leftCount(of: count)
            && left.first.isMultiple(of: 2 * left.count)
    }

    /// Whether `range` is a node of the tree over `leafCount` leaves.
    static func contains(_ range: LeafRange, leafCount: Int) -> Bool {
        guard range.end <= leafCount else { return false }
        guard range.count > 1 else { return true }
        let width = 2 * leftCount(of: range.count)
        return range.first.isMultiple(of: width)
            && range.end == min(range.first + width, leafCount)
    }

    /// The fold of at least one leaf's payment commitments.
    static func paymentRoot(of commitments: ArraySlice<FieldDigest>) -> FieldDigest {
        guard commitments.count > 1 else { return commitments[commitments.startIndex] }
        let middle = commitments.startIndex + leftCount(of: commitments.count)
        return RollupHash.compress(
            HashOutput(paymentRoot(of: commitments[..<middle])),
            HashOutput(paymentRoot(of: commitments[middle...]))
        ).digest
    }
}
