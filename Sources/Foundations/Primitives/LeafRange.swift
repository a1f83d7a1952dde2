/// The half-open range of leaves `[first, first + count)` that a node of the proof tree covers; it
/// is the node's name.
package struct LeafRange: Hashable, Comparable, Sendable, CustomStringConvertible {
    package static let maximumLeafCount = 1 << 16

    package let first: Int
    package let count: Int

    /// Nil unless `first ≥ 0`, `count ≥ 1` and the end is at most `maximumLeafCount`.
    package init?(first: Int, count: Int) {
        guard first >= 0, count >= 1,
            first <= Self.maximumLeafCount, count <= Self.maximumLeafCount - first
        else { return nil }
        self.first = first
        self.count = count
    }

    package var end: Int { first + count }
    package var isLeaf: Bool { count == 1 }
    package var description: String { "\(first)..<\(end)" }

    /// Orders by size, then by place: children come before their parent.
    package static func < (lhs: LeafRange, rhs: LeafRange) -> Bool {
        (lhs.count, lhs.first) < (rhs.count, rhs.first)
    }
}
