package import Circuit
package import Payments
package import Primitives

/// What can go wrong with merge proofs and with the proofs that they merge.
package enum RecursionError: Error, Equatable {
    /// Ours: the leaf circuit has another number of public inputs than a node has.
    case wrongShape(expectedPublicInputs: Int, found: Int)
    /// Reject: a statement whose own key is neither zero nor the merge circuit's.
    case unknownKey(FieldDigest)
    /// Reject: a leaf's key for more than a leaf, or a merge's for less.
    case wrongKind(LeafRange)
    /// Reject: a fee sum that no node has.
    case feesOutOfRange(end: UInt64, found: UInt64)
    /// Reject: two nodes that can't be merged.
    case statement(StatementError)
    /// Reject where verifying; where proving or building, ours, but for children that are not
    /// proven.
    case circuit(CircuitError)
}
