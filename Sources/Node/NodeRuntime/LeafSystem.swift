package import Bundle
package import Circuit
package import IOP
package import NetworkFile
package import Payments
package import PaymentsCircuit
package import Primitives

/// The leaf circuit of a network as the proof system of its bundles.
package struct CircuitLeafSystem: LeafProofSystem {
    private let circuit: LeafCircuit
    private let verifier: LeafVerifier

    /// Builds the circuit: about a second of one core.
    package init(network: NetworkDescription) throws {
        circuit = try LeafCircuit(
            parameters: network.rollup, profile: network.profile.proofProfile)
        verifier = LeafVerifier(key: circuit.verifyingKey)
    }

    package var verifyingKey: VerifyingKey { circuit.verifyingKey }

    package func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, networkID: NetworkID, prover: OperatorKey,
        control: ProvingControl
    ) throws -> [UInt8] {
        try circuit.prove(
            leaf, of: header, prover: prover,
            progress: { _, fraction in control.progress(fraction) },
            isCancelled: control.isCancelled)
    }

    package func verify(_ proof: [UInt8], of statement: NodeStatement) throws {
        try verifier.verify(proof, statement: statement)
    }
}

extension ProofProfileName {
    package var proofProfile: ProofProfile {
        switch self {
        case .fast: .fast
        case .proven100: .proven100
        }
    }
}
