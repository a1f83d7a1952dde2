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

/// Counts on the raw bytes.
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
                var reader = WireReader(message)
                while let field = try reader.next() {
                    guard field.number == UInt64(limit.path) else { continue }
                    guard elements.count < limit.maximumCount else {
                        throw .tooMany(field: limit.name, limit: limit.maximumCount)
                    }
                    elements.append(field.bytes ?? [])
                }
            }
            if !limit.nested.isEmpty { try check(elements, limit.nested) }
        }
    }
}
