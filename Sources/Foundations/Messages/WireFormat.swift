/// Walks the fields of one message in protobuf's wire format (protobuf.dev, "Encoding"). Copies
/// nothing and never reads past the message.
package struct WireReader: Sendable {
    package struct Field: Sendable {
        /// As in the schema.
        package let number: UInt64
        package let value: Value
    }

    package enum Value: Sendable {
        case integer(UInt64)
        case bytes(ArraySlice<UInt8>)
        /// Four or eight bytes, of which our schemas have none.
        case fixed
    }

    private var rest: ArraySlice<UInt8>

    package init(_ message: ArraySlice<UInt8>) { rest = message }

    /// The next field, nil at the end; throws `malformed`.
    package mutating func next() throws(DecodingError) -> Field? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        let number = tag >> 3
        guard number > 0 else { throw .malformed }
        switch tag & 7 {
        case 0: return Field(number: number, value: .integer(try varint()))
        case 1: _ = try take(8)
        case 2: return Field(number: number, value: .bytes(try take(try varint())))
        case 5: _ = try take(4)
        default: throw .malformed
        }
        return Field(number: number, value: .fixed)
    }

    private mutating func varint() throws(DecodingError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }

    private mutating func take(_ byteCount: UInt64) throws(DecodingError) -> ArraySlice<UInt8> {
        guard byteCount <= UInt64(rest.count) else { throw .malformed }
        let content = rest.prefix(Int(byteCount))
        rest = rest.dropFirst(Int(byteCount))
        return content
    }
}

extension WireReader.Field {
    /// Nil for a number.
    package var bytes: ArraySlice<UInt8>? {
        guard case .bytes(let bytes) = value else { return nil }
        return bytes
    }

    /// Nil for bytes.
    package var integer: UInt64? {
        guard case .integer(let integer) = value else { return nil }
        return integer
    }
}

/// Writes protobuf's wire format. The caller leaves out what has its default value.
package struct WireWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package mutating func write(_ number: UInt64, _ integer: UInt64) {
        varint(number << 3)
        varint(integer)
    }

    package mutating func write(_ number: UInt64, _ content: some Collection<UInt8>) {
        varint(number << 3 | 2)
        varint(UInt64(content.count))
        bytes.append(contentsOf: content)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
