package import Payments
package import Primitives

/// Why a node proof is refused. All of it is the fault of whoever made or served it (reject); the
/// cases that name a prover name who is to blame.
package enum BundleError: Error, Hashable, Sendable {
    // The bytes.
    case tooLarge(limit: Int, found: Int)
    case truncated(neededByteCount: Int, found: Int)
    case trailingBytes(Int)
    case unknownKind(UInt8)
    case tooDeep(limit: Int)
    /// Four bytes of a leaf's place that name none.
    case noSuchLeaf(UInt64)
    /// A digest that is not four canonical field elements.
    case nonCanonicalDigest
    case feesOutOfRange(end: UInt64, found: UInt64)

    // The tree.
    /// Two children that the canonical tree does not join.
    case notChildren(LeafRange, LeafRange)
    case statement(StatementError)
    /// The leaf proof does not prove its statement for this block.
    case leafProofRefused(LeafRange, prover: OperatorKey, reason: String)
    /// The proof of a node, leaf or merge, does not prove its statement for this block.
    case proofRefused(LeafRange, prover: OperatorKey, reason: String)
    /// The merge's prover did not sign this merge of this block.
    case signatureRefused(LeafRange, prover: OperatorKey)

    // What was asked for.
    case wrongLeafCount(expected: Int, found: Int)
    case wrongRange(expected: LeafRange, found: LeafRange)
    case wrongProver(expected: OperatorKey, found: OperatorKey)
    case wrongState(expected: FieldDigest, found: FieldDigest)
    case wrongPayments(expected: FieldDigest, found: FieldDigest)
    case wrongFees(expected: Amount, found: Amount)
    /// The claimed list of who proved what is not the one in the proof.
    case wrongContributions
    /// A block without leaves has no proof.
    case emptyBlock
}
