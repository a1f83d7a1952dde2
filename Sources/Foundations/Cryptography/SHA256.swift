internal import CSodium

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    package static let byteCount = 32

    package static func hash(_ bytes: [UInt8]) -> Digest {
        bytes.withUnsafeBufferPointer { input in
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { output in
                let code = crypto_hash_sha256(
                    output.baseAddress!, input.baseAddress, UInt64(input.count))
                Sodium.require(code, "crypto_hash_sha256")
                return Digest(Bytes32(loadingFrom: output.baseAddress!))
            }
        }
    }

    /// Hashes what arrives in pieces; `update` may also be given secrets, since the state is zeroed.
    package struct Hasher: ~Copyable {
        private let state: UnsafeMutablePointer<crypto_hash_sha256_state>

        package init() {
            state = .allocate(capacity: 1)
            Sodium.require(crypto_hash_sha256_init(state), "crypto_hash_sha256_init")
        }

        deinit {
            sodium_memzero(state, MemoryLayout<crypto_hash_sha256_state>.size)
            state.deallocate()
        }

        package mutating func update(_ bytes: [UInt8]) {
            let code = crypto_hash_sha256_update(state, bytes, UInt64(bytes.count))
            Sodium.require(code, "crypto_hash_sha256_update")
        }

        package mutating func update(_ bytes: UnsafeRawBufferPointer) {
            let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
            let code = crypto_hash_sha256_update(state, start, UInt64(bytes.count))
            Sodium.require(code, "crypto_hash_sha256_update")
        }

        package consuming func finalize() -> Digest {
            withUnsafeTemporaryAllocation(of: UInt8.self, capacity: byteCount) { output in
                let code = crypto_hash_sha256_final(state, output.baseAddress!)
                Sodium.require(code, "crypto_hash_sha256_final")
                return Digest(Bytes32(loadingFrom: output.baseAddress!))
            }
        }
    }
}
