import Bundle
import Cryptography
import Field
import IOP
import Payments
import PaymentsCircuit
import Primitives
import Recursion
import SansIO
import Testing

/// Recursive proofs of real leaves behind the seam that bundles stand behind, in the smallest
/// profile that holds a merge.
@Suite(.serialized) struct RecursiveProvingCoreTests {
    private struct Circuits: Sendable {
        let leaf: LeafCircuit
        let merge: MergeCircuit
    }

    private static let circuits = Result {
        let leaf = try LeafCircuit(
            parameters: ProvenBlock.parameters(), profile: .tiny.with(degreeBits: 11))
        return Circuits(leaf: leaf, merge: try MergeCircuit(leafKey: leaf.verifyingKey))
    }

    private struct Proven {
        let block: ProvenBlock
        let circuits: Circuits

        init(leafCount: Int) throws {
            circuits = try RecursiveProvingCoreTests.circuits.get()
            block = try ProvenBlock(leafCount: leafCount)
        }

        func core(_ range: LeafRange) -> RecursiveProvingCore {
            RecursiveProvingCore(
                networkID: ProvenBlock.networkID, prover: block.prover(of: range).key,
                leafSystem: circuits.leaf, mergeCircuit: circuits.merge)
        }

        func prove(_ range: LeafRange) throws -> [UInt8] {
            if range.isLeaf {
                return try core(range).proveLeaf(
                    block.block.leaves[range.first], of: block.header, control: .unattended)
            }
            let (left, right) = ProvenBlock.children(of: range)
            return try core(range).proveMerge(
                prove(left), prove(right), of: block.header, control: .unattended)
        }

        var verifier: RecursiveNodeVerifier {
            RecursiveNodeVerifier(verifier: circuits.merge.verifier)
        }

        func expectation(_ range: LeafRange) throws -> NodeExpectation {
            try #require(block.expectation(range))
        }
    }

    @Test func `a root proof proves its block and names who proved what`() throws {
        let proven = try Proven(leafCount: 3)
        let root = proven.block.root
        let bytes = try proven.prove(root)
        let header = proven.block.header
        let expected = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        let node = try proven.verifier.verify(bytes, expecting: expected)
        #expect(node.statement.range == root)
        #expect(
            node.contributions.leaves.map(\.prover)
                == proven.block.provers[..<3].map(\.key))
        #expect(
            node.contributions.merges == [
                proven.block.prover(of: LeafRange(first: 0, count: 2)!).key,
                proven.block.prover(of: root).key,
            ])
        #expect(
            ContributionHash.root(of: node.contributions, blockID: proven.block.blockID)
                == node.statement.contribution)
        #expect(
            try proven.core(root).contributions(of: bytes, header: header)
                == node.contributions)
        let claimed = RootProof(
            slot: header.slot, blockID: proven.block.blockID, proof: bytes,
            contributions: node.contributions)
        _ = try proven.verifier.verifyRoot(
            claimed, of: header, networkID: ProvenBlock.networkID)

        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var changed = bytes
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let found = refusal { _ = try proven.verifier.verify(changed, expecting: expected) }
            #expect(found != nil, "byte \(index)")
        }
        for length in [0, 3, 8, 48, bytes.count - 8, bytes.count - 1] {
            let found = refusal {
                _ = try proven.verifier.verify(Array(bytes[..<length]), expecting: expected)
            }
            #expect(found != nil, "\(length) bytes")
        }
        #expect(
            refusal { _ = try proven.verifier.verify(bytes + [0], expecting: expected) }
                == .trailingBytes(1))
    }

    @Test func `a node says who proved it, and it stays that way`() throws {
        let proven = try Proven(leafCount: 4)
        let range = LeafRange(first: 2, count: 2)!
        let bytes = try proven.prove(range)
        let node = try proven.verifier.verify(bytes, expecting: proven.expectation(range))
        #expect(node.prover == proven.block.prover(of: range).key)
        // The prover of the merge is the last key before the proof.
        let proofByteCount = proven.circuits.merge.verifier.proofByteCount
        var stolen = bytes
        let key = bytes.count - proofByteCount - 32..<bytes.count - proofByteCount
        stolen.replaceSubrange(key, with: proven.block.provers[3].key.bytes)
        #expect(stolen != bytes)
        let found = refusal {
            _ = try proven.verifier.verify(stolen, expecting: proven.expectation(range))
        }
        #expect(
            found
                == .proofRefused(
                    range, prover: proven.block.provers[3].key,
                    reason: "circuit(Circuit.CircuitError.constraintsBroken)"))
    }

    @Test func `nodes that are no children of one node are not merged`() throws {
        let proven = try Proven(leafCount: 4)
        let leaves = try (0..<3).map { try proven.prove(LeafRange(first: $0, count: 1)!) }
        let core = proven.core(proven.block.root)
        for (left, right) in [(1, 0), (1, 2), (0, 0), (0, 2)] {
            let found = refusal {
                _ = try core.proveMerge(
                    leaves[left], leaves[right], of: proven.block.header, control: .unattended)
            }
            guard case .notChildren = found else {
                Issue.record("\(left), \(right): \(String(describing: found))")
                continue
            }
        }
    }

    @Test func `a cancelled merge is an error`() throws {
        let proven = try Proven(leafCount: 2)
        let leaves = try (0..<2).map { try proven.prove(LeafRange(first: $0, count: 1)!) }
        #expect(throws: CancellationError.self) {
            _ = try proven.core(proven.block.root).proveMerge(
                leaves[0], leaves[1], of: proven.block.header,
                control: ProvingControl(progress: { _ in }, isCancelled: { true }))
        }
    }
}
