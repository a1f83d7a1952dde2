package import IOP
package import Payments
package import PaymentsCircuit
package import Recursion

/// What a prover proves with: the leaf circuit of a network's rollup and the merge circuit over it.
///
/// Building them takes seconds, and they take hundreds of megabytes: one of each is enough for a
/// process, whoever proves in it.
package struct ProvingCircuits: Sendable {
    package let leaf: LeafCircuit
    package let merge: MergeCircuit

    /// Throws `CircuitError` where a leaf of these parameters does not fit the profile's rows, and
    /// `RecursionError` where two verifiers do not.
    package init(parameters: RollupParameters, profile: ProofProfile) throws {
        try self.init(leaf: LeafCircuit(parameters: parameters, profile: profile))
    }

    /// Builds the merge circuit over a leaf circuit.
    package init(leaf: LeafCircuit) throws(RecursionError) {
        self.leaf = leaf
        merge = try MergeCircuit(leafKey: leaf.verifyingKey)
    }

    /// Checks what these circuits prove, as whoever has only their keys does.
    package var verifier: NodeVerifier {
        NodeVerifier(leafKey: leaf.verifyingKey, mergeKey: merge.verifyingKey)
    }
}
