/// The nonces of this node's own transactions: consecutive, whatever is still in flight.
///
/// The shell writes every signed transaction down before it sends it and sends those that the log
/// has not answered again after a restart, so the last signed nonce never comes back.
struct NonceCounter: Hashable, Sendable {
    private var lastAssigned: UInt64

    init(lastSigned: UInt64) { lastAssigned = lastSigned }

    mutating func next(folded: UInt64) -> UInt64 {
        lastAssigned = max(lastAssigned, folded) + 1
        return lastAssigned
    }

    /// The log will never take `nonce`: count again from what it has applied.
    mutating func refused(_ nonce: UInt64, folded: UInt64) {
        if nonce <= lastAssigned { lastAssigned = max(folded, nonce - 1) }
    }
}
