import Field
package import Hash
package import Primitives

/// One leaf of the state tree. Its number is its place there.
package struct Account: Hashable, Sendable {
    /// Root of the tree of one-time keys by which the owner signs.
    package var authenticationKey: FieldDigest
    /// Below `2^62` units.
    package var balance: Amount
    /// Payments sent so far.
    package var nonce: UInt64
    /// The lowest one-time key that may still sign, at most `2^32`. It goes on rising when the
    /// authentication key changes, so that a key index names one key for ever.
    package var nextKeyIndex: UInt64

    package init(
        authenticationKey: FieldDigest, balance: Amount, nonce: UInt64, nextKeyIndex: UInt64
    ) {
        self.authenticationKey = authenticationKey
        self.balance = balance
        self.nonce = nonce
        self.nextKeyIndex = nextKeyIndex
    }

    /// An account that has neither sent nor received yet.
    package init(openedBy authenticationKey: FieldDigest, balance: Amount) {
        self.init(
            authenticationKey: authenticationKey, balance: balance, nonce: 0, nextKeyIndex: 0)
    }

    /// `H(account, authenticationKey ‖ balance ‖ nonce ‖ nextKeyIndex)`: one permutation. An account
    /// that nobody opened has the leaf zero, of which no account is a preimage.
    package var leafHash: HashOutput {
        RollupHash.hash(
            .account,
            authenticationKey.fieldElements + [
                Goldilocks(balance.units), Goldilocks(nonce), Goldilocks(nextKeyIndex),
            ])
    }
}
