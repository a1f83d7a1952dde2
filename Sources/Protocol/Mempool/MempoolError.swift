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
