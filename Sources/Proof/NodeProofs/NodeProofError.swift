package import Payments
package import Primitives

/// Why a node proof is refused. All of it is the fault of whoever made or served it (reject); the
/// cases that name a prover name who is to blame.
package enum NodeProofError: Error, Hashable, Sendable {
    // The bytes.
    case tooLarge(limit: Int, found: Int)
    case truncated(neededByteCount: Int, found: Int)
    case trailingBytes(Int)
    /// A range of leaves that no tree has.
    case noSuchLeaves(first: UInt64, count: UInt64)
    /// A digest that is not four canonical field elements.
    case nonCanonicalDigest
    case feesOutOfRange(end: UInt64, found: UInt64)

    // The tree.
    /// Two children that the canonical tree does not join.
    case notChildren(LeafRange, LeafRange)
    case statement(StatementError)
    /// The proof of a node, leaf or merge, does not prove its statement for this block.
    case proofRefused(LeafRange, prover: OperatorKey, reason: String)

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
