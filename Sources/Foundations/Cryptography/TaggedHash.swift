/// One field of a tagged hash: bytes as they are, an integer as eight big-endian bytes.
package struct HashField: Sendable {
    let bytes: [UInt8]

    package static func bytes(_ bytes: [UInt8]) -> HashField { HashField(bytes: bytes) }
    package static func text(_ text: String) -> HashField { HashField(bytes: Array(text.utf8)) }
    package static func key(_ value: some Bytes32Representable) -> HashField {
        HashField(bytes: value.bytes)
    }
    package static func integer(_ value: UInt64) -> HashField {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: value)
        return HashField(bytes: bytes)
    }
}

/// `H(tag, f₁, …)` of `docs/protocol`: SHA-256 over `"grove/1/" ‖ tag` and the fields, each of
/// them, the tag's own string included, length-prefixed by a big-endian u32.
package func taggedHash(_ tag: String, _ fields: [HashField]) -> Digest {
    SHA256.hash(taggedBytes(tag, fields))
}

package func taggedHash(_ tag: String, _ fields: HashField...) -> Digest {
    taggedHash(tag, fields)
}

/// The preimage of `taggedHash`; also what a signature covers, so that no two kinds of signed
/// object share a byte string.
package func taggedBytes(_ tag: String, _ fields: [HashField]) -> [UInt8] {
    var preimage: [UInt8] = []
    for field in [HashField.text("grove/1/" + tag)] + fields {
        preimage.append(bigEndian: UInt32(field.bytes.count))
        preimage.append(contentsOf: field.bytes)
    }
    return preimage
}
