import Cryptography

/// ECVRF-EDWARDS25519-SHA512-TAI (RFC 9381, suite 0x03): a public key and an input have exactly
/// one output β that anybody can check, even where the key's owner is hostile (section 3.1).
///
/// The network's rule is stricter than the RFC: the key and Gamma must lie in the prime-order
/// subgroup and not be the identity, where the RFC refuses only keys of low order. No honest proof
/// is touched, β is the same, and one code path remains. The bounds: Gamma canonical, s < L, an
/// input of at most `VRFParameters.maximumInputByteCount` bytes. Proving costs about 200 µs and
/// verifying 290 µs. Try-and-increment takes time that depends on the input, which is public.
package enum ECVRF {
    static let suite: UInt8 = 3

    /// β where `proof` is valid for `key` and `input`, else nil.
    package static func verify(
        key: VRFPublicKey, input: [UInt8], proof: VRFProof
    ) -> VRFOutput? {
        guard input.count <= VRFParameters.maximumInputByteCount,
            let parts = ProofParts(proof), let point = EdwardsEncoding(key.rawBytes),
            let keyTerm = point.multiplied(by: parts.challenge.scalar),
            let gammaTerm = parts.gamma.multiplied(by: parts.challenge.scalar),
            let hashed = hashToCurve(key: key, input: input),
            let hashedTerm = hashed.multiplied(by: parts.response)
        else { return nil }
        let expected = Challenge(
            key: key, hashed: hashed, gamma: parts.gamma.bytes,
            baseCommitment: EdwardsPoint.baseMultiplied(by: parts.response) - keyTerm,
            hashedCommitment: hashedTerm - gammaTerm)
        guard expected == parts.challenge else { return nil }
        return output(cofactorTimesGamma: parts.gamma.timesCofactor)
    }

    /// What `proof` claims, at a tenth of a verification's cost; nil where its shape is wrong. Not
    /// to be believed before `verify`: it serves to drop a claim that would change nothing.
    package static func claimedOutput(of proof: VRFProof) -> VRFOutput? {
        ProofParts(proof).flatMap { output(cofactorTimesGamma: $0.gamma.timesCofactor) }
    }

    /// Whether `key` can be registered.
    package static func isValidKey(_ key: VRFPublicKey) -> Bool {
        EdwardsPoint.isInPrimeOrderSubgroup(key.rawBytes)
    }

    /// `ECVRF_encode_to_curve_try_and_increment` (section 5.4.1.1), salted with the key. Nil after
    /// 256 tries, which has probability 2⁻²⁵⁶.
    static func hashToCurve(key: VRFPublicKey, input: [UInt8]) -> EdwardsPoint? {
        var prefix = SHA512.Hasher()
        prefix.update([suite, 1])
        prefix.update(key.rawBytes)
        prefix.update(input)
        for counter in UInt8.min...UInt8.max {
            var hasher = prefix.copy()
            hasher.update([counter, 0])
            let candidate = Bytes32(hasher.finalize().prefix(32))!
            if let point = EdwardsEncoding(candidate)?.timesCofactor, point != .identity {
                return point
            }
        }
        return nil
    }

    /// `ECVRF_proof_to_hash` (section 5.2); nil where Gamma was not on the curve.
    static func output(cofactorTimesGamma point: EdwardsPoint?) -> VRFOutput? {
        guard let point else { return nil }
        var hasher = SHA512.Hasher()
        hasher.update([suite, 3])
        hasher.update(point.encoding)
        hasher.update([0])
        return VRFOutput(hasher.finalize())!
    }
}

/// `c` of a proof: 16 bytes.
struct Challenge: Hashable {
    static let byteCount = 16
    let bytes: [UInt8]
    var scalar: EdwardsScalar { EdwardsScalar(short: bytes) }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// `ECVRF_challenge_generation` (section 5.4.3) of RFC 9381; drafts up to 10 leave the key out.
    init(
        key: VRFPublicKey, hashed: EdwardsPoint, gamma: Bytes32,
        baseCommitment: EdwardsPoint, hashedCommitment: EdwardsPoint
    ) {
        var hasher = SHA512.Hasher()
        hasher.update([ECVRF.suite, 2])
        hasher.update(key.rawBytes)
        hasher.update(hashed.encoding)
        hasher.update(gamma)
        hasher.update(baseCommitment.encoding)
        hasher.update(hashedCommitment.encoding)
        hasher.update([0])
        bytes = Array(hasher.finalize().prefix(Self.byteCount))
    }
}

/// `ECVRF_decode_proof` (section 5.4.4): Gamma ‖ c ‖ s.
struct ProofParts {
    let gamma: EdwardsEncoding
    let challenge: Challenge
    let response: EdwardsScalar

    /// Nil unless Gamma is canonical, on the curve or not, and s < L.
    init?(_ proof: VRFProof) {
        guard let gamma = Bytes32(proof.bytes[..<32]).flatMap({ EdwardsEncoding($0) }),
            let response = Bytes32(proof.bytes[48...]).flatMap({ EdwardsScalar(canonical: $0) })
        else { return nil }
        self.gamma = gamma
        self.response = response
        challenge = Challenge(bytes: Array(proof.bytes[32..<48]))
    }
}
