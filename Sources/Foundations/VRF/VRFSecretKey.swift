package import Cryptography

/// A VRF secret key. Its seed serves nothing else: an Ed25519 signature over a hashed point under
/// the same seed would give the key away.
package struct VRFSecretKey: ~Copyable, Sendable {
    package static let seedByteCount = 32

    private let scalar: EdwardsSecretScalar
    private let noncePrefix: SecretBytes
    package let publicKey: VRFPublicKey

    /// Expands the seed as RFC 8032 section 5.1.5 does. Throws `wrongByteCount` unless it holds 32
    /// bytes.
    package init(seed: borrowing SecretBytes) throws(CryptographyError) {
        guard seed.count == Self.seedByteCount else {
            throw .wrongByteCount(expected: Self.seedByteCount, found: seed.count)
        }
        var hasher = SHA512.Hasher()
        hasher.update(seed)
        let expanded = hasher.finalizeSecret()
        scalar = EdwardsSecretScalar(clamping: expanded)
        noncePrefix = expanded.slice(32..<64, placement: .guardedPages)
        guard let point = scalar.multiplyingBase() else {
            preconditionFailure("a clamped scalar is never zero")
        }
        publicKey = VRFPublicKey(point.encoding)
    }

    /// `ECVRF_prove` (section 5.1) with the nonce of section 5.4.2.2. Traps above
    /// `VRFParameters.maximumInputByteCount`: inputs are ours.
    package borrowing func prove(_ input: [UInt8]) -> (proof: VRFProof, output: VRFOutput) {
        precondition(
            input.count <= VRFParameters.maximumInputByteCount, "\(input.count) bytes of input")
        guard let hashed = ECVRF.hashToCurve(key: publicKey, input: input) else {
            preconditionFailure("no point in 256 tries")
        }
        let nonce = nonce(for: hashed)
        guard let gamma = scalar.multiplying(hashed),
            let baseCommitment = nonce.multiplyingBase(),
            let hashedCommitment = nonce.multiplying(hashed),
            let output = ECVRF.output(cofactorTimesGamma: gamma.timesCofactor)
        else { preconditionFailure("a nonce of zero") }
        let challenge = Challenge(
            key: publicKey, hashed: hashed, gamma: gamma.encoding, baseCommitment: baseCommitment,
            hashedCommitment: hashedCommitment)
        let response = nonce.adding(challenge.scalar, times: scalar)
        let proof = gamma.encoding.bytes + challenge.bytes + response.bytes.bytes
        return (VRFProof(proof)!, output)
    }

    private borrowing func nonce(for hashed: EdwardsPoint) -> EdwardsSecretScalar {
        var hasher = SHA512.Hasher()
        hasher.update(noncePrefix)
        hasher.update(hashed.encoding)
        return EdwardsSecretScalar(reducing: hasher.finalizeSecret())
    }
}
