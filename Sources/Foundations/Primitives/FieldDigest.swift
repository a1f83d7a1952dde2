internal import Cryptography

/// Four canonical Goldilocks elements as they travel: a Poseidon2 digest, 32 bytes, each element
/// eight little-endian bytes. `Hash` computes with them; everybody else compares them.
package struct FieldDigest: Hashable, Comparable, Sendable {
    package static let modulus: UInt64 = 0xFFFF_FFFF_0000_0001
    package static let zero = FieldDigest(elements: [0, 0, 0, 0])!
    package static let byteCount = 32

    /// Four values below `modulus`.
    package let elements: [UInt64]

    /// Nil unless there are four elements, each canonical.
    package init?(elements: [UInt64]) {
        guard elements.count == 4, elements.allSatisfy({ $0 < Self.modulus }) else { return nil }
        self.elements = elements
    }

    /// Nil unless `bytes` is 32 bytes of four canonical elements.
    package init?(bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        let flat = [UInt8](bytes)
        self.init(
            elements: (0..<4).map { element in
                (0..<8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(flat[element * 8 + $1]) }
            })
    }

    package init?(hex: String) {
        guard let bytes = [UInt8](hex: hex) else { return nil }
        self.init(bytes: bytes)
    }

    package var bytes: [UInt8] {
        elements.flatMap { element in
            (0..<8).map { UInt8(truncatingIfNeeded: element >> ($0 * 8)) }
        }
    }

    package var hex: String { bytes.hex }

    package static func < (lhs: FieldDigest, rhs: FieldDigest) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}

extension FieldDigest: CustomStringConvertible {
    package var description: String { hex }
}

/// What names a block: `Poseidon2(networkId, slot, round, parent, S_in, S_out, paymentRoot,
/// leafCount)`, computed by `Payments`.
package struct BlockID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let digest: FieldDigest
    package init(_ digest: FieldDigest) { self.digest = digest }

    package var bytes: [UInt8] { digest.bytes }
    package var hex: String { digest.hex }
    package var shortName: String { String(hex.prefix(8)) }
    package var description: String { hex }
    package static func < (lhs: BlockID, rhs: BlockID) -> Bool { lhs.digest < rhs.digest }
}
