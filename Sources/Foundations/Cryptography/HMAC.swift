internal import CSodium

/// HMAC-SHA256 (RFC 2104) with a key of any length.
package struct HMACSHA256: ~Copyable {
    package static let byteCount = 32

    private let state: UnsafeMutablePointer<crypto_auth_hmacsha256_state>

    package init(key: borrowing SecretBytes) {
        state = .allocate(capacity: 1)
        let code = key.withUnsafePointer { crypto_auth_hmacsha256_init(state, $0, key.count) }
        Sodium.require(code, "crypto_auth_hmacsha256_init")
    }

    deinit {
        sodium_memzero(state, MemoryLayout<crypto_auth_hmacsha256_state>.size)
        state.deallocate()
    }

    package mutating func update(_ bytes: [UInt8]) {
        let code = crypto_auth_hmacsha256_update(state, bytes, UInt64(bytes.count))
        Sodium.require(code, "crypto_auth_hmacsha256_update")
    }

    package mutating func update(_ bytes: borrowing SecretBytes) {
        let code = bytes.withUnsafePointer {
            crypto_auth_hmacsha256_update(state, $0, UInt64(bytes.count))
        }
        Sodium.require(code, "crypto_auth_hmacsha256_update")
    }

    /// 32 secret bytes.
    package consuming func finalize() -> SecretBytes {
        SecretBytes(count: Self.byteCount) { output in
            let code = crypto_auth_hmacsha256_final(
                state, output.assumingMemoryBound(to: UInt8.self).baseAddress!)
            Sodium.require(code, "crypto_auth_hmacsha256_final")
        }
    }
}

/// HKDF-SHA256 (RFC 5869).
package enum HKDFSHA256 {
    /// `HKDF-Extract`; an empty salt counts as 32 zero bytes. 32 secret bytes.
    package static func extract(
        salt: borrowing SecretBytes, inputKeyMaterial: borrowing SecretBytes
    ) -> SecretBytes {
        var authenticator = HMACSHA256(key: salt)
        authenticator.update(inputKeyMaterial)
        return authenticator.finalize()
    }

    /// `HKDF-Expand`. Asking for more than `maximumHKDFByteCount` is our bug and traps.
    package static func expand(
        key: borrowing SecretBytes, info: [UInt8], byteCount: Int
    ) -> SecretBytes {
        precondition(
            (0...CryptographyParameters.maximumHKDFByteCount).contains(byteCount),
            "HKDF cannot give \(byteCount) bytes")
        return SecretBytes(count: byteCount) { output in
            var block = SecretBytes(copying: [])
            var written = 0
            for counter in 1...UInt8.max where written < byteCount {
                var authenticator = HMACSHA256(key: key)
                authenticator.update(block)
                authenticator.update(info)
                authenticator.update([counter])
                block = authenticator.finalize()
                let count = min(block.count, byteCount - written)
                block.withUnsafeBytes { bytes in
                    UnsafeMutableRawBufferPointer(rebasing: output[written..<written + count])
                        .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
                }
                written += count
            }
        }
    }
}
