import Cryptography
package import Hash
package import Primitives

/// Limits that every network shares, because the leaf circuit is written for them.
package enum PaymentLimits {
    /// Balances, amounts and nonces are below `2^62`. One bit more would be unsound in the circuit:
    /// over Goldilocks `0 − (2^63 − 1)` is `2^63 − 2^32 + 2`, which looks like 63 bits.
    package static let amountBits = 62
    /// A fee is below `2^40` units (about 1,100 IDE), so that the fees of the largest block, `2^22`
    /// payments, stay below `2^62` and no sum of them wraps.
    package static let feeBits = 40
    package static let keyIndexBits = 32
    package static let depthRange = 1...32
    package static let keyTreeHeightRange = 1...16
    package static let leafCapacityRange = 1...64
    package static let maximumLeafCount = LeafRange.maximumLeafCount

    package static let amountEnd = UInt64(1) << amountBits
    package static let keyIndexEnd = UInt64(1) << keyIndexBits
    package static let feeEnd = UInt64(1) << feeBits
}

/// What a network fixes about its rollup. All of it is security relevant: there are no defaults.
package struct RollupParameters: Hashable, Sendable {
    package let networkID: NetworkID
    /// The state tree has `2^accountTreeDepth` leaves.
    package let accountTreeDepth: Int
    /// An authentication key is the root over `2^keyTreeHeight` one-time keys.
    package let keyTreeHeight: Int
    /// Payments in one leaf proof.
    package let leafCapacity: Int
    /// Leaves of the largest block.
    package let maximumLeafCount: Int
    /// The network's name in the field: `H(network, networkID)`.
    package let networkDigest: HashOutput

    package init(
        networkID: NetworkID, accountTreeDepth: Int, keyTreeHeight: Int, leafCapacity: Int,
        maximumLeafCount: Int
    ) throws(PaymentError) {
        try Self.check("accountTreeDepth", accountTreeDepth, in: PaymentLimits.depthRange)
        try Self.check("keyTreeHeight", keyTreeHeight, in: PaymentLimits.keyTreeHeightRange)
        try Self.check("leafCapacity", leafCapacity, in: PaymentLimits.leafCapacityRange)
        try Self.check("maximumLeafCount", maximumLeafCount, in: 1...PaymentLimits.maximumLeafCount)
        self.networkID = networkID
        self.accountTreeDepth = accountTreeDepth
        self.keyTreeHeight = keyTreeHeight
        self.leafCapacity = leafCapacity
        self.maximumLeafCount = maximumLeafCount
        networkDigest = RollupHash.networkDigest(of: networkID)
    }

    /// One past the highest account number: `2^accountTreeDepth`.
    package var accountLimit: UInt64 { UInt64(1) << UInt64(accountTreeDepth) }
    /// One-time keys in one tree: `2^keyTreeHeight`.
    package var keysPerTree: Int { 1 << keyTreeHeight }
    package var maximumPaymentCount: Int { leafCapacity * maximumLeafCount }

    private static func check(
        _ name: String, _ value: Int, in range: ClosedRange<Int>
    ) throws(PaymentError) {
        guard range.contains(value) else {
            throw .parameterOutOfRange(name, allowed: range, found: value)
        }
    }
}
