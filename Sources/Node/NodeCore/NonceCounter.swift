/// The nonces of one key's transactions: consecutive, whatever is still in flight.
///
/// Every signed transaction is written down before it is sent, and those that the log has not
/// answered are sent again after a restart, so the last signed nonce never comes back.
package struct NonceCounter: Hashable, Sendable {
    private var lastAssigned: UInt64

    package init(lastSigned: UInt64) { lastAssigned = lastSigned }

    /// - Parameter folded: of the last transaction that the ledger applied.
    package mutating func next(folded: UInt64) -> UInt64 {
        lastAssigned = max(lastAssigned, folded) + 1
        return lastAssigned
    }

    /// The log will never take the transaction with `nonce`: its number is free again.
    package mutating func refused(_ nonce: UInt64) {
        if nonce == lastAssigned { lastAssigned -= 1 }
    }
}
