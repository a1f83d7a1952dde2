package import Field
internal import IOP

/// The stages of a proof, in order.
package enum ProvingPhase: CaseIterable, Sendable {
    case witness, wires, products, quotient, openings, fri
}

/// Told the finished fraction of a phase, 0 at its beginning.
package typealias ProvingProgress = (_ phase: ProvingPhase, _ fraction: Double) -> Void

/// Makes proofs: the same bytes whoever shares the work.
package enum CircuitProver {
    /// The proof that some witness satisfies the circuit with the public inputs of this one.
    ///
    /// `isCancelled` is asked every few milliseconds, on whatever thread works; `progress` is called
    /// on the calling one.
    /// Throws `unsetTarget`, `conflictingValues`, `violated` and `cancelled`.
    package static func prove(
        _ circuit: Circuit, _ witness: PartialWitness, workers: Workers = .alone,
        progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(CircuitError) -> CircuitProof {
        progress(.witness, 0)
        let completed = try circuit.table.completing(witness, isCancelled: isCancelled)
        progress(.witness, 0.7)
        let violation = circuit.table.firstViolation(
            completed, workers: workers, isCancelled: isCancelled)
        if isCancelled() { throw .cancelled }
        if let violation { throw .violated(violation) }
        return try proveUnchecked(
            circuit, completed, workers: workers, progress: progress, isCancelled: isCancelled)
    }

    /// A proof of whatever the table holds. If that breaks a constraint, no verifier takes it:
    /// tests of verifiers make their bad proofs so, and with a forgery those that are bad in another
    /// way.
    package static func proveUnchecked(
        _ circuit: Circuit, _ witness: TableWitness, workers: Workers = .alone,
        progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false },
        forgery: ProofForgery? = nil
    ) throws(CircuitError) -> CircuitProof {
        var witness = witness
        forgery?.wires(&witness.wires)
        switch circuit.verifyingKey.profile.extensionDegree {
        case QuadraticExtension.degree:
            return CircuitProof(
                .quadratic(
                    try PlonkProver(
                        circuit: circuit, witness: witness, workers: workers, progress: progress,
                        isCancelled: isCancelled, forgery: forgery
                    ).prove()))
        default:
            return CircuitProof(
                .cubic(
                    try PlonkProver(
                        circuit: circuit, witness: witness, workers: workers, progress: progress,
                        isCancelled: isCancelled, forgery: forgery
                    ).prove()))
        }
    }
}
