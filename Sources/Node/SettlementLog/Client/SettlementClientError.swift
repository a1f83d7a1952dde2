package import Cryptography
package import Primitives

/// What a client of the log cannot mend by trying again, and what it gave up on.
package enum SettlementClientError: Error, Hashable, Sendable {
    case wrongNetwork(expected: String, found: String)
    case wrongPolicy(expected: String, found: String)
    case wrongAuthority(expected: String, found: String)
    /// The log refuses this submission for good. `expectedNonce` is there for nonce reasons.
    case refused(reason: String, detail: String, expectedNonce: UInt64?)
    /// The receipt is for something else or not signed by the authority.
    case falseReceipt(transactionID: Digest)
    /// No success until the deadline; the last failure in words.
    case unreachable(String)
    case chain(LogChainError)
}

/// A block that cannot follow the one before. The authority lies or the transport does: alarm.
package enum LogChainError: Error, Hashable, Sendable {
    case wrongHeight(expected: Height, found: Height)
    case badSignature(Height)
    /// The header does not fix these transactions.
    case wrongTransactions(Height)
    /// Signed, of the right height, and on another block than ours: two blocks of one height exist.
    case fork(Height, expectedPrevious: Digest, foundPrevious: Digest)
}
