import Cryptography
import Primitives
import ProofTree
import ProverElection
import Testing
import VRF

@Suite struct TreeAssignmentTests {
    private func key(_ number: Int) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(UInt64(number))).rawBytes)
    }

    private func assignment(provers: Int, leafCount: Int) throws -> TreeAssignment {
        let pool = (0..<provers).map {
            PoolMember(key: key($0), stake: Amount(units: 1), capacity: 1)
        }
        let seed = try #require(VRFOutput([UInt8](repeating: 9, count: VRFOutput.byteCount)))
        return try TreeElection.assign(
            seed: seed, pool: pool, leafCount: leafCount,
            parameters: TreeElectionParameters(weighting: .uniform))
    }

    private func ladder() throws -> Ladder {
        Ladder(
            parameters: try LadderParameters(
                leafTicks: 16, mergeTicks: 6, stepTicks: 4, provingTicks: 90, maximumLeafCount: 64),
            revealHeight: Height(20))
    }

    @Test(arguments: [2, 3, 5, 8, 21])
    func `a leaf's sibling is the elected prover of its parent's other child`(
        leafCount: Int
    ) throws {
        let assignment = try assignment(provers: leafCount, leafCount: leafCount)
        for leaf in assignment.shape.leaves {
            let other = try #require(assignment.shape.siblingNode(of: leaf))
            #expect(assignment.sibling(of: leaf) == assignment.prover(of: other))
        }
    }

    @Test(arguments: [2, 3, 5, 8, 21])
    func `a merge's sibling is the elected prover of the child that the bit did not pick`(
        leafCount: Int
    ) throws {
        let assignment = try assignment(provers: leafCount, leafCount: leafCount)
        for merge in assignment.shape.merges {
            let children = try #require(assignment.shape.children(of: merge))
            let pair = [children.left, children.right].map { assignment.prover(of: $0) }
            let elected = assignment.prover(of: merge)
            #expect(pair.contains(elected))
            #expect(assignment.sibling(of: merge) == pair.first { $0 != elected })
        }
    }

    @Test func `a one-leaf block and one prover on both sides have no sibling`() throws {
        let single = try assignment(provers: 3, leafCount: 1)
        #expect(single.sibling(of: single.shape.root) == nil)
        let alone = try assignment(provers: 1, leafCount: 6)
        for node in alone.shape.nodes { #expect(alone.sibling(of: node) == nil) }
    }

    @Test func `a helper is allowed once its step is open, the elected prover always`() throws {
        let assignment = try assignment(provers: 12, leafCount: 8)
        let ladder = try ladder()
        for node in assignment.shape.nodes {
            let elected = try #require(assignment.prover(of: node))
            #expect(assignment.isAllowed(elected, on: node, at: Height(0), ladder: ladder))
            let due = 20 + 16 + 6 * UInt64(TreeShape.level(of: node))
            let helpers = assignment.helpers(of: node)
            for (helper, step) in zip(helpers, [1, 2, 3, 4, 4, 5, 5, 5, 5] as [UInt64]) {
                let opens = Height(due + 4 * step)
                let before = Height(opens.number - 1)
                #expect(!assignment.isAllowed(helper, on: node, at: before, ladder: ladder))
                #expect(assignment.isAllowed(helper, on: node, at: opens, ladder: ladder))
            }
            for stranger in (0..<13).map(key)
            where stranger != elected && !helpers.contains(stranger) {
                #expect(assignment.step(of: stranger, on: node) == nil)
                #expect(
                    !assignment.isAllowed(stranger, on: node, at: Height(.max), ladder: ladder))
            }
        }
    }

    @Test func `duties are the nodes a prover is elected for, and together all nodes`() throws {
        let assignment = try assignment(provers: 5, leafCount: 13)
        var all: [LeafRange] = []
        for number in 0..<5 {
            let duties = assignment.duties(of: key(number))
            for node in duties { #expect(assignment.prover(of: node) == key(number)) }
            all += duties
        }
        #expect(all.sorted() == assignment.shape.nodes)
    }

    @Test func `what is no node of the tree has no prover`() throws {
        let assignment = try assignment(provers: 5, leafCount: 5)
        let ladder = try ladder()
        for foreign in [LeafRange(first: 1, count: 2), LeafRange(first: 5, count: 1)] {
            let node = try #require(foreign)
            #expect(assignment.prover(of: node) == nil)
            #expect(assignment.sibling(of: node) == nil)
            #expect(assignment.helpers(of: node).isEmpty)
            #expect(!assignment.isAllowed(key(0), on: node, at: Height(.max), ladder: ladder))
        }
    }
}
