/// The nonces of one key's transactions: consecutive, whatever is still in flight.
///
/// Every signed transaction is written down before it is sent, and those that the log has not
/// answered are sent again after a restart; so a nonce comes back only after a refusal.
package struct NonceCounter: Hashable, Sendable {
    private var lastAssigned: UInt64

    package init(lastSigned: UInt64) { lastAssigned = lastSigned }

    /// - Parameter folded: of the last transaction that the ledger applied.
    package mutating func next(folded: UInt64) -> UInt64 {
        lastAssigned = max(lastAssigned, folded) + 1
        return lastAssigned
    }

    /// The log will never take the transaction with `nonce`, nor any above it that waits for it:
    /// their numbers are free again.
    package mutating func refused(_ nonce: UInt64) {
        lastAssigned = min(lastAssigned, max(nonce, 1) - 1)
    }

    /// The log says which nonce this key should use next.
    package mutating func expect(_ nonce: UInt64) {
        lastAssigned = max(nonce, 1) - 1
    }
}
