package import Cryptography

/// An ECVRF-EDWARDS25519-SHA512-TAI proof π: Gamma ‖ c ‖ s (RFC 9381 section 5.4.4), 80 bytes.
/// π is not unique for an input and a key: it never enters a seed, a score, a tie or an identity.
package struct VRFProof: Hashable, Sendable {
    package static let byteCount = 80
    package let bytes: [UInt8]

    /// Nil unless `bytes` holds exactly 80 bytes; says nothing about validity.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = [UInt8](bytes)
    }
}

/// A VRF output β (RFC 9381), 64 bytes, unique for a key and an input.
package struct VRFOutput: Hashable, Sendable {
    package static let byteCount = 64
    package let bytes: [UInt8]

    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = [UInt8](bytes)
    }

    /// The first eight bytes as a big-endian integer: `u` of the election rules.
    package var leadingWord: UInt64 {
        bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }
}

/// A VRF public key: a canonical point of the prime-order subgroup.
package struct VRFPublicKey: Bytes32Representable {
    package let rawBytes: Bytes32
    package init(_ rawBytes: Bytes32) { self.rawBytes = rawBytes }
}
