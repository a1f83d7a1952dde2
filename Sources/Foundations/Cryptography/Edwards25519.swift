internal import CSodium

/// A canonical encoding of a point of edwards25519 (RFC 8032 section 5.1.2); torsion included.
///
/// The arithmetic that a protocol above Ed25519 needs, on libsodium's public functions and byte
/// comparisons only. `+` and `-` are for public points; secrets go through `EdwardsSecretScalar`.
package struct EdwardsPoint: Hashable, Sendable {
    package let encoding: Bytes32

    /// y = 1, little-endian.
    package static let identity = EdwardsPoint(
        unchecked: Bytes32(words: 0x0100_0000_0000_0000, 0, 0, 0))

    /// Nil unless `encoding` is canonical and on the curve. About 10 µs; where the point is only
    /// multiplied, `EdwardsEncoding` checks the same on the way.
    package init?(_ encoding: Bytes32) {
        guard let canonical = EdwardsEncoding(encoding),
            let point = Self.combine(
                canonical.bytes, Self.identity.encoding, crypto_core_ed25519_add)
        else { return nil }
        self = point
    }

    fileprivate init(unchecked encoding: Bytes32) { self.encoding = encoding }

    /// Canonical, on the curve, of prime order: the identity is refused. About 31 µs.
    package static func isInPrimeOrderSubgroup(_ encoding: Bytes32) -> Bool {
        EdwardsEncoding(encoding) != nil
            && encoding.withUnsafeBytes { crypto_core_ed25519_is_valid_point($0) == 1 }
    }

    package static func + (lhs: EdwardsPoint, rhs: EdwardsPoint) -> EdwardsPoint {
        combine(lhs.encoding, rhs.encoding, crypto_core_ed25519_add)!
    }

    package static func - (lhs: EdwardsPoint, rhs: EdwardsPoint) -> EdwardsPoint {
        combine(lhs.encoding, rhs.encoding, crypto_core_ed25519_sub)!
    }

    /// 8·P: in the prime-order subgroup, or the identity.
    package var timesCofactor: EdwardsPoint {
        EdwardsEncoding(unchecked: encoding).timesCofactor!
    }

    /// n·P; nil unless P lies in the prime-order subgroup and is not the identity. About 65 µs.
    package func multiplied(by scalar: EdwardsScalar) -> EdwardsPoint? {
        EdwardsEncoding(unchecked: encoding).multiplied(by: scalar)
    }

    /// n·B of the base point B.
    package static func baseMultiplied(by scalar: EdwardsScalar) -> EdwardsPoint {
        guard scalar != .zero else { return .identity }
        return produce { output in
            scalar.bytes.withUnsafeBytes { crypto_scalarmult_ed25519_base_noclamp(output, $0) }
        }!
    }

    fileprivate static func multiply(_ scalar: Bytes32, _ point: Bytes32) -> EdwardsPoint? {
        produce { output in
            scalar.withUnsafeBytes { scalar in
                point.withUnsafeBytes { crypto_scalarmult_ed25519_noclamp(output, scalar, $0) }
            }
        }
    }

    fileprivate static func combine(
        _ lhs: Bytes32, _ rhs: Bytes32,
        _ operation: (
            UnsafeMutablePointer<UInt8>, UnsafePointer<UInt8>, UnsafePointer<UInt8>
        ) -> Int32
    ) -> EdwardsPoint? {
        produce { output in
            lhs.withUnsafeBytes { lhs in rhs.withUnsafeBytes { operation(output, lhs, $0) } }
        }
    }

    /// The point that `operation` writes, nil where it does not return 0.
    fileprivate static func produce(
        _ operation: (UnsafeMutablePointer<UInt8>) -> Int32
    ) -> EdwardsPoint? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { output in
            guard operation(output.baseAddress!) == 0 else { return nil }
            return EdwardsPoint(unchecked: Bytes32(loadingFrom: output.baseAddress!))
        }
    }
}

/// Bytes that encode at most one point, and are it if they lie on the curve. Each operation checks
/// that on its way, so that nothing is decoded twice.
package struct EdwardsEncoding: Hashable, Sendable {
    package let bytes: Bytes32

    /// Nil unless canonical. The library's addition takes the other forms too, so this comes first.
    package init?(_ bytes: Bytes32) {
        guard Self.isCanonical(bytes) else { return nil }
        self.bytes = bytes
    }

    fileprivate init(unchecked bytes: Bytes32) { self.bytes = bytes }

    /// 8·P; nil off the curve. About 30 µs.
    package var timesCofactor: EdwardsPoint? {
        guard let doubled = EdwardsPoint.combine(bytes, bytes, crypto_core_ed25519_add) else {
            return nil
        }
        let quadrupled = doubled + doubled
        return quadrupled + quadrupled
    }

    /// n·P; nil unless P lies in the prime-order subgroup and is not the identity. About 65 µs.
    package func multiplied(by scalar: EdwardsScalar) -> EdwardsPoint? {
        if let product = EdwardsPoint.multiply(scalar.bytes, bytes) { return product }
        // The library also refuses the scalar zero.
        guard scalar == .zero, EdwardsPoint.isInPrimeOrderSubgroup(bytes) else { return nil }
        return .identity
    }

    /// RFC 8032 section 5.1.3 on the encoding alone: y < p, and not x = 0 with its sign set.
    private static func isCanonical(_ encoding: Bytes32) -> Bool {
        encoding.withUnsafeBytes { bytes in
            let isNegative = bytes[31] & 0x80 != 0
            let isHighest = bytes[31] & 0x7F == 0x7F && (1..<31).allSatisfy { bytes[$0] == 0xFF }
            if isHighest && bytes[0] >= 0xED { return false }
            // x = 0 exactly where y is 1 or p − 1.
            let isMinusOne = isHighest && bytes[0] == 0xEC
            let isOne =
                bytes[0] == 1 && bytes[31] & 0x7F == 0 && (1..<31).allSatisfy { bytes[$0] == 0 }
            return !(isNegative && (isOne || isMinusOne))
        }
    }
}

/// A secret integer modulo L, or a clamped one; lent to constant-time library calls only.
package struct EdwardsSecretScalar: ~Copyable, Sendable {
    private let bytes: SecretBytes

    /// The first half of an expanded seed, clamped (RFC 8032 section 5.1.5).
    package init(clamping expandedSeed: borrowing SecretBytes) {
        precondition(expandedSeed.count == 64, "\(expandedSeed.count) bytes are no expanded seed")
        bytes = SecretBytes(count: 32, placement: .guardedPages) { output in
            expandedSeed.withUnsafeBytes {
                output.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[..<32]))
            }
            output[0] &= 248
            output[31] = output[31] & 127 | 64
        }
    }

    /// 64 bytes, little-endian, reduced modulo L.
    package init(reducing wide: borrowing SecretBytes) {
        precondition(wide.count == 64, "\(wide.count) bytes are no wide scalar")
        bytes = SecretBytes(count: 32) { output in
            wide.withUnsafePointer {
                crypto_core_ed25519_scalar_reduce(
                    output.assumingMemoryBound(to: UInt8.self).baseAddress!, $0)
            }
        }
    }

    /// Nil for a zero scalar, which has probability 2⁻²⁵².
    package borrowing func multiplyingBase() -> EdwardsPoint? {
        EdwardsPoint.produce { output in
            bytes.withUnsafePointer { crypto_scalarmult_ed25519_base_noclamp(output, $0) }
        }
    }

    /// Nil unless `point` lies in the prime-order subgroup and is not the identity.
    package borrowing func multiplying(_ point: EdwardsPoint) -> EdwardsPoint? {
        EdwardsPoint.produce { output in
            bytes.withUnsafePointer { scalar in
                point.encoding.withUnsafeBytes {
                    crypto_scalarmult_ed25519_noclamp(output, scalar, $0)
                }
            }
        }
    }

    /// `self + factor · other` modulo L, which the caller may publish.
    package borrowing func adding(
        _ factor: EdwardsScalar, times other: borrowing EdwardsSecretScalar
    ) -> EdwardsScalar {
        let product = SecretBytes(count: 32) { output in
            factor.bytes.withUnsafeBytes { factor in
                other.bytes.withUnsafePointer {
                    crypto_core_ed25519_scalar_mul(
                        output.assumingMemoryBound(to: UInt8.self).baseAddress!, factor, $0)
                }
            }
        }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { output in
            bytes.withUnsafePointer { lhs in
                product.withUnsafePointer {
                    crypto_core_ed25519_scalar_add(output.baseAddress!, lhs, $0)
                }
            }
            return EdwardsScalar(unchecked: Bytes32(loadingFrom: output.baseAddress!))
        }
    }
}

/// A public integer modulo L, 32 bytes little-endian, canonical.
package struct EdwardsScalar: Hashable, Sendable {
    package let bytes: Bytes32
    package static let zero = EdwardsScalar(unchecked: .zero)

    /// L = 2²⁵² + 27742317777372353535851937790883648493, most significant byte first.
    private static let order = Bytes32(
        words: 0x1000_0000_0000_0000, 0, 0x14DE_F9DE_A2F7_9CD6, 0x5812_631A_5CF5_D3ED)

    /// Nil unless below L.
    package init?(canonical bytes: Bytes32) {
        guard Bytes32(bytes.bytes.reversed())! < Self.order else { return nil }
        self.bytes = bytes
    }

    /// Fewer than 32 bytes, little-endian.
    package init(short bytes: some Collection<UInt8>) {
        precondition(bytes.count < 32, "\(bytes.count) bytes may exceed the group's order")
        self.bytes = Bytes32([UInt8](bytes) + [UInt8](repeating: 0, count: 32 - bytes.count))!
    }

    fileprivate init(unchecked bytes: Bytes32) { self.bytes = bytes }
}
