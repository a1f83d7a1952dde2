import Cryptography
import Primitives
import ProofTree
import ProverElection
import Testing
import VRF

/// Who may stand in for whom, in which order.
@Suite struct HelpersTests {
    private func key(_ number: Int) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(UInt64(number))).rawBytes)
    }

    private func assignment(
        provers: Int, leafCount: Int, seed: UInt8 = 9
    ) throws -> TreeAssignment {
        let pool = (0..<provers).map {
            PoolMember(key: key($0), stake: Amount(units: 1), capacity: 1)
        }
        let seed = try #require(VRFOutput([UInt8](repeating: seed, count: VRFOutput.byteCount)))
        return try TreeElection.assign(
            seed: seed, pool: pool, leafCount: leafCount,
            parameters: TreeElectionParameters(weighting: .uniform))
    }

    @Test(arguments: [(2, 2), (5, 5), (8, 21), (30, 21), (30, 1)])
    func `helpers are nine others of the pool at most, nobody twice, the sibling first`(
        provers: Int, leafCount: Int
    ) throws {
        let assignment = try assignment(provers: provers, leafCount: leafCount)
        let pool = (0..<provers).map(key)
        for node in assignment.shape.nodes {
            let elected = try #require(assignment.prover(of: node))
            let helpers = assignment.helpers(of: node)
            #expect(helpers.count == min(provers - 1, LadderParameters.helperCount))
            #expect(Set(helpers).count == helpers.count)
            #expect(!helpers.contains(elected) && helpers.allSatisfy(pool.contains))
            if let sibling = assignment.sibling(of: node) { #expect(helpers.first == sibling) }
        }
    }

    @Test func `after the sibling comes the nearest elected prover of the surrounding subtree`()
        throws
    {
        let assignment = try assignment(provers: 30, leafCount: 8)
        func nodes(_ ranges: [(Int, Int)]) -> [OperatorKey] {
            ranges.compactMap { first, count in
                LeafRange(first: first, count: count).flatMap { assignment.prover(of: $0) }
            }
        }
        // Beside the way from leaf 5 to the root: leaf 4, leaves 6 and 7, leaves 0 to 3.
        let leaf = try #require(LeafRange(first: 5, count: 1))
        #expect(assignment.helpers(of: leaf).prefix(2) == nodes([(4, 1), (6, 2)])[...])
        // For a merge the unpicked child's prover is the sibling; then the same way.
        let merge = try #require(LeafRange(first: 4, count: 2))
        let unpicked = nodes([(4, 1), (5, 1)]).filter { $0 != assignment.prover(of: merge) }
        #expect(assignment.helpers(of: merge).prefix(2) == (unpicked + nodes([(6, 2)]))[...])
        // Nothing is beside the root: the pool comes at once.
        let top = assignment.shape.root
        let pair = nodes([(0, 4), (4, 4)])
        #expect(
            assignment.helpers(of: top).first == pair.first { $0 != assignment.prover(of: top) })
    }

    @Test func `a block of one leaf, and a node with one prover on both sides, has helpers too`()
        throws
    {
        let single = try assignment(provers: 3, leafCount: 1)
        #expect(single.helpers(of: single.shape.root).count == 2)
        // Two provers, so many leaves that some are beside each other and of one prover.
        let shared = try assignment(provers: 2, leafCount: 32)
        let alone = shared.shape.nodes.filter { shared.sibling(of: $0) == nil }
        #expect(!alone.isEmpty)
        for node in alone {
            let other = [key(0), key(1)].filter { $0 != shared.prover(of: node) }
            #expect(shared.helpers(of: node) == other)
        }
        let lone = try assignment(provers: 1, leafCount: 4)
        for node in lone.shape.nodes { #expect(lone.helpers(of: node).isEmpty) }
    }

    /// Each of 200 provers is one of the seven that the pool gives to each of 511 nodes with
    /// probability 0.035: 17.9 nodes each, standard deviation 4.2 at most.
    @Test func `the pool stands in from a place that is each node's own, so that all share it`()
        throws
    {
        let assignment = try assignment(provers: 200, leafCount: 256)
        var counts = [Int](repeating: 0, count: 200)
        for node in assignment.shape.nodes {
            for helper in assignment.helpers(of: node).dropFirst(2) {
                let number = try #require((0..<200).first { key($0) == helper })
                counts[number] += 1
            }
        }
        let most = counts.max() ?? 0
        let least = counts.min() ?? 0
        #expect(most < 18 + 45 && least > 0, "\(least) to \(most)")
    }

    @Test func `another seed puts the pool into another order`() throws {
        let orders = try (0..<2 as Range<UInt8>).map { seed in
            let assignment = try assignment(provers: 30, leafCount: 1, seed: seed)
            return assignment.helpers(of: assignment.shape.root)
        }
        #expect(orders[0] != orders[1])
    }
}
