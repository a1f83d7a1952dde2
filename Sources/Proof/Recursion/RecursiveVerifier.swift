package import Circuit
import Hash
package import Payments
import Primitives

/// Checks the proof of any node of a proof tree: one proof of one size, whatever lies below.
package struct RecursiveVerifier: Sendable {
    package let leafKey: VerifyingKey
    package let mergeKey: VerifyingKey

    /// The two keys are a network's.
    package init(leafKey: VerifyingKey, mergeKey: VerifyingKey) {
        self.leafKey = leafKey
        self.mergeKey = mergeKey
    }

    /// The size of every proof, leaf or merge.
    package var proofByteCount: Int { CircuitProof.byteCount(key: leafKey) }

    /// Returns if `proofBytes` prove `statement`, which the caller has compared with its block. All
    /// errors mean reject. Never traps.
    ///
    /// The own key picks the key: zero is the leaf's, the merge circuit's is the merge's, and any
    /// other is refused, since nobody knows what its circuit proves.
    package func verify(
        _ proofBytes: [UInt8], statement: NodeStatement
    ) throws(RecursionError) {
        // Or fees of p more would be the same public input.
        let feesEnd = PaymentLimits.amountEnd
        guard statement.feeSum.units < feesEnd else {
            throw .feesOutOfRange(end: feesEnd, found: statement.feeSum.units)
        }
        let key: VerifyingKey
        if statement.ownKey == .zero {
            guard statement.range.isLeaf else { throw .wrongKind(statement.range) }
            key = leafKey
        } else {
            guard statement.ownKey == FieldDigest(mergeKey.digest) else {
                throw .unknownKey(statement.ownKey)
            }
            guard !statement.range.isLeaf else { throw .wrongKind(statement.range) }
            key = mergeKey
        }
        do {
            try CircuitVerifier.verify(
                proofBytes: proofBytes, publicInputs: statement.publicInputs, key: key)
        } catch { throw .circuit(error) }
    }
}
