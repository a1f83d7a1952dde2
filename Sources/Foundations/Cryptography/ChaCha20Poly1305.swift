internal import CSodium

/// ChaCha20-Poly1305 (RFC 8439): 32-byte key, 12-byte nonce never used twice with a key, 16-byte
/// tag at the end of the ciphertext.
package enum ChaCha20Poly1305 {
    package static let keyByteCount = 32
    package static let nonceByteCount = 12
    package static let tagByteCount = 16

    /// Traps unless key and nonce have their lengths: they are ours.
    package static func seal(
        _ plaintext: ArraySlice<UInt8>, key: borrowing SecretBytes, nonce: [UInt8],
        associatedData: [UInt8]
    ) -> [UInt8] {
        requireLengths(key: key.count, nonce: nonce.count)
        return key.withUnsafePointer { key in
            AEAD.seal(plaintext) { output, input, count in
                crypto_aead_chacha20poly1305_ietf_encrypt(
                    output, nil, input, count, associatedData, UInt64(associatedData.count), nil,
                    nonce, key)
            }
        }
    }

    /// Throws `authenticationFailed`, also for a ciphertext shorter than its tag.
    package static func open(
        _ ciphertext: ArraySlice<UInt8>, key: borrowing SecretBytes, nonce: [UInt8],
        associatedData: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        requireLengths(key: key.count, nonce: nonce.count)
        return try key.withUnsafePointer { key throws(CryptographyError) in
            try AEAD.open(ciphertext) { output, input, count in
                crypto_aead_chacha20poly1305_ietf_decrypt(
                    output, nil, nil, input!, count, associatedData, UInt64(associatedData.count),
                    nonce, key)
            }
        }
    }

    private static func requireLengths(key: Int, nonce: Int) {
        precondition(key == keyByteCount, "a key of \(key) bytes")
        precondition(nonce == nonceByteCount, "a nonce of \(nonce) bytes")
    }
}

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha): the same with a 24-byte nonce, long enough to be
/// drawn at random.
package enum XChaCha20Poly1305 {
    package static let keyByteCount = 32
    package static let nonceByteCount = 24
    package static let tagByteCount = 16

    /// Traps unless key and nonce have their lengths: they are ours.
    package static func seal(
        _ plaintext: borrowing SecretBytes, key: borrowing SecretBytes, nonce: [UInt8],
        associatedData: [UInt8]
    ) -> [UInt8] {
        requireLengths(key: key.count, nonce: nonce.count)
        let byteCount = plaintext.count + tagByteCount
        return [UInt8](unsafeUninitializedCapacity: byteCount) { output, initializedCount in
            let code = plaintext.withUnsafePointer { input in
                key.withUnsafePointer { key in
                    crypto_aead_xchacha20poly1305_ietf_encrypt(
                        output.baseAddress!, nil, input, UInt64(plaintext.count), associatedData,
                        UInt64(associatedData.count), nil, nonce, key)
                }
            }
            Sodium.require(code, "crypto_aead_xchacha20poly1305_ietf_encrypt")
            initializedCount = byteCount
        }
    }

    /// Throws `authenticationFailed`, also for a ciphertext shorter than its tag.
    package static func open(
        _ ciphertext: [UInt8], key: borrowing SecretBytes, nonce: [UInt8],
        associatedData: [UInt8]
    ) throws(CryptographyError) -> SecretBytes {
        requireLengths(key: key.count, nonce: nonce.count)
        guard ciphertext.count >= tagByteCount else { throw .authenticationFailed }
        let byteCount = ciphertext.count - tagByteCount
        return try SecretBytes(count: byteCount) { output throws(CryptographyError) in
            let code = key.withUnsafePointer { key in
                crypto_aead_xchacha20poly1305_ietf_decrypt(
                    output.assumingMemoryBound(to: UInt8.self).baseAddress, nil, nil, ciphertext,
                    UInt64(ciphertext.count), associatedData, UInt64(associatedData.count), nonce,
                    key)
            }
            guard code == 0 else { throw .authenticationFailed }
        }
    }

    private static func requireLengths(key: Int, nonce: Int) {
        precondition(key == keyByteCount, "a key of \(key) bytes")
        precondition(nonce == nonceByteCount, "a nonce of \(nonce) bytes")
    }
}

/// The memory handling that sealing and opening share.
private enum AEAD {
    typealias Operation = (
        _ output: UnsafeMutablePointer<UInt8>, _ input: UnsafePointer<UInt8>?, _ count: UInt64
    ) -> Int32

    static func seal(_ plaintext: ArraySlice<UInt8>, _ operation: Operation) -> [UInt8] {
        let byteCount = plaintext.count + ChaCha20Poly1305.tagByteCount
        return [UInt8](unsafeUninitializedCapacity: byteCount) { output, initializedCount in
            let code = plaintext.withUnsafeBufferPointer {
                operation(output.baseAddress!, $0.baseAddress, UInt64($0.count))
            }
            Sodium.require(code, "aead encrypt")
            initializedCount = byteCount
        }
    }

    static func open(
        _ ciphertext: ArraySlice<UInt8>, _ operation: Operation
    ) throws(CryptographyError) -> [UInt8] {
        guard ciphertext.count >= ChaCha20Poly1305.tagByteCount else {
            throw .authenticationFailed
        }
        let byteCount = ciphertext.count - ChaCha20Poly1305.tagByteCount
        var isAuthentic = false
        // One byte more than needed, so that an empty plaintext still has an address.
        let plaintext = [UInt8](unsafeUninitializedCapacity: byteCount + 1) { output, count in
            let code = ciphertext.withUnsafeBufferPointer {
                operation(output.baseAddress!, $0.baseAddress, UInt64($0.count))
            }
            isAuthentic = code == 0
            count = isAuthentic ? byteCount : 0
        }
        guard isAuthentic else { throw .authenticationFailed }
        return plaintext
    }
}
