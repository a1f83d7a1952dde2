import Primitives

/// The canonical shape over `n` leaves: node `i` of level `l` covers the leaves
/// `[i·2^l, min((i+1)·2^l, n))`, and a node whose right half is empty *is* its left child. So
/// node `[first, end)` with more than one leaf splits where the largest power of two below its size
/// ends.
enum CanonicalTree {
    /// Folds `leaves`, of which there is at least one, to the root's value; `merge` sees the range
    /// of the node that it makes. `leaves.count − 1` merges, children before their parent.
    static func fold<Value>(
        _ leaves: [Value], merge: (_ left: Value, _ right: Value, _ range: LeafRange) -> Value
    ) -> Value {
        precondition(
            1...LeafRange.maximumLeafCount ~= leaves.count, "\(leaves.count) leaves make no tree")
        return fold(leaves[...], merge: merge)
    }

    /// The ranges of all merges, ascending.
    static func mergeRanges(leafCount: Int) -> [LeafRange] {
        guard leafCount > 1 else { return [] }
        var ranges: [LeafRange] = []
        ranges.reserveCapacity(leafCount - 1)
        _ = fold([Int](repeating: 0, count: leafCount)) { _, _, range in
            ranges.append(range)
            return 0
        }
        return ranges.sorted()
    }

    private static func fold<Value>(
        _ leaves: ArraySlice<Value>, merge: (Value, Value, LeafRange) -> Value
    ) -> Value {
        guard leaves.count > 1, let range = LeafRange(first: leaves.startIndex, count: leaves.count)
        else { return leaves[leaves.startIndex] }
        let middle = leaves.startIndex + splitSize(leaves.count)
        return merge(
            fold(leaves[..<middle], merge: merge), fold(leaves[middle...], merge: merge), range)
    }

    /// The largest power of two below `count`; `count ≥ 2`.
    private static func splitSize(_ count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
