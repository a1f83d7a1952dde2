import Circuit
import Cryptography
import Hash
package import Payments
package import Primitives
package import Recursion

/// Proves leaves with a leaf proof system and merges with the merge circuit: every node is one proof
/// of one size, whoever verifies it.
package struct RecursiveProvingCore: ProvingCore {
    private let networkID: NetworkID
    private let prover: OperatorKey
    private let leafSystem: any LeafProofSystem
    private let mergeCircuit: MergeCircuit

    /// `mergeCircuit` merges proofs of `leafSystem`'s circuit; both are a network's.
    package init(
        networkID: NetworkID, prover: OperatorKey, leafSystem: any LeafProofSystem,
        mergeCircuit: MergeCircuit
    ) {
        self.networkID = networkID
        self.prover = prover
        self.leafSystem = leafSystem
        self.mergeCircuit = mergeCircuit
    }

    package func proveLeaf(
        _ leaf: ExecutedLeaf, of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        let proof = try leafSystem.prove(leaf, of: header, prover: prover, control: control)
        guard let range = LeafRange(first: leaf.index, count: 1) else {
            throw BundleError.noSuchLeaf(UInt64(clamping: leaf.index))
        }
        return RecursiveNode(
            range: range, paymentRoot: leaf.paymentCommitment, feeSum: leaf.feeSum,
            states: [leaf.stateBefore, leaf.stateAfter], leafProvers: [prover], mergeProvers: [],
            proof: proof
        ).encoded
    }

    package func proveMerge(
        _ left: [UInt8], _ right: [UInt8], of header: BlockHeader, control: ProvingControl
    ) throws -> [UInt8] {
        if control.isCancelled() { throw CancellationError() }
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        let left = try verifier.decode(left)
        let right = try verifier.decode(right)
        guard CanonicalShape.joins(left.range, right.range) else {
            throw BundleError.notChildren(left.range, right.range)
        }
        let merged = try merge(
            verifier.proven(left, blockID: blockID), verifier.proven(right, blockID: blockID),
            control: control)
        return RecursiveNode(
            range: merged.statement.range, paymentRoot: merged.statement.paymentRoot,
            feeSum: merged.statement.feeSum, states: left.states + right.states.dropFirst(),
            leafProvers: left.leafProvers + right.leafProvers,
            mergeProvers: mergeProvers(left, right, above: merged.statement.range),
            proof: merged.proofBytes
        ).encoded
    }

    package func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(BundleError) -> VerifiedNode {
        try verifier.verify(proof, expecting: expected)
    }

    package func contributions(
        of proof: [UInt8], header: BlockHeader
    ) throws(BundleError) -> Contributions {
        try verifier.decode(proof).contributions
    }

    private var verifier: RecursiveNodeVerifier {
        RecursiveNodeVerifier(verifier: mergeCircuit.verifier)
    }

    private func merge(
        _ left: ProvenNode, _ right: ProvenNode, control: ProvingControl
    ) throws -> ProvenNode {
        let phases = ProvingPhase.allCases
        do {
            return try mergeCircuit.prove(
                left, right, prover: prover, workers: control.workers,
                progress: { phase, fraction in
                    let done = Double(phases.firstIndex(of: phase) ?? 0)
                    control.progress((done + fraction) / Double(phases.count))
                },
                isCancelled: control.isCancelled)
        } catch .circuit(.cancelled) {
            throw CancellationError()
        } catch .statement(let error) {
            throw BundleError.statement(error)
        }
    }

    /// Both children's and this one's, ascending by range.
    private func mergeProvers(
        _ left: RecursiveNode, _ right: RecursiveNode, above range: LeafRange
    ) -> [OperatorKey] {
        let below = [left, right].flatMap { node in
            zip(CanonicalShape.mergeRanges(of: node.range), node.mergeProvers)
        }
        return (below + [(range, prover)]).sorted { $0.0 < $1.0 }.map(\.1)
    }
}

/// Verifies node proofs; who only verifies needs the two keys alone.
package struct RecursiveNodeVerifier: NodeProofVerifier {
    private let verifier: RecursiveVerifier

    package init(verifier: RecursiveVerifier) { self.verifier = verifier }

    /// Shape, statement and what was asked for first, then the proof: milliseconds, however many
    /// leaves there are below.
    package func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(BundleError) -> VerifiedNode {
        let node = try decode(proof)
        guard node.range.count == expected.range.count else {
            throw .wrongLeafCount(expected: expected.range.count, found: node.range.count)
        }
        let proven = proven(node, blockID: expected.blockID)
        try expected.check(proven.statement, prover: node.prover)
        do {
            try verifier.verify(node.proof, statement: proven.statement)
        } catch {
            throw .proofRefused(node.range, prover: node.prover, reason: "\(error)")
        }
        return VerifiedNode(
            statement: proven.statement, prover: node.prover, contributions: node.contributions)
    }

    func decode(_ bytes: [UInt8]) throws(BundleError) -> RecursiveNode {
        try RecursiveNode(decoding: bytes, proofByteCount: verifier.proofByteCount)
    }

    func proven(_ node: RecursiveNode, blockID: BlockID) -> ProvenNode {
        ProvenNode(
            statement: node.statement(
                blockID: blockID, mergeKey: FieldDigest(verifier.mergeKey.digest)),
            proofBytes: node.proof)
    }
}
