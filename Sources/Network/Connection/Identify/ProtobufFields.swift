/// The fields of a protobuf message, in order; those of fixed width are skipped, groups refused.
struct ProtobufFields {
    enum Value: Hashable, Sendable {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: some Sequence<UInt8>) { rest = [UInt8](bytes)[...] }

    /// Nil at the end of the message.
    mutating func next() throws(ConnectionError) -> (number: UInt64, value: Value)? {
        while !rest.isEmpty {
            let key = try varint()
            switch key & 7 {
            case 0: return (key >> 3, .varint(try varint()))
            case 1: _ = try take(8)
            case 2: return (key >> 3, .bytes(try take(varint())))
            case 5: _ = try take(4)
            default: throw .malformed("protobuf wire type \(key & 7)")
            }
        }
        return nil
    }

    /// A protobuf varint: unlike a multiformats one it may be padded and take ten bytes.
    private mutating func varint() throws(ConnectionError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed("protobuf ends early") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .invalidVarint
    }

    private mutating func take(_ byteCount: UInt64) throws(ConnectionError) -> ArraySlice<UInt8> {
        guard byteCount <= UInt64(rest.count) else { throw .malformed("protobuf ends early") }
        defer { rest = rest.dropFirst(Int(byteCount)) }
        return rest.prefix(Int(byteCount))
    }
}

extension [UInt8] {
    /// Appends a length-delimited field.
    mutating func append(field number: UInt64, _ value: [UInt8]) {
        UnsignedVarint.append(number << 3 | 2, to: &self)
        UnsignedVarint.append(UInt64(value.count), to: &self)
        self += value
    }

    /// Appends an integer field; `value` is below 2⁶³.
    mutating func append(field number: UInt64, _ value: UInt64) {
        UnsignedVarint.append(number << 3, to: &self)
        UnsignedVarint.append(value, to: &self)
    }
}
