import Hash
package import Primitives

/// A payment whose shape, ranges and one-time signature are checked, once.
///
/// A hash-based signature does not say yes or no: it yields the authentication key of its signer.
/// `signer` is that key. Whether it is the sender's key is a question to the state, and the first
/// that `RollupState` asks; everything costly is done here.
package struct VerifiedPayment: Hashable, Sendable {
    package let payment: Payment
    /// Names the payment; see `PaymentDigest`.
    package let digest: FieldDigest
    /// The authentication key that the signature proves.
    package let signer: FieldDigest

    /// About 175 permutations.
    package init(
        checking payment: Payment, parameters: RollupParameters
    ) throws(PaymentError) {
        try Self.checkShape(payment, parameters: parameters)
        let digest = PaymentDigest.digest(of: payment, networkDigest: parameters.networkDigest)
        let weight = OneTimeSignature.weight(of: digest)
        guard weight == OneTimeSignature.digestWeight else {
            throw .digestWeight(expected: OneTimeSignature.digestWeight, found: weight)
        }
        let tweak = KeyTweak(
            networkDigest: parameters.networkDigest, account: payment.sender,
            keyIndex: payment.keyIndex)
        let oneTimeKey = OneTimeSignature.recoverKey(
            from: payment.signature, digest: digest, tweak: tweak)
        self.payment = payment
        self.digest = digest.digest
        signer =
            authenticationKey(
                oneTimeKey: oneTimeKey, keyIndex: payment.keyIndex, path: payment.keyPath
            ).digest
    }

    private static func checkShape(
        _ payment: Payment, parameters: RollupParameters
    ) throws(PaymentError) {
        guard payment.signature.count == OneTimeSignature.signatureLength else {
            throw .signatureLength(
                expected: OneTimeSignature.signatureLength, found: payment.signature.count)
        }
        guard payment.keyPath.count == parameters.keyTreeHeight else {
            throw .keyPathLength(
                expected: parameters.keyTreeHeight, found: payment.keyPath.count)
        }
        try checkRanges(payment, parameters: parameters)
    }

    static func checkRanges(
        _ payment: Payment, parameters: RollupParameters
    ) throws(PaymentError) {
        guard payment.amount.units < PaymentLimits.amountEnd else {
            throw .amountOutOfRange(end: PaymentLimits.amountEnd, found: payment.amount.units)
        }
        guard payment.fee.units < PaymentLimits.feeEnd else {
            throw .feeOutOfRange(end: PaymentLimits.feeEnd, found: payment.fee.units)
        }
        guard payment.nonce < PaymentLimits.amountEnd else {
            throw .nonceOutOfRange(end: PaymentLimits.amountEnd, found: payment.nonce)
        }
        for account in [payment.sender, payment.recipient]
        where UInt64(account) >= parameters.accountLimit {
            throw .accountOutOfRange(end: parameters.accountLimit, found: account)
        }
    }
}
