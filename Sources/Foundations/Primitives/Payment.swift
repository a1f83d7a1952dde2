/// A rollup payment as it travels (`docs/protocol/rollup.md`): fields are in range, the one-time
/// signature is still unchecked. `Payments.VerifiedPayment` is the checked form.
package struct Payment: Hashable, Sendable {
    /// Account number, which is the leaf index of the state tree.
    package var sender: UInt32
    /// Account number; one not yet opened must be the next free one and bring `recipientKey`.
    package var recipient: UInt32
    package var amount: Amount
    package var fee: Amount
    /// The sender's nonce before this payment.
    package var nonce: UInt64
    /// Which of the sender's one-time keys signs: strictly above the last one used.
    package var keyIndex: UInt32
    /// The sender's authentication key from now on; its present one where nothing rotates.
    package var nextSenderKey: FieldDigest
    /// The key of the account that this payment opens; nil where the recipient exists.
    package var recipientKey: FieldDigest?
    /// Chosen by the signer, mixed into the signed digest.
    package var salt: FieldDigest
    /// One-time signature: the chain values, four field elements each.
    package var signature: [FieldDigest]
    /// From the one-time key to the account's key root, leaf level first.
    package var keyPath: [FieldDigest]

    package init(
        sender: UInt32, recipient: UInt32, amount: Amount, fee: Amount, nonce: UInt64,
        keyIndex: UInt32, nextSenderKey: FieldDigest, recipientKey: FieldDigest?,
        salt: FieldDigest, signature: [FieldDigest], keyPath: [FieldDigest]
    ) {
        self.sender = sender
        self.recipient = recipient
        self.amount = amount
        self.fee = fee
        self.nonce = nonce
        self.keyIndex = keyIndex
        self.nextSenderKey = nextSenderKey
        self.recipientKey = recipientKey
        self.salt = salt
        self.signature = signature
        self.keyPath = keyPath
    }
}
