internal import SwiftProtobuf

/// Bytes to messages and back: the one door between the wire and our types.
///
/// A message has exactly one valid encoding: the bytes that `encode` makes of it. Decoding goes
/// 1. size limit of the kind, 2. count of every repeated field on the raw bytes, 3. parse,
/// 4. compare with the canonical encoding, 5. convert field by field with lengths and ranges. So
/// two implementations accept the same bytes, whatever their protobuf library forgives, and no
/// allocation exceeds a small multiple of the limit.
///
/// Signed bytes are kept as they were sent (`bodyBytes`) and never encoded again.
/// Deviation from protobuf's custom: unknown fields are refused, not skipped; another version of
/// the protocol has other topic and stream names.
package enum MessageCodec {
    static func encoded<Value: WireConvertible>(_ value: Value) -> [UInt8] {
        serialised(value.wire)
    }

    /// `limits` are those of the repeated fields.
    static func decoded<Value: WireConvertible>(
        _ type: Value.Type, from bytes: [UInt8], atMost limitByteCount: Int,
        limits: [FieldLimit] = []
    ) throws(DecodingError) -> Value {
        guard bytes.count <= limitByteCount else {
            throw .tooLong(limitByteCount: limitByteCount, foundByteCount: bytes.count)
        }
        try WireShape.check(bytes, limits)
        let wire: Value.Wire
        do {
            wire = try Value.Wire(serializedBytes: bytes, options: options)
        } catch {
            throw .malformed
        }
        guard serialised(wire) == bytes else { throw .notCanonical }
        return try Value(wire: wire)
    }

    private static let options: BinaryDecodingOptions = {
        var options = BinaryDecodingOptions()
        options.messageDepthLimit = MessagesParameters.maximumNestingDepth
        options.discardUnknownFields = true
        return options
    }()

    private static func serialised(_ wire: some Message) -> [UInt8] {
        do {
            return try wire.serializedBytes()
        } catch {
            // Only a required field, an Any or two gigabytes can fail; our schemas have none.
            preconditionFailure("a message of ours does not serialise: \(error)")
        }
    }
}
