internal import CSodium

/// SHA-512 (FIPS 180-4).
package enum SHA512 {
    package static let byteCount = 64

    /// 64 bytes.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var hasher = Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Hashes what arrives in pieces; `update` may also be given secrets, since the state is zeroed.
    package struct Hasher: ~Copyable {
        private let state: UnsafeMutablePointer<crypto_hash_sha512_state>

        package init() {
            state = .allocate(capacity: 1)
            Sodium.require(crypto_hash_sha512_init(state), "crypto_hash_sha512_init")
        }

        deinit {
            sodium_memzero(state, MemoryLayout<crypto_hash_sha512_state>.size)
            state.deallocate()
        }

        /// A hasher that has seen the same bytes.
        package borrowing func copy() -> Hasher {
            let twin = Hasher()
            twin.state.pointee = state.pointee
            return twin
        }

        package mutating func update(_ bytes: [UInt8]) {
            let code = crypto_hash_sha512_update(state, bytes, UInt64(bytes.count))
            Sodium.require(code, "crypto_hash_sha512_update")
        }

        package mutating func update(_ bytes: Bytes32) {
            let code = bytes.withUnsafeBytes { crypto_hash_sha512_update(state, $0, 32) }
            Sodium.require(code, "crypto_hash_sha512_update")
        }

        package mutating func update(_ bytes: borrowing SecretBytes) {
            let code = bytes.withUnsafeBytes { raw in
                crypto_hash_sha512_update(
                    state, raw.assumingMemoryBound(to: UInt8.self).baseAddress, UInt64(raw.count))
            }
            Sodium.require(code, "crypto_hash_sha512_update")
        }

        /// 64 bytes.
        package consuming func finalize() -> [UInt8] {
            [UInt8](unsafeUninitializedCapacity: byteCount) { output, initializedCount in
                let code = crypto_hash_sha512_final(state, output.baseAddress!)
                Sodium.require(code, "crypto_hash_sha512_final")
                initializedCount = byteCount
            }
        }

        /// 64 bytes that stay secret.
        package consuming func finalizeSecret(
            placement: SecretBytes.Placement = .heap
        ) -> SecretBytes {
            SecretBytes(count: byteCount, placement: placement) { output in
                let code = crypto_hash_sha512_final(
                    state, output.assumingMemoryBound(to: UInt8.self).baseAddress!)
                Sodium.require(code, "crypto_hash_sha512_final")
            }
        }
    }
}
