import Circuit
package import Payments
import PaymentsCircuit
package import Primitives
import Recursion

/// Proves the nodes of proof trees for one prover: leaves with the leaf circuit, merges with the
/// merge circuit. The proof of a node is as large as that of any other and as quickly verified.
///
/// All calls are synchronous and long (seconds); the shell runs them on its proving pool.
package struct ProvingCore: Sendable {
    private let networkID: NetworkID
    private let prover: OperatorKey
    private let circuits: ProvingCircuits
    package let verifier: NodeVerifier

    /// - Parameter circuits: the network's, shared by all provers of a process.
    package init(networkID: NetworkID, prover: OperatorKey, circuits: ProvingCircuits) {
        self.networkID = networkID
        self.prover = prover
        self.circuits = circuits
        verifier = circuits.verifier
    }

    /// Proves a leaf of the block of `header`. Throws `CancellationError` or `CircuitError`: ours.
    package func proveLeaf(
        _ leaf: ExecutedLeaf, of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        guard let range = LeafRange(first: leaf.index, count: 1) else {
            preconditionFailure("no leaf has the index \(leaf.index)")
        }
        return NodeProof(
            range: range, paymentRoot: leaf.paymentCommitment, feeSum: leaf.feeSum,
            states: [leaf.stateBefore, leaf.stateAfter], leafProvers: [prover], mergeProvers: [],
            proof: try proof(of: leaf, header, control)
        ).encoded
    }

    /// Merges the proofs of the two children of a node, which must have been verified. Throws
    /// `CancellationError`, `NodeProofError` where they do not fit, or `RecursionError`.
    package func proveMerge(
        _ left: [UInt8], _ right: [UInt8], of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        if control.isCancelled() { throw CancellationError() }
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        let left = try verifier.decode(left)
        let right = try verifier.decode(right)
        guard CanonicalShape.joins(left.range, right.range) else {
            throw NodeProofError.notChildren(left.range, right.range)
        }
        let merged = try merge(
            verifier.proven(left, blockID: blockID), verifier.proven(right, blockID: blockID),
            control)
        return NodeProof(
            range: merged.statement.range, paymentRoot: merged.statement.paymentRoot,
            feeSum: merged.statement.feeSum, states: left.states + right.states.dropFirst(),
            leafProvers: left.leafProvers + right.leafProvers,
            mergeProvers: mergeProvers(left, right, above: merged.statement.range),
            proof: merged.proofBytes
        ).encoded
    }

    private func proof(
        of leaf: ExecutedLeaf, _ header: BlockHeader, _ control: ProvingControl
    ) throws -> [UInt8] {
        do {
            return try circuits.leaf.prove(
                leaf, of: header, prover: prover, workers: control.workers,
                progress: control.phases,
                isCancelled: control.isCancelled)
        } catch .cancelled {
            throw CancellationError()
        }
    }

    private func merge(
        _ left: ProvenNode, _ right: ProvenNode, _ control: ProvingControl
    ) throws -> ProvenNode {
        do {
            return try circuits.merge.prove(
                left, right, prover: prover, workers: control.workers, progress: control.phases,
                isCancelled: control.isCancelled)
        } catch .circuit(.cancelled) {
            throw CancellationError()
        } catch .statement(let error) {
            throw NodeProofError.statement(error)
        }
    }

    /// Both children's and this one's, ascending by range.
    private func mergeProvers(
        _ left: NodeProof, _ right: NodeProof, above range: LeafRange
    ) -> [OperatorKey] {
        let below = [left, right].flatMap { node in
            zip(CanonicalShape.mergeRanges(of: node.range), node.mergeProvers)
        }
        return (below + [(range, prover)]).sorted { $0.0 < $1.0 }.map(\.1)
    }
}
