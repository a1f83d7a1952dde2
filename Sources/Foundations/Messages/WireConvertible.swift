internal import Cryptography
internal import FoundationEssentials
internal import Primitives
internal import SwiftProtobuf
internal import VRF

/// A type of ours with a generated twin.
protocol WireConvertible {
    associatedtype Wire: Message
    /// Checks presence, lengths and ranges.
    init(wire: Wire) throws(DecodingError)
    var wire: Wire { get }
}

/// The checks that the fields share; `field` names the field for whoever reads the error.
enum WireField {
    static func bytes32<Value: Bytes32Representable>(
        _ data: Data, _ field: String
    ) throws(DecodingError) -> Value {
        guard let value = Value(bytes: data) else {
            throw .wrongLength(
                field: field, expectedByteCount: Bytes32.byteCount, foundByteCount: data.count)
        }
        return value
    }

    static func signature(_ data: Data, _ field: String) throws(DecodingError) -> Signature {
        guard let value = Signature(data) else {
            throw .wrongLength(
                field: field, expectedByteCount: Signature.byteCount, foundByteCount: data.count)
        }
        return value
    }

    static func vrfProof(_ data: Data, _ field: String) throws(DecodingError) -> VRFProof {
        guard let value = VRFProof(data) else {
            throw .wrongLength(
                field: field, expectedByteCount: VRFProof.byteCount, foundByteCount: data.count)
        }
        return value
    }

    static func digest(
        _ data: some Collection<UInt8>, _ field: String
    ) throws(DecodingError) -> FieldDigest {
        guard data.count == FieldDigest.byteCount else {
            throw .wrongLength(
                field: field, expectedByteCount: FieldDigest.byteCount, foundByteCount: data.count)
        }
        guard let value = FieldDigest(bytes: data) else { throw .notAFieldElement(field: field) }
        return value
    }

    static func blockID(_ data: Data, _ field: String) throws(DecodingError) -> BlockID {
        BlockID(try digest(data, field))
    }

    /// Digests one after another, at most `limit` of them.
    static func digests(
        _ data: Data, _ field: String, atMost limit: Int
    ) throws(DecodingError) -> [FieldDigest] {
        let parts = try parts(data, field, of: FieldDigest.byteCount, atMost: limit)
        var digests: [FieldDigest] = []
        for part in parts { digests.append(try digest(part, field)) }
        return digests
    }

    /// `data` cut into pieces of `byteCount` bytes, at most `limit` of them.
    static func parts(
        _ data: Data, _ field: String, of byteCount: Int, atMost limit: Int
    ) throws(DecodingError) -> [ArraySlice<UInt8>] {
        guard data.count / byteCount <= limit else { throw .tooMany(field: field, limit: limit) }
        guard data.count.isMultiple(of: byteCount) else {
            let expected = data.count / byteCount * byteCount
            throw .wrongLength(
                field: field, expectedByteCount: expected, foundByteCount: data.count)
        }
        let bytes = [UInt8](data)
        return stride(from: 0, to: bytes.count, by: byteCount).map { bytes[$0..<$0 + byteCount] }
    }

    /// `value` where it is at most `limit`.
    static func bounded(
        _ value: UInt64, _ field: String, atMost limit: UInt64
    ) throws(DecodingError) -> UInt64 {
        guard value <= limit else { throw .outOfRange(field: field, limit: limit, found: value) }
        return value
    }
}
