package import Cryptography

/// One direction's `CipherState` (Noise section 5.1): a key and a counter that never repeats.
package struct NoiseCipher: Sendable {
    private let key: SharedSecretBytes
    /// The next message's number; `UInt64.max` is reserved.
    private var counter: UInt64

    package init(key: consuming SecretBytes, counter: UInt64 = 0) {
        self.key = SharedSecretBytes(key)
        self.counter = counter
    }

    /// Throws `nonceExhausted`. The caller bounds `plaintext`.
    package mutating func seal(
        _ plaintext: ArraySlice<UInt8>, associatedData: [UInt8] = []
    ) throws(NoiseError) -> [UInt8] {
        guard counter != .max else { throw .nonceExhausted }
        let sealed = ChaCha20Poly1305.seal(
            plaintext, key: key.bytes, nonce: nonce, associatedData: associatedData)
        counter += 1
        return sealed
    }

    /// Throws `authenticationFailed`, after which the counter has not moved and the channel must
    /// be closed, or `nonceExhausted`.
    package mutating func open(
        _ ciphertext: ArraySlice<UInt8>, associatedData: [UInt8] = []
    ) throws(NoiseError) -> [UInt8] {
        guard counter != .max else { throw .nonceExhausted }
        let plaintext: [UInt8]
        do {
            plaintext = try ChaCha20Poly1305.open(
                ciphertext, key: key.bytes, nonce: nonce, associatedData: associatedData)
        } catch {
            throw .authenticationFailed
        }
        counter += 1
        return plaintext
    }

    /// Four zero bytes and the counter, little-endian (section 12.3).
    private var nonce: [UInt8] {
        [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: counter >> ($0 * 8)) }
    }
}
