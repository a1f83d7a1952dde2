package import Circuit
package import Field
package import IOP
internal import Payments
package import PaymentsCircuit
package import Recursion

/// The circuits of a profile and two leaves proven with them: what merges are measured on.
package struct ProofStage: Sendable {
    package let sample: SampleBlock
    package let leafCircuit: LeafCircuit
    package let mergeCircuit: MergeCircuit

    package init(_ profile: ProofProfile) throws {
        sample = try SampleBlock(profile)
        leafCircuit = try LeafCircuit(parameters: sample.parameters, profile: profile)
        mergeCircuit = try MergeCircuit(leafKey: leafCircuit.verifyingKey)
    }

    package func proveLeaf(
        _ index: Int, workers: Workers, progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws -> ProvenNode {
        let leaf = sample.block.leaves[index]
        let bytes = try leafCircuit.prove(
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
        try mergeCircuit.prove(
            left, right, prover: sample.prover, workers: workers, progress: progress,
            isCancelled: isCancelled)
    }
}
