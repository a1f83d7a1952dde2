package import Circuit
package import Payments
package import Primitives

/// Checks leaf proofs; it holds the leaf circuit's key, which a network fixes.
package struct LeafVerifier: Sendable {
    package let key: VerifyingKey

    package init(key: VerifyingKey) { self.key = key }

    /// The size of every leaf proof.
    package var proofByteCount: Int { CircuitProof.byteCount(key: key) }

    /// Returns if `proofBytes` prove `statement`, which the caller has compared with its block. All
    /// errors mean reject. Never traps.
    package func verify(
        _ proofBytes: [UInt8], statement: NodeStatement
    ) throws(LeafProofError) {
        guard statement.range.isLeaf else { throw .notALeaf(statement.range) }
        guard statement.ownKey == .zero else { throw .ownKey(found: statement.ownKey) }
        do {
            try CircuitVerifier.verify(
                proofBytes: proofBytes, publicInputs: statement.publicInputs, key: key)
        } catch {
            throw .circuit(error)
        }
    }
}

/// What can go wrong with leaf proofs.
package enum LeafProofError: Error, Equatable {
    /// Reject: a statement about more than one leaf.
    case notALeaf(LeafRange)
    /// Reject: a leaf's own key is zero.
    case ownKey(found: FieldDigest)
    /// Reject where verifying; where proving or building, ours.
    case circuit(CircuitError)
}
