import Circuit
import Field
import Hash
import Payments

/// `OneTimeSignature` and the key tree in the circuit.
extension CircuitBuilder {
    /// The authentication key that the signature of a payment proves, as
    /// `VerifiedPayment.signer`. Where the payment is active, its digest must have the right weight.
    mutating func recoverAuthenticationKey(
        _ payment: PaymentTargets, digest: HashTarget, networkDigest: HashTarget
    ) -> HashTarget {
        let bits = digest.elements.prefix(2).flatMap {
            splitLittleEndian($0, bitCount: OneTimeSignature.bitsPerElement)
        }
        assertWeight(bits, where: payment.isActive)
        var ends: [Target] = []
        for (chain, value) in payment.signature.enumerated() {
            let end = chainEnd(
                of: value, chain: chain, payment: payment, networkDigest: networkDigest)
            ends += zip(value, end).map { select(bits[chain], $0, $1) }
        }
        let oneTimeKey = hash(domain: RollupDomain.oneTimeKey.tag, ends)
        let keyIndexBits = splitLittleEndian(
            payment.keyIndex, bitCount: PaymentLimits.keyIndexBits)
        return merkleRoot(
            leaf: oneTimeKey, siblings: payment.keyPath,
            position: Array(keyIndexBits.prefix(payment.keyPath.count)))
    }

    private mutating func assertWeight(_ bits: [BoolTarget], where condition: BoolTarget) {
        let weight = sum(bits.map(\.target))
        let expected = constant(UInt64(OneTimeSignature.digestWeight))
        assertEqual(weight, expected, where: condition)
    }

    /// One row.
    private mutating func chainEnd(
        of value: [Target], chain: Int, payment: PaymentTargets, networkDigest: HashTarget
    ) -> [Target] {
        let chain = constant(UInt64(chain))
        let hash = hash(
            domain: RollupDomain.chain.tag,
            value + networkDigest.elements.prefix(3) + [payment.sender, payment.keyIndex, chain])
        return Array(hash.elements.prefix(2))
    }
}
