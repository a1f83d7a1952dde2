import Circuit
package import Payments
package import PaymentsCircuit
package import Primitives

/// The payments circuit is the proof system of the leaves.
extension LeafCircuit: LeafProofSystem {
    package func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, prover: OperatorKey, control: ProvingControl
    ) throws -> [UInt8] {
        let phases = ProvingPhase.allCases
        do {
            return try prove(
                leaf, of: header, prover: prover, workers: control.workers,
                progress: { phase, fraction in
                    let done = Double(phases.firstIndex(of: phase) ?? 0)
                    control.progress((done + fraction) / Double(phases.count))
                },
                isCancelled: control.isCancelled)
        } catch .circuit(.cancelled) {
            throw CancellationError()
        }
    }

    package func verify(_ proof: [UInt8], of statement: NodeStatement) throws {
        try LeafVerifier(key: verifyingKey).verify(proof, statement: statement)
    }
}

/// Who only verifies needs the key alone.
extension LeafVerifier: LeafProofVerifier {
    package func verify(_ proof: [UInt8], of statement: NodeStatement) throws {
        try verify(proof, statement: statement)
    }
}
