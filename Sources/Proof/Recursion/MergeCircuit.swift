package import Circuit
package import Field
import Hash
import Payments
package import Primitives

/// Two proofs become one: the circuit verifies the proofs of two neighbours in a proof tree, each
/// a leaf's or a merge's, and its proof is of the same size and shape as they are.
///
/// The public inputs are a `NodeStatement`, `NodeStatement.merging` of the children's. Each
/// child's key is chosen between the leaf circuit's, whose digest is part of this circuit, and
/// the *own key*, a public input: a circuit can't contain its own key. A merge proof below must
/// have been made with the own key and say the same own key, down to the leaves, which say zero.
/// Whoever verifies a node therefore compares its own key with the key of this circuit: see
/// `RecursiveVerifier`. So n leaves take n − 1 merges, whatever the tree's shape.
///
/// Leaf and merge circuit share rows, gates, selectors, number of public inputs and FRI
/// parameters: all that `VerifyingKey.shapeDigest` covers. What differs is the cap of the
/// constants, and an own key is H(shape ‖ cap).
package struct MergeCircuit: Sendable {
    /// `LeafRange.maximumLeafCount` is 2^16, and an end may equal it.
    static let leafIndexBits = 17

    private let circuit: Circuit
    private let constraints: MergeConstraints
    private let leafKey: VerifyingKey

    /// Builds and commits to the circuit over leaves of `leafKey`, whose profile is also this one's:
    /// seconds. One is enough for a node.
    ///
    /// Throws `wrongShape` for a leaf circuit of other public inputs, and `circuit(.doesNotFit)`
    /// where two verifiers take more rows than the profile has.
    package init(leafKey: VerifyingKey) throws(RecursionError) {
        guard leafKey.publicInputCount == NodeStatement.publicInputCount else {
            throw .wrongShape(
                expectedPublicInputs: NodeStatement.publicInputCount,
                found: leafKey.publicInputCount)
        }
        constraints = MergeConstraints(
            leafKeyDigest: leafKey.digest, profile: leafKey.profile)
        self.leafKey = leafKey
        do {
            circuit = try constraints.builder.build(leafKey.profile)
        } catch {
            throw .circuit(error)
        }
    }

    /// Its digest is the `ownKey` of every merge proof.
    package var verifyingKey: VerifyingKey { circuit.verifyingKey }

    package var verifier: RecursiveVerifier {
        RecursiveVerifier(leafKey: leafKey, mergeKey: verifyingKey)
    }

    /// Proves `NodeStatement.merging` of two nodes that were verified. The same nodes and prover
    /// give the same bytes, whoever shares the work.
    ///
    /// Throws `statement` for nodes that are no neighbours, `circuit` with `cancelled`, and
    /// `circuit` with `commitment`, `violated` or their like for nodes that are not proven.
    package func prove(
        _ left: ProvenNode, _ right: ProvenNode, prover: OperatorKey,
        workers: Workers = .alone, progress: @escaping ProvingProgress = { _, _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(RecursionError) -> ProvenNode {
        let ownKey = FieldDigest(verifyingKey.digest)
        let statement: NodeStatement
        do {
            statement = try NodeStatement.merging(
                left.statement, right.statement, prover: prover, mergeKey: ownKey)
        } catch { throw .statement(error) }
        let input = MergeInput(
            left: try child(left), right: try child(right),
            proverID: HashOutput(statement.proverID), ownKey: verifyingKey.digest)
        do {
            let proof = try CircuitProver.prove(
                circuit, constraints.witness(input), workers: workers, progress: progress,
                isCancelled: isCancelled)
            return ProvenNode(statement: statement, proofBytes: proof.bytes)
        } catch { throw .circuit(error) }
    }

    /// A proof of whatever `input` says, which nobody checks here: how tests of verifiers make bad
    /// proofs.
    package func proveUnchecked(_ input: MergeInput) throws(RecursionError) -> [UInt8] {
        do {
            return try CircuitProver.proveUnchecked(
                circuit, circuit.table.completingUnchecked(constraints.witness(input))
            ).bytes
        } catch { throw .circuit(error) }
    }

    /// The first constraint that `input` breaks.
    package func firstViolation(_ input: MergeInput) -> ConstraintViolation? {
        circuit.firstViolation(constraints.witness(input))
    }

    /// The witness of a proven node, its kind read off its own key.
    package func child(_ node: ProvenNode) throws(RecursionError) -> MergeInput.Child {
        let isLeaf = node.statement.ownKey == .zero
        let key = isLeaf ? leafKey : verifyingKey
        do {
            return MergeInput.Child(
                publicInputs: node.statement.publicInputs, isMerge: isLeaf ? .zero : .one,
                keyCap: key.constantsCap,
                proof: try CircuitProof(bytes: node.proofBytes, key: key))
        } catch { throw .circuit(error) }
    }
}
