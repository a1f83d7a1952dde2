package import Cryptography
package import Primitives

/// Why a log cannot open or go on. All are the operator's: the process ends and says so.
package enum SettlementLogError: Error, Hashable, Sendable {
    /// Another process writes this database.
    case locked(path: String)
    case wrongNetwork(expected: NetworkID, found: NetworkID)
    case wrongPolicy(expected: Digest, found: Digest)
    case wrongAuthority(expected: OperatorKey, found: OperatorKey)
    /// The database holds what no log of ours writes.
    case corrupt(String)
    /// The disk or SQLite refused; nothing after it was acknowledged.
    case storage(String)
    case stopped
}

/// Why a submission got no receipt.
package enum SubmissionRefusal: Error, Hashable, Sendable {
    /// The sender's fault; the same bytes are never accepted.
    case malformed(String)
    case tooLarge(limitByteCount: Int)
    case wrongNetwork
    case badSignature
    /// Another transaction has this nonce.
    case nonceUsed(expected: UInt64)
    /// The nonces between did not come in time.
    case nonceGap(expected: UInt64)
    /// Ours; to be tried again later.
    case queueFull
    case tooManyUploads
    case stopping

    /// Whether the same submission may succeed later.
    package var isTemporary: Bool {
        switch self {
        case .queueFull, .tooManyUploads, .stopping: true
        case .malformed, .tooLarge, .wrongNetwork, .badSignature, .nonceUsed, .nonceGap: false
        }
    }
}
