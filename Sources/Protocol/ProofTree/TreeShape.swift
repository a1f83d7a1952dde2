package import Primitives

/// The canonical shape of the proof tree over `leafCount` leaves.
///
/// A node is a leaf range. Node `i` of level `ℓ` covers leaves
/// `[i·2^ℓ, min((i+1)·2^ℓ, leafCount))`; a node whose right half is empty *is* its left child, so
/// each range has one level, `⌈log₂ count⌉`, and each merge has two children. There are
/// `leafCount - 1` merges, whatever the count. Nothing is stored but the count: every question is
/// answered by arithmetic in O(log leafCount).
///
/// Source: `docs/protocol`, election on the proof tree; the shape is RFC 9162's tree (section 2.1)
/// with every left half full.
package struct TreeShape: Hashable, Sendable {
    package let leafCount: Int

    /// Nil unless `leafCount` is in `1...LeafRange.maximumLeafCount`.
    package init?(leafCount: Int) {
        guard (1...LeafRange.maximumLeafCount).contains(leafCount) else { return nil }
        self.leafCount = leafCount
    }

    /// The node that covers every leaf.
    package var root: LeafRange { range(0, leafCount) }
    package var mergeCount: Int { leafCount - 1 }
    /// Leaves and merges: what the provers' share is divided by when all weigh the same.
    package var unitCount: Int { leafCount + mergeCount }
    package var rootLevel: Int { Self.level(of: root) }

    /// 0 for a leaf, otherwise one more than its higher child's.
    package static func level(of node: LeafRange) -> Int {
        Int.bitWidth - (node.count - 1).leadingZeroBitCount
    }

    /// Whether `node` is one of this tree's.
    package func contains(_ node: LeafRange) -> Bool {
        let width = 1 << Self.level(of: node)
        return node.first % width == 0 && node.end == min(node.first + width, leafCount)
    }

    /// Nil for a leaf and for what is no node of this tree.
    package func children(of node: LeafRange) -> (left: LeafRange, right: LeafRange)? {
        guard contains(node), !node.isLeaf else { return nil }
        let half = 1 << (Self.level(of: node) - 1)
        return (range(node.first, half), range(node.first + half, node.count - half))
    }

    /// Nil for the root and for what is no node of this tree.
    package func parent(of node: LeafRange) -> LeafRange? {
        guard contains(node), node != root else { return nil }
        for level in (Self.level(of: node) + 1)...rootLevel {
            let width = 1 << level
            let first = node.first / width * width
            let ancestor = range(first, min(width, leafCount - first))
            if ancestor != node { return ancestor }
        }
        return nil
    }

    /// The other child of the node's parent.
    package func siblingNode(of node: LeafRange) -> LeafRange? {
        guard let parent = parent(of: node), let pair = children(of: parent) else { return nil }
        return pair.left == node ? pair.right : pair.left
    }
}

extension TreeShape {
    package func leaf(_ index: Int) -> LeafRange? {
        (0..<leafCount).contains(index) ? range(index, 1) : nil
    }

    package var leaves: [LeafRange] { (0..<leafCount).map { range($0, 1) } }

    /// In ascending order, hence children before parents: the order of `Contributions.merges`.
    package var merges: [LeafRange] {
        guard rootLevel > 0 else { return [] }
        return (1...rootLevel).flatMap { merges(ofLevel: $0) }
    }

    /// Leaves, then merges, in ascending order; children before parents.
    package var nodes: [LeafRange] { leaves + merges }

    /// Where `node` stands in `merges`; nil for leaves and for what is no node of this tree.
    package func mergeIndex(of node: LeafRange) -> Int? {
        guard contains(node), !node.isLeaf else { return nil }
        let level = Self.level(of: node)
        let below = (1..<level).reduce(0) { $0 + mergeCount(ofLevel: $1) }
        let place = node.first >> level
        guard let short = shortNode(ofLevel: level) else { return below + place }
        return below + (node == short ? 0 : place + 1)
    }

    /// How many nodes of `level ≥ 1` have a right half.
    private func mergeCount(ofLevel level: Int) -> Int {
        let half = 1 << (level - 1)
        return leafCount <= half ? 0 : (leafCount - half + 2 * half - 1) >> level
    }

    /// The last node of the level, where it covers fewer than `2^level` leaves. It is smaller than
    /// the others of its level and so comes before them.
    private func shortNode(ofLevel level: Int) -> LeafRange? {
        let count = mergeCount(ofLevel: level)
        guard count > 0 else { return nil }
        let first = (count - 1) << level
        return leafCount - first < 1 << level ? range(first, leafCount - first) : nil
    }

    private func merges(ofLevel level: Int) -> [LeafRange] {
        let short = shortNode(ofLevel: level)
        let fullCount = mergeCount(ofLevel: level) - (short == nil ? 0 : 1)
        let full = (0..<fullCount).map { range($0 << level, 1 << level) }
        return (short.map { [$0] } ?? []) + full
    }

    private func range(_ first: Int, _ count: Int) -> LeafRange {
        guard let range = LeafRange(first: first, count: count) else {
            preconditionFailure("leaf range \(first)+\(count) of \(leafCount) leaves")
        }
        return range
    }
}
