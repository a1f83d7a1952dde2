internal import CSodium

/// X25519 (RFC 7748). A secret is any 32 bytes; the library clamps them.
package enum X25519 {
    package static let byteCount = 32

    /// Throws `wrongByteCount` unless `secret` holds 32 bytes.
    package static func publicKey(
        of secret: borrowing SecretBytes
    ) throws(CryptographyError) -> Bytes32 {
        guard secret.count == byteCount else {
            throw .wrongByteCount(expected: byteCount, found: secret.count)
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { output in
            let code = secret.withUnsafePointer {
                crypto_scalarmult_curve25519_base(output.baseAddress!, $0)
            }
            Sodium.require(code, "crypto_scalarmult_curve25519_base")
            return Bytes32(loadingFrom: output.baseAddress!)
        }
    }

    /// Throws `lowOrderPoint` where the result would be zero whatever the secret.
    package static func sharedSecret(
        _ secret: borrowing SecretBytes, with publicKey: Bytes32
    ) throws(CryptographyError) -> SecretBytes {
        guard secret.count == byteCount else {
            throw .wrongByteCount(expected: byteCount, found: secret.count)
        }
        return try SecretBytes(count: byteCount) { output throws(CryptographyError) in
            let code = publicKey.withUnsafeBytes { point in
                secret.withUnsafePointer { scalar in
                    crypto_scalarmult_curve25519(
                        output.assumingMemoryBound(to: UInt8.self).baseAddress!, scalar, point)
                }
            }
            guard code == 0 else { throw .lowOrderPoint }
        }
    }
}
