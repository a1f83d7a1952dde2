import Bundle
import IOP
import Payments
import PaymentsCircuit
import Primitives
import SansIO
import Synchronization
import Testing

/// Bundles of real leaf proofs, in the smallest profile.
struct LeafCircuitBundleTests {
    private static let circuit = Result {
        try LeafCircuit(
            parameters: ProvenBlock.parameters(), profile: .tiny.with(degreeBits: 9))
    }

    @Test func `a bundle of circuit proofs proves its block`() throws {
        let circuit = try Self.circuit.get()
        let proven = try ProvenBlock(leafCount: 3, leafSystem: circuit)
        let bytes = try proven.prove(proven.root)
        let verifier = BundleVerifier(leafVerifier: LeafVerifier(key: circuit.verifyingKey))
        let expected = try NodeExpectation(
            rootOf: proven.header, networkID: ProvenBlock.networkID)
        let node = try verifier.verify(bytes, expecting: expected)
        #expect(
            try proven.provers[0].core.verify(bytes, expecting: expected) == node)
        #expect(node.contributions.leaves.map(\.prover) == proven.provers[..<3].map(\.key))
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            var changed = bytes
            let index = Int.random(in: 0..<bytes.count, using: &generator)
            changed[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            let found = refusal { _ = try verifier.verify(changed, expecting: expected) }
            #expect(found != nil, "byte \(index)")
        }
    }

    @Test func `a leaf proof of another slot is blamed on its prover`() throws {
        let circuit = try Self.circuit.get()
        let proven = try ProvenBlock(leafCount: 1, leafSystem: circuit)
        let bytes = try proven.prove(proven.root)
        var header = proven.header
        header.slot = Slot(8)
        let expected = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        let found = refusal {
            _ = try proven.provers[1].core.verify(bytes, expecting: expected)
        }
        guard case .leafProofRefused(proven.root, let prover, _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
        #expect(prover == proven.provers[0].key)
    }

    @Test func `progress of a leaf proof rises to its end and a cancelled one stops`() throws {
        let circuit = try Self.circuit.get()
        let proven = try ProvenBlock(leafCount: 1, leafSystem: circuit)
        let fractions = Mutex<[Double]>([])
        _ = try proven.provers[0].core.proveLeaf(
            proven.block.leaves[0], of: proven.header,
            control: ProvingControl(
                progress: { fraction in fractions.withLock { $0.append(fraction) } },
                isCancelled: { false }))
        let seen = fractions.withLock { $0 }
        #expect(seen == seen.sorted())
        #expect(seen.allSatisfy { (0...1).contains($0) })
        #expect((seen.last ?? 0) > 0.8)
        #expect(throws: CancellationError.self) {
            _ = try proven.provers[0].core.proveLeaf(
                proven.block.leaves[0], of: proven.header,
                control: ProvingControl(progress: { _ in }, isCancelled: { true }))
        }
    }
}
