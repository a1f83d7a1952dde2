import Circuit
import Glibc
import IOP
import Payments
import Primitives
import Recursion
import Testing

/// Merges in the profiles that networks use, and what they take.
@Suite(.serialized) struct WholeMergeTests {
    private struct Tree {
        let merge: MergeCircuit
        let leaves: [ProvenNode]

        init(_ profile: ProofProfile, leafCount: Int) throws {
            let leaf = try AnyStatementCircuit(profile)
            merge = try MergeCircuit(leafKey: leaf.key)
            leaves = try (0..<leafCount).map { index in
                let statement = MergeFixture.leafStatement(index)
                return ProvenNode(
                    statement: statement,
                    proofBytes: try leaf.prove(statement.publicInputs).bytes)
            }
        }

        /// Merges, verifies, and prints how long both took this thread.
        func merge(_ left: ProvenNode, _ right: ProvenNode, name: String) throws -> ProvenNode {
            var begins: [(ProvingPhase, Duration)] = []
            let start = threadTime()
            let node = try merge.prove(
                left, right, prover: MergeFixture.prover(7),
                progress: { phase, fraction in
                    if fraction == 0 { begins.append((phase, threadTime() - start)) }
                })
            let proving = threadTime() - start
            try merge.verifier.verify(node.proofBytes, statement: node.statement)
            let verifying = threadTime() - start - proving
            print("\(name): merged in \(proving), verified in \(verifying),")
            print("  \(node.proofBytes.count) bytes")
            for (phase, begin) in begins { print("  \(phase) from \(begin)") }
            return node
        }

        private func threadTime() -> Duration {
            var time = timespec()
            clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
            return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
        }
    }

    @Test func `a merge of a merge is proven in the fast profile`() throws {
        let tree = try Tree(.fast, leafCount: 3)
        let first = try tree.merge(tree.leaves[0], tree.leaves[1], name: "fast, two leaves")
        let root = try tree.merge(first, tree.leaves[2], name: "fast, merge and leaf")
        #expect(root.proofBytes.count == tree.leaves[0].proofBytes.count)
        #expect(root.statement.range == LeafRange(first: 0, count: 3))
    }

    @Test func `a merge is proven in the profile of a hundred bits`() throws {
        let tree = try Tree(.proven100, leafCount: 2)
        let root = try tree.merge(tree.leaves[0], tree.leaves[1], name: "proven100, two leaves")
        #expect(root.proofBytes.count == tree.leaves[0].proofBytes.count)
    }
}
