package import Primitives

/// What a pool holds at most, and what a payment must offer.
package struct MempoolParameters: Hashable, Sendable {
    /// Payments in all.
    package var capacity: Int
    /// Payments of one account, and how far a nonce may lie ahead of the account's.
    package var capacityPerAccount: Int
    package var minimumFee: Amount
    /// How much more a replacement must offer than what it replaces, at least one unit: else one
    /// payment's worth of money could occupy the network for ever.
    package var replacementBump: BasisPoints

    package init(
        capacity: Int, capacityPerAccount: Int, minimumFee: Amount, replacementBump: BasisPoints
    ) {
        precondition(capacity > 0 && capacityPerAccount > 0, "a pool holds something")
        self.capacity = capacity
        self.capacityPerAccount = capacityPerAccount
        self.minimumFee = minimumFee
        self.replacementBump = replacementBump
    }

    /// The bump of 10 % is go-ethereum's `PriceBump` (core/txpool/legacypool); its 16 executable
    /// slots and 64 queued ones of an account are one number here.
    package static func standard(minimumFee: Amount) -> MempoolParameters {
        MempoolParameters(
            capacity: 16_384, capacityPerAccount: 64, minimumFee: minimumFee,
            replacementBump: BasisPoints(1_000)!)
    }
}
