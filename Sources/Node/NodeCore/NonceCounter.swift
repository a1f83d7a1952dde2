/// The nonces of one key's transactions: consecutive, whatever is still in flight.
///
/// The log counts every transaction that it includes; the ledger only what its accounts sent, so it
/// may be behind for a key whose account is young. Every signed transaction is written down before
/// it is sent, and those that the log has not answered are sent again after a restart; so a nonce
/// comes back only after the log's refusal.
package struct NonceCounter: Hashable, Sendable {
    private var lastAssigned: UInt64

    package init(lastSigned: UInt64) { lastAssigned = lastSigned }

    /// Saturates: whoever has signed with the last nonce there is has ended its key.
    ///
    /// - Parameter folded: the highest that the key's account has used in the ledger.
    package mutating func next(folded: UInt64) -> UInt64 {
        let last = max(lastAssigned, folded)
        lastAssigned = last == .max ? last : last + 1
        return lastAssigned
    }

    /// The log has taken a transaction with `nonce` that it refused before.
    package mutating func used(_ nonce: UInt64) { lastAssigned = max(lastAssigned, nonce) }

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
