package import Cryptography

/// `NoiseHandshakePayload` of libp2p (specs/noise): who vouches for the static key.
///
///     1 identity_key bytes   2 identity_sig bytes   4 extensions { 2 stream_muxers repeated }
///
/// Only Ed25519 identities in the encoding of the peer-id specification are taken. Unknown fields
/// are skipped, as protobuf demands.
package struct NoisePayload: Hashable, Sendable {
    package let identityKey: Bytes32
    package let identitySignature: Signature
    /// The peer's multiplexers in its order; ours are negotiated afterwards instead.
    package let streamMuxers: [String]

    /// Protobuf `PublicKey{Type: Ed25519, Data: 32 bytes}` up to the data.
    private static let keyPrefix: [UInt8] = [0x08, 0x01, 0x12, 0x20]

    package init(identityKey: Bytes32, identitySignature: Signature, streamMuxers: [String] = []) {
        self.identityKey = identityKey
        self.identitySignature = identitySignature
        self.streamMuxers = streamMuxers
    }

    /// What an identity key signs.
    package static func signedBytes(staticKey: Bytes32) -> [UInt8] {
        Array("noise-libp2p-static-key:".utf8) + staticKey.bytes
    }

    /// Whether the identity vouches for `staticKey`, under the strict rule of `Ed25519`.
    package func vouches(for staticKey: Bytes32) -> Bool {
        Ed25519.verify(
            identitySignature, message: Self.signedBytes(staticKey: staticKey), key: identityKey)
    }

    package var encoded: [UInt8] {
        var bytes: [UInt8] = []
        Self.append(field: 1, Self.keyPrefix + identityKey.bytes, to: &bytes)
        Self.append(field: 2, identitySignature.bytes, to: &bytes)
        guard !streamMuxers.isEmpty else { return bytes }
        var extensions: [UInt8] = []
        for muxer in streamMuxers { Self.append(field: 2, Array(muxer.utf8), to: &extensions) }
        Self.append(field: 4, extensions, to: &bytes)
        return bytes
    }

    /// Throws `malformedPayload` or `unsupportedIdentityKey`; says nothing about the signature.
    package init(decoding bytes: [UInt8]) throws(NoiseError) {
        var key: ArraySlice<UInt8>?
        var signature: ArraySlice<UInt8>?
        var muxers: [String] = []
        var reader = FieldReader(bytes[...])
        while let (number, value) = try reader.next() {
            switch number {
            case 1: key = value
            case 2: signature = value
            case 4: muxers = try Self.streamMuxers(in: value)
            default: continue
            }
        }
        guard let key, let signature = signature.flatMap({ Signature($0) }) else {
            throw .malformedPayload
        }
        guard key.starts(with: Self.keyPrefix),
            let identityKey = Bytes32(key.dropFirst(Self.keyPrefix.count))
        else { throw .unsupportedIdentityKey }
        self.init(
            identityKey: identityKey, identitySignature: signature, streamMuxers: muxers)
    }

    private static func streamMuxers(
        in extensions: ArraySlice<UInt8>
    ) throws(NoiseError) -> [String] {
        var muxers: [String] = []
        var reader = FieldReader(extensions)
        while let (number, value) = try reader.next() {
            guard number == 2, muxers.count < NoiseParameters.maximumStreamMuxers,
                value.count <= NoiseParameters.maximumStreamMuxerByteCount
            else { continue }
            muxers.append(String(decoding: value, as: UTF8.self))
        }
        return muxers
    }

    /// A length-delimited field; ours are shorter than 2¹⁴ bytes.
    private static func append(field number: UInt8, _ value: [UInt8], to bytes: inout [UInt8]) {
        precondition(value.count < 1 << 14, "a field of \(value.count) bytes")
        bytes.append(number << 3 | 2)
        if value.count < 128 {
            bytes.append(UInt8(value.count))
        } else {
            bytes.append(UInt8(value.count & 127) | 128)
            bytes.append(UInt8(value.count >> 7))
        }
        bytes.append(contentsOf: value)
    }
}

/// Reads the length-delimited fields of a protobuf message and skips the others.
private struct FieldReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// Nil at the end of the message.
    mutating func next() throws(NoiseError) -> (number: UInt64, value: ArraySlice<UInt8>)? {
        while !rest.isEmpty {
            let tag = try varint()
            guard tag >> 3 != 0 else { throw .malformedPayload }
            switch tag & 7 {
            case 0: _ = try varint()
            case 1: _ = try take(8)
            case 2: return (tag >> 3, try take(varint()))
            case 5: _ = try take(4)
            default: throw .malformedPayload
            }
        }
        return nil
    }

    private mutating func take(_ count: UInt64) throws(NoiseError) -> ArraySlice<UInt8> {
        guard count <= UInt64(rest.count) else { throw .malformedPayload }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private mutating func varint() throws(NoiseError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformedPayload }
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return value }
        }
        throw .malformedPayload
    }
}
