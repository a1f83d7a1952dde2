package import Payments
package import Primitives

/// Where a payment stands among its sender's others.
package struct PaymentPlace: Hashable, Sendable {
    let sender: UInt32
    let nonce: UInt64
    let keyIndex: UInt32

    package init(of payment: Payment) {
        sender = payment.sender
        nonce = payment.nonce
        keyIndex = payment.keyIndex
    }
}

extension RollupState {
    /// Whether the payment's nonce is used, or its sender has passed its one-time key.
    package func isPast(_ place: PaymentPlace) -> Bool {
        guard let account = account(place.sender) else { return false }
        return place.nonce < account.nonce || UInt64(place.keyIndex) < account.nextKeyIndex
    }
}
