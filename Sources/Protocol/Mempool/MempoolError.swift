package import Primitives

/// Why the pool does not take a payment. None of them condemns the peer that sent it, whose state
/// may be older or younger than ours: ignore.
package enum MempoolError: Error, Hashable, Sendable {
    case alreadyKnown
    case staleNonce(accountNonce: UInt64, found: UInt64)
    case nonceTooFarAhead(limit: UInt64, found: UInt64)
    case feeTooLow(needed: Amount, found: Amount)
    /// A payment of this nonce is there and the new one does not offer enough more.
    case replacementTooCheap(needed: Amount, found: Amount)
    /// Nothing in the full pool is cheaper.
    case poolFull(lowestFee: Amount)
}

/// Sentences for whoever sent the payment.
extension MempoolError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .alreadyKnown: "this payment waits for a block already"
        case .staleNonce(let accountNonce, let found):
            "nonce \(found) was used before; the account's next one is \(accountNonce)"
        case .nonceTooFarAhead(let limit, let found):
            "the nonce is \(found) above the account's; less than \(limit) is taken"
        case .feeTooLow(let needed, let found):
            "the fee is \(found.units) units, at least \(needed.units) are needed"
        case .replacementTooCheap(let needed, let found):
            "a payment of this nonce waits already; to replace it takes a fee of \(needed.units) "
                + "units, this one has \(found.units)"
        case .poolFull(let lowestFee):
            "too many payments wait; the cheapest of them pays \(lowestFee.units) units"
        }
    }
}
