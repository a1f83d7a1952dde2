import Cryptography

/// The `SymmetricState` of Noise section 5.2: the chaining key, the hash of everything said so far
/// and, from the first Diffie-Hellman on, a cipher.
struct NoiseSymmetricState: Sendable {
    private var chainingKey: SharedSecretBytes
    private(set) var handshakeHash: Bytes32
    private var cipher: NoiseCipher?

    /// `protocolName` has 32 bytes, so it is the first hash itself (section 5.2).
    init(protocolName: String, prologue: [UInt8]) {
        let name = Array(protocolName.utf8)
        guard let hash = Bytes32(name) else {
            preconditionFailure("a protocol name of \(name.count) bytes")
        }
        handshakeHash = hash
        chainingKey = SharedSecretBytes(SecretBytes(copying: name))
        mixHash(prologue)
    }

    mutating func mixHash(_ bytes: [UInt8]) {
        var hasher = SHA256.Hasher()
        hasher.update(handshakeHash.bytes)
        hasher.update(bytes)
        handshakeHash = hasher.finalize().rawBytes
    }

    mutating func mixKey(_ inputKeyMaterial: borrowing SecretBytes) {
        let outputs = derive(inputKeyMaterial, count: 2)
        chainingKey = SharedSecretBytes(outputs.slice(0..<32))
        cipher = NoiseCipher(key: outputs.slice(32..<64))
    }

    mutating func encryptAndHash(_ plaintext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let associatedData = handshakeHash.bytes
        let ciphertext =
            try cipher?.seal(plaintext[...], associatedData: associatedData) ?? plaintext
        mixHash(ciphertext)
        return ciphertext
    }

    mutating func decryptAndHash(_ ciphertext: [UInt8]) throws(NoiseError) -> [UInt8] {
        let associatedData = handshakeHash.bytes
        let plaintext =
            try cipher?.open(ciphertext[...], associatedData: associatedData) ?? ciphertext
        mixHash(ciphertext)
        return plaintext
    }

    /// 96 bytes: the initiator's sending key, the responder's, and a third output of the same HKDF
    /// as exporter secret. The first two are those of `Split()` unchanged.
    func split() -> SecretBytes { derive(SecretBytes(copying: []), count: 3) }

    /// Noise's `HKDF(chaining_key, input_key_material, count)`, the outputs one after the other.
    private func derive(_ inputKeyMaterial: borrowing SecretBytes, count: Int) -> SecretBytes {
        let key = HKDFSHA256.extract(
            salt: chainingKey.bytes, inputKeyMaterial: inputKeyMaterial)
        return HKDFSHA256.expand(key: key, info: [], byteCount: 32 * count)
    }
}
