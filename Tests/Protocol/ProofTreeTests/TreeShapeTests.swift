import Primitives
import ProofTree
import Testing

@Suite struct TreeShapeTests {
    static let counts = Array(1...70) + [127, 128, 129, 1000]

    private func range(_ first: Int, _ count: Int) throws -> LeafRange {
        try #require(LeafRange(first: first, count: count))
    }

    /// The shape by the rule's own words: level by level, empty right halves dropped.
    private func mergesByRule(leafCount: Int) throws -> Set<LeafRange> {
        var merges: Set<LeafRange> = []
        var width = 2
        while width / 2 < leafCount {
            for first in stride(from: 0, to: leafCount, by: width)
            where first + width / 2 < leafCount {
                merges.insert(try range(first, min(first + width, leafCount) - first))
            }
            width *= 2
        }
        return merges
    }

    @Test(arguments: counts)
    func
        `node i of level l covers its leaves, and a node with an empty right half is its left child`(
            leafCount: Int
        ) throws
    {
        let shape = try #require(TreeShape(leafCount: leafCount))
        let expected = try mergesByRule(leafCount: leafCount)
        #expect(Set(shape.merges) == expected)
        #expect(shape.merges.count == leafCount - 1)
        for first in 0..<min(leafCount, 70) {
            for count in 1...(min(leafCount, 70) - first) {
                let node = try range(first, count)
                #expect(shape.contains(node) == (count == 1 || expected.contains(node)))
            }
        }
    }

    @Test(arguments: counts)
    func `nodes are in ascending order and the index of a merge is its place`(
        leafCount: Int
    ) throws {
        let shape = try #require(TreeShape(leafCount: leafCount))
        #expect(shape.nodes == shape.nodes.sorted())
        #expect(shape.nodes.count == shape.unitCount)
        #expect(shape.nodes.last == shape.root)
        for (index, merge) in shape.merges.enumerated() {
            #expect(shape.mergeIndex(of: merge) == index)
        }
        for leaf in shape.leaves { #expect(shape.mergeIndex(of: leaf) == nil) }
    }

    @Test(arguments: counts)
    func `children fill their parent, and parent and sibling lead back`(leafCount: Int) throws {
        let shape = try #require(TreeShape(leafCount: leafCount))
        for merge in shape.merges {
            let children = try #require(shape.children(of: merge))
            #expect(children.left.first == merge.first)
            #expect(children.left.end == children.right.first)
            #expect(children.right.end == merge.end)
            #expect(children.left < merge && children.right < merge)
            for child in [children.left, children.right] {
                #expect(shape.parent(of: child) == merge)
                #expect(TreeShape.level(of: child) < TreeShape.level(of: merge))
            }
            #expect(shape.siblingNode(of: children.left) == children.right)
            #expect(shape.siblingNode(of: children.right) == children.left)
        }
        #expect(shape.parent(of: shape.root) == nil)
        #expect(shape.siblingNode(of: shape.root) == nil)
    }

    @Test func `five leaves make the tree of the picture`() throws {
        let shape = try #require(TreeShape(leafCount: 5))
        #expect(
            try shape.merges == [range(0, 2), range(2, 2), range(0, 4), range(0, 5)])
        #expect(try shape.children(of: shape.root)?.right == range(4, 1))
        #expect(shape.rootLevel == 3)
    }

    @Test func `a tree has between one leaf and the maximum`() throws {
        #expect(TreeShape(leafCount: 0) == nil)
        #expect(TreeShape(leafCount: -1) == nil)
        #expect(TreeShape(leafCount: LeafRange.maximumLeafCount + 1) == nil)
        let widest = try #require(TreeShape(leafCount: LeafRange.maximumLeafCount))
        #expect(widest.mergeIndex(of: widest.root) == widest.mergeCount - 1)
    }

    @Test func `ranges of other trees are no nodes`() throws {
        let shape = try #require(TreeShape(leafCount: 6))
        for foreign in [try range(1, 2), try range(4, 3), try range(6, 1), try range(0, 3)] {
            #expect(!shape.contains(foreign))
            #expect(shape.children(of: foreign) == nil)
            #expect(shape.parent(of: foreign) == nil)
            #expect(shape.mergeIndex(of: foreign) == nil)
        }
    }
}
