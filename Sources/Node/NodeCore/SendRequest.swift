package import Cryptography
package import Primitives

/// An operator's word to its own running node that it shall send money of its ledger account.
/// Signed by the operator key, so that neither a web page nor a stranger can say it; of a recent log
/// height, so that it cannot be said again later.
package struct SendRequest: Hashable, Sendable {
    /// Folded by the node not long ago.
    package let height: Height
    package let recipient: OperatorKey
    package let amount: Amount
    package let signature: Signature

    package init(height: Height, recipient: OperatorKey, amount: Amount, signature: Signature) {
        self.height = height
        self.recipient = recipient
        self.amount = amount
        self.signature = signature
    }

    /// What the signature covers: `tag ‖ networkId ‖ key ‖ height ‖ recipient ‖ amount`.
    package static func signedBytes(
        networkID: NetworkID, key: OperatorKey, height: Height, recipient: OperatorKey,
        amount: Amount
    ) -> [UInt8] {
        taggedBytes(
            "send",
            [
                .key(networkID), .key(key), .integer(height.number), .key(recipient),
                .integer(amount.units),
            ])
    }

    package func isSigned(by key: OperatorKey, networkID: NetworkID) -> Bool {
        Ed25519.verify(signature, message: signedBytes(key, networkID), key: key)
    }

    /// Names the order whatever its signature: two with the same name are one.
    package func id(of key: OperatorKey, networkID: NetworkID) -> Digest {
        SHA256.hash(signedBytes(key, networkID))
    }

    private func signedBytes(_ key: OperatorKey, _ networkID: NetworkID) -> [UInt8] {
        Self.signedBytes(
            networkID: networkID, key: key, height: height, recipient: recipient, amount: amount)
    }
}

/// Why a node does not send. Of whatever is refused, nothing was signed and nothing ever will be.
package enum SendRefusal: Error, Hashable, Sendable {
    case wrongSignature
    /// Too old, not folded yet, or from before this node's start.
    case wrongHeight(current: Height, found: Height)
    case zeroAmount
    /// The recipient is this node's own key.
    case ownKey
    /// No key at all: what it gets, nobody could ever spend.
    case invalidRecipient
    /// `free` is what of `held` is neither promised to earlier orders nor needed for exits; `needed`
    /// is the amount and what sending it costs.
    case insufficientBalance(held: Amount, free: Amount, needed: Amount)
    case tooManyOrders(limit: Int)
    /// The key has left, and its whole balance is on its way elsewhere.
    case withdrawing(OperatorKey)
    /// Since its start the node has not folded all that it knows of the log.
    case behind
    case stopping
    /// The order could not be written down.
    case notKept(String)
}

/// Where an order to send stands.
package struct SendProgress: Hashable, Sendable {
    package let order: SendOrder
    package let state: SendState
    /// What the node has folded.
    package let height: Height
    /// Fees of the transfer as the ledger would take them now.
    package let fee: Amount
    package let balance: Amount
    /// False where the order was known before.
    package let isNew: Bool

    package init(
        order: SendOrder, state: SendState, height: Height, fee: Amount, balance: Amount,
        isNew: Bool
    ) {
        self.order = order
        self.state = state
        self.height = height
        self.fee = fee
        self.balance = balance
        self.isNew = isNew
    }
}
