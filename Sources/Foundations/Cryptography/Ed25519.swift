internal import CSodium

/// Ed25519 (RFC 8032) under one rule for the whole network.
///
/// A signature (R, S) of key A is valid iff S < L, A and R are canonical encodings of points of
/// the prime-order subgroup other than the identity, and `S·B = R + h·A`. With A and R in the
/// subgroup the cofactorless equation, which libsodium's releases check, and the cofactored one,
/// which its development branch and every batch verifier check, agree (Chalkias, Garillot,
/// Nikolaenko, eprint 2020/1244): no library update can split the network. No honest signature is
/// refused. Costs about 100 µs, two thirds of it for the two subgroup checks.
package enum Ed25519 {
    /// Whether `key` can be registered: a canonical point of the prime-order subgroup, not the
    /// identity.
    package static func isValidKey(_ key: Bytes32) -> Bool {
        EdwardsPoint.isInPrimeOrderSubgroup(key)
    }

    package static func isValidKey(_ key: some Bytes32Representable) -> Bool {
        isValidKey(key.rawBytes)
    }

    package static func verify(_ signature: Signature, message: [UInt8], key: Bytes32) -> Bool {
        guard let commitment = Bytes32(signature.bytes.prefix(32)),
            isValidKey(key), EdwardsPoint.isInPrimeOrderSubgroup(commitment)
        else { return false }
        return librarySaysValid(signature, message: message, key: key)
    }

    package static func verify(
        _ signature: Signature, message: [UInt8], key: some Bytes32Representable
    ) -> Bool {
        verify(signature, message: message, key: key.rawBytes)
    }

    /// The library's own answer, which differs between its releases; pinned by the tests and by
    /// `CryptographySelfTest`, used by nothing else.
    package static func librarySaysValid(
        _ signature: Signature, message: [UInt8], key: Bytes32
    ) -> Bool {
        key.withUnsafeBytes {
            crypto_sign_verify_detached(signature.bytes, message, UInt64(message.count), $0) == 0
        }
    }
}

/// An Ed25519 secret key. It signs and nothing else: a VRF key is never made from the same seed,
/// since both derive their nonce alike and together give the key away.
package struct SigningKey: ~Copyable, Sendable {
    package static let seedByteCount = 32

    /// seed ‖ public key, as libsodium wants it.
    private let secret: SecretBytes
    package let publicKey: Bytes32

    /// Throws `wrongByteCount` unless `seed` holds 32 bytes.
    package init(seed: borrowing SecretBytes) throws(CryptographyError) {
        guard seed.count == Self.seedByteCount else {
            throw .wrongByteCount(expected: Self.seedByteCount, found: seed.count)
        }
        var publicKey = Bytes32.zero
        secret = SecretBytes(count: 64, placement: .guardedPages) { output in
            publicKey = Self.expand(seed, into: output)
        }
        self.publicKey = publicKey
    }

    /// Deterministic (RFC 8032 section 5.1.6).
    package borrowing func sign(_ message: [UInt8]) -> Signature {
        let bytes = [UInt8](unsafeUninitializedCapacity: Signature.byteCount) { output, count in
            let code = secret.withUnsafePointer {
                crypto_sign_detached(
                    output.baseAddress!, nil, message, UInt64(message.count), $0)
            }
            Sodium.require(code, "crypto_sign_detached")
            count = Signature.byteCount
        }
        return Signature(bytes)!
    }

    private static func expand(
        _ seed: borrowing SecretBytes, into output: UnsafeMutableRawBufferPointer
    ) -> Bytes32 {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { publicKey in
            let code = seed.withUnsafePointer { seed in
                crypto_sign_seed_keypair(
                    publicKey.baseAddress!,
                    output.assumingMemoryBound(to: UInt8.self).baseAddress!, seed)
            }
            Sodium.require(code, "crypto_sign_seed_keypair")
            return Bytes32(loadingFrom: publicKey.baseAddress!)
        }
    }
}

/// A signing key with several holders: what a closure or an actor's pool signs with.
package final class SharedSigningKey: Sendable {
    private let key: SigningKey

    package init(_ key: consuming SigningKey) { self.key = key }

    package var publicKey: Bytes32 { key.publicKey }
    package func sign(_ message: [UInt8]) -> Signature { key.sign(message) }
}
