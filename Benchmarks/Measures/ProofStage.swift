package import Circuit
package import Field
package import NodeProofs
internal import Payments
internal import PaymentsCircuit
package import Recursion

/// Circuits and a block to prove with them: what leaves and merges are measured on.
package struct ProofStage: Sendable {
    package let circuits: ProvingCircuits
    private let sample: SampleBlock

    package init(_ circuits: ProvingCircuits) throws {
        self.circuits = circuits
        sample = try SampleBlock(circuits.leaf.parameters)
    }

    package func proveLeaf(
        _ index: Int, workers: Workers, progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> ProvenNode {
        let leaf = sample.block.leaves[index]
        let bytes = try circuits.leaf.prove(
            leaf, of: sample.header, prover: sample.prover, workers: workers, progress: progress,
            isCancelled: isCancelled)
        let blockID = BlockIdentity.blockID(of: sample.header, networkID: sample.networkID)
        return ProvenNode(
            statement: NodeStatement(leaf: leaf, blockID: blockID, prover: sample.prover),
            proofBytes: bytes)
    }

    package func merge(
        _ left: ProvenNode, _ right: ProvenNode, workers: Workers,
        progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> ProvenNode {
        try circuits.merge.prove(
            left, right, prover: sample.prover, workers: workers, progress: progress,
            isCancelled: isCancelled)
    }
}
