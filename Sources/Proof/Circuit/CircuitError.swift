package import Commitment

/// What can go wrong with circuits, witnesses and their proofs.
package enum CircuitError: Error, Equatable {
    /// Ours: the circuit has more rows than the profile offers.
    case doesNotFit(rows: Int, available: Int)
    /// Ours: a target whose value neither the witness nor the circuit gives.
    case unsetTarget(String)
    /// Ours: a statement that isn't true. Two values meet in one target.
    case conflictingValues(target: String, first: UInt64, second: UInt64)
    /// Ours: a statement that isn't true. A row breaks its gate's equations.
    case violated(ConstraintViolation)
    /// Ours: nobody wants the proof any more.
    case cancelled
    /// Reject: the statement has another number of public inputs than the circuit.
    case publicInputCount(expected: Int, found: Int)
    /// Reject: a proof over the extension field of another degree.
    case wrongProfile(expected: Int, found: Int)
    /// Reject: bytes that are no proof, or openings that aren't the commitments'.
    case commitment(CommitmentError)
    /// Reject: the openings don't keep the circuit's constraints.
    case constraintsBroken
    /// Reject, or prove something else: a challenge fell where the argument has no answer, which
    /// happens with a probability below 2⁻¹⁰⁰.
    case unluckyChallenge
}

/// The first constraint of a table that doesn't hold.
package enum ConstraintViolation: Error, Equatable {
    /// `constraint` counts within the row's gate.
    case gate(row: Int, gate: GateKind, constraint: Int)
    /// Two cells of one copy class differ.
    case copy(row: Int, column: Int, representativeRow: Int, representativeColumn: Int)
}
