package import Cryptography
package import Ledger
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
    /// The log's own block cannot be folded: no node can fold it either.
    case unfoldable(Height, String)
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
    /// The ledger would not let this key pay for it, or has no use for it.
    case sender(SenderRefusal)
    /// The key has sent as many of this kind as it may in one slot.
    case slotShareUsed(limit: Int)
    /// Ours; to be tried again later.
    case queueFull
    case tooManyUploads
    /// The log has not folded its own blocks far enough to say who may send.
    case behind
    case stopping

    /// Whether the same submission may succeed later.
    package var isTemporary: Bool {
        switch self {
        case .queueFull, .tooManyUploads, .behind, .stopping: true
        case .sender(.feeUncovered(let fee, let held, _)): held >= fee
        case .malformed, .tooLarge, .wrongNetwork, .badSignature, .nonceUsed, .nonceGap, .sender,
            .slotShareUsed:
            false
        }
    }

    /// Whether the ledger may say otherwise a few blocks on.
    var dependsOnLedger: Bool {
        switch self {
        case .sender, .slotShareUsed, .queueFull: true
        default: false
        }
    }
}
