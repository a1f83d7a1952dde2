/// How often a field may occur in a protobuf message.
///
/// A parser allocates for each element of a repeated field, and an empty element costs the sender
/// two bytes and the receiver a hundred; so the elements are counted on the raw bytes before they
/// are parsed. Occurrences are counted over the whole message, nested ones summed over all their
/// parents.
package struct FieldLimit: Sendable {
    let name: String
    let path: Int
    let maximumCount: Int
    let nested: [FieldLimit]

    /// `field` is the number in the schema.
    package init(_ name: String, field: Int, atMost maximumCount: Int, nested: [FieldLimit] = []) {
        self.name = name
        self.path = field
        self.maximumCount = maximumCount
        self.nested = nested
    }
}

/// Protobuf's wire format (protobuf.dev, "Encoding"), read only as far as counting needs.
package enum WireShape {
    /// Throws `tooMany` or `malformed`. Linear in `bytes` for each level of `limits`; allocates
    /// one slice for each counted element, up to its limit.
    package static func check(_ bytes: [UInt8], _ limits: [FieldLimit]) throws(DecodingError) {
        try check([bytes[...]], limits)
    }

    private static func check(
        _ messages: [ArraySlice<UInt8>], _ limits: [FieldLimit]
    ) throws(DecodingError) {
        for limit in limits {
            var elements: [ArraySlice<UInt8>] = []
            for message in messages {
                var reader = WireReader(rest: message)
                while let field = try reader.next() {
                    guard field.number == UInt64(limit.path) else { continue }
                    guard elements.count < limit.maximumCount else {
                        throw .tooMany(field: limit.name, limit: limit.maximumCount)
                    }
                    elements.append(field.content)
                }
            }
            if !limit.nested.isEmpty { try check(elements, limit.nested) }
        }
    }
}

/// Walks the fields of one message.
private struct WireReader {
    struct Field {
        let number: UInt64
        /// Empty for an integer.
        let content: ArraySlice<UInt8>
    }

    var rest: ArraySlice<UInt8>

    mutating func next() throws(DecodingError) -> Field? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        switch tag & 7 {
        case 0:
            _ = try varint()
            return Field(number: tag >> 3, content: [])
        case 1: return Field(number: tag >> 3, content: try take(8))
        case 2:
            let byteCount = try varint()
            return Field(number: tag >> 3, content: try take(byteCount))
        case 5: return Field(number: tag >> 3, content: try take(4))
        default: throw .malformed
        }
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
