import Field
package import Hash
package import Primitives

/// The digest of a payment: what its one-time signature signs, and what names it in the block.
///
/// `H(payment, salt ‖ networkDigest ‖ sender ‖ recipient ‖ amount ‖ fee ‖ nonce ‖ keyIndex ‖ opens ‖
/// nextSenderKey ‖ recipientKey)`, where `opens` is 1 and `recipientKey` the new key if the payment
/// opens its recipient, both being 0 otherwise. 23 elements, three permutations.
///
/// The signature signs its first two elements, 128 bits. The signer's salt makes finding another
/// message for them a second-preimage search, and since account and key index are in the message,
/// one search aims at one signature only.
package enum PaymentDigest {
    package static func digest(of payment: Payment, networkDigest: HashOutput) -> HashOutput {
        RollupHash.hash(
            .payment, payment.salt.fieldElements + unsalted(payment, networkDigest: networkDigest))
    }

    /// All that the digest covers but the salt.
    static func unsalted(_ payment: Payment, networkDigest: HashOutput) -> [Goldilocks] {
        let numbers = [
            UInt64(payment.sender), UInt64(payment.recipient), payment.amount.units,
            payment.fee.units, payment.nonce, UInt64(payment.keyIndex),
            payment.recipientKey == nil ? 0 : 1,
        ]
        return networkDigest.elements + numbers.map { Goldilocks($0) }
            + payment.nextSenderKey.fieldElements
            + (payment.recipientKey ?? .zero).fieldElements
    }
}
