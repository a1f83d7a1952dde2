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

/// A block that cannot follow the one before: the authority lies, or the transport does.
package enum LogChainError: Error, Hashable, Sendable {
    case wrongHeight(expected: Height, found: Height)
    case badSignature(Height)
    /// The header does not fix these transactions.
    case wrongTransactions(Height)
    /// Signed, of the right height, and on another block than ours: two blocks of one height exist.
    case fork(Height, expectedPrevious: Digest, foundPrevious: Digest)
    /// Milliseconds since 1970.
    case timeWentBack(Height, from: UInt64, to: UInt64)

    /// Whether the authority's own signature shows it. Everything else may be the fault of whoever
    /// carried the block, and may be mended by asking again.
    package var isSigned: Bool {
        switch self {
        case .fork, .timeWentBack: true
        case .wrongHeight, .badSignature, .wrongTransactions: false
        }
    }
}

extension SettlementClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongNetwork(let expected, let found):
            "the settlement log is of network \(found), but the network file is of \(expected)"
        case .wrongPolicy(let expected, let found):
            "the settlement log has the rules \(found), but the network file has \(expected)"
        case .wrongAuthority(let expected, let found):
            "the settlement log is signed by \(found), but the network file names \(expected)"
        case .refused(let reason, let detail, _):
            "the settlement log refuses the transaction: \(detail) (\(reason))"
        case .falseReceipt(let id):
            "the settlement log's receipt of transaction \(id) is not the authority's"
        case .unreachable(let why): "the settlement log cannot be reached: \(why)"
        case .chain(let error): "the settlement log cannot be trusted: \(error)"
        }
    }
}

extension LogChainError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .wrongHeight(let expected, let found):
            "it answers with block \(found) where block \(expected) was asked for"
        case .badSignature(let height): "block \(height) is not signed by the authority"
        case .wrongTransactions(let height):
            "block \(height) holds other transactions than its header says"
        case .fork(let height, let expected, let found):
            "two signed histories: block \(height) follows \(found), but this node holds "
                + "\(expected) below it"
        case .timeWentBack(let height, let old, let new):
            "the time of block \(height), \(new), is before that of the block below, \(old)"
        }
    }
}
