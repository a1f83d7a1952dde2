package import Circuit
package import Field
package import IOP
package import Payments
package import Primitives

/// The circuit that proves one leaf of a block: up to `leafCapacity` payments lead from S_in to
/// S_out. It constrains exactly what `RollupState` and `BlockExecutor` do.
///
/// For each payment, in order, on the running tree root: the digest is recomputed; its first 128
/// bits, of which 64 are ones, choose for each chain of the one-time signature between the shown
/// value and its hash; the public key of the ends and the path by the key index give the
/// authentication key; with it the sender's account is opened, debited and put back; then the
/// recipient's account, or the empty leaf that is next in turn, is opened in the tree that
/// results, credited and put back. The first payment is always there, padding comes last, and
/// under padding nothing moves.
///
/// The public inputs are a `NodeStatement`. The block's id is opened from its preimage, which holds
/// the network that the signatures name. That S_in, S_out, range and fees are the block's own is
/// for the root to show; here the leaf's stand beside them.
///
/// Rows of a payment: 160 for the signature's hashes, 34 for choosing and weighing, 4 to split bits,
/// `keyTreeHeight` for the path, `4·accountTreeDepth + 4` for the accounts, about a dozen more: 321 at
/// depth 24 and height 10. 25 payments take 2^13 rows, 50 take 2^14.
///
/// No zero knowledge: payments are public. Source: docs/protocol, the payments rollup and the
/// proof tree.
package struct LeafCircuit: Sendable {
    package let parameters: RollupParameters
    private let circuit: Circuit
    private let targets: LeafTargets

    /// Builds and commits to the circuit: about a second for 2^13 rows. One is enough for a node.
    ///
    /// Throws `doesNotFit` where `leafCapacity` payments take more rows than the profile
    /// has.
    package init(
        parameters: RollupParameters, profile: ProofProfile
    ) throws(CircuitError) {
        let constraints = LeafConstraints(parameters: parameters)
        self.parameters = parameters
        targets = constraints.targets
        circuit = try constraints.builder.build(profile)
    }

    /// Part of what a network fixes.
    package var verifyingKey: VerifyingKey { circuit.verifyingKey }

    /// Proves `NodeStatement(leaf:blockID:prover:)` of an executed leaf of the block `header`. The
    /// same leaf and prover give the same bytes, whoever shares the work.
    ///
    /// Throws `cancelled`, or `violated` and its like if the leaf was executed
    /// under other parameters.
    package func prove(
        _ leaf: ExecutedLeaf, of header: BlockHeader, prover: OperatorKey,
        workers: Workers = .alone, progress: @escaping ProvingProgress,
        isCancelled: @escaping () -> Bool
    ) throws(CircuitError) -> [UInt8] {
        let input = LeafInput(
            leaf: leaf, header: header, parameters: parameters, prover: prover)
        return try CircuitProver.prove(
            circuit, witness(input), workers: workers, progress: progress,
            isCancelled: isCancelled
        ).bytes
    }

    /// A proof of whatever `input` says, which nobody checks here: how tests of verifiers make bad
    /// proofs.
    package func proveUnchecked(
        _ input: LeafInput, forgery: ProofForgery? = nil
    ) throws(CircuitError) -> [UInt8] {
        try CircuitProver.proveUnchecked(
            circuit, circuit.table.completingUnchecked(witness(input)), forgery: forgery
        ).bytes
    }

    private func witness(_ input: LeafInput) -> PartialWitness {
        targets.witness(input, parameters: parameters)
    }

    /// The least power of two of rows that the parameters need.
    package static func degreeBits(for parameters: RollupParameters) -> Int {
        let rowCount = LeafConstraints(parameters: parameters).rowCount
        return Int.bitWidth - (rowCount - 1).leadingZeroBitCount
    }
}
