import Cryptography
import Primitives

/// Reads the one encoding that a header can have: fields in order, no space, lower-case digits,
/// no leading zero. It is JSON to everybody else.
struct HeaderReader {
    static let format = "grove-proof/1"

    private var rest: ArraySlice<UInt8>
    private var isFirstField = true

    init(rest: ArraySlice<UInt8>) { self.rest = rest }

    /// The start of the whole object, or of the one in the field `name`.
    mutating func open(_ name: String? = nil) throws(ProofFileError) {
        if let name { try key(name) }
        try require("{", at: name ?? "its start")
        isFirstField = true
    }

    mutating func close() throws(ProofFileError) {
        try require("}", at: "the end of an object")
        isFirstField = false
    }

    func requireEnd() throws(ProofFileError) {
        guard rest.isEmpty else {
            throw .malformed(at: "the end of the line", expected: "nothing more")
        }
    }

    mutating func requireFormat() throws(ProofFileError) {
        try key("format")
        try require("\"\(Self.format)\"", at: "format")
    }

    mutating func integer(_ name: String, atMost limit: UInt64) throws(ProofFileError) -> UInt64 {
        try key(name)
        let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let text = String(decoding: digits, as: UTF8.self)
        guard let value = UInt64(text), String(value) == text, value <= limit else {
            throw .malformed(at: name, expected: "an integer of at most \(limit)")
        }
        rest = rest.dropFirst(digits.count)
        return value
    }

    mutating func bytes32(_ name: String) throws(ProofFileError) -> Bytes32 {
        try key(name)
        try require("\"", at: name)
        let text = String(decoding: rest.prefix(2 * Bytes32.byteCount), as: UTF8.self)
        guard let value = Bytes32(hex: text), value.hex == text else {
            throw .malformed(at: name, expected: "32 bytes in lower-case hexadecimal")
        }
        rest = rest.dropFirst(2 * Bytes32.byteCount)
        try require("\"", at: name)
        return value
    }

    mutating func digest(_ name: String) throws(ProofFileError) -> FieldDigest {
        guard let digest = FieldDigest(bytes: try bytes32(name).bytes) else {
            throw .malformed(at: name, expected: "four canonical field elements")
        }
        return digest
    }

    private mutating func key(_ name: String) throws(ProofFileError) {
        try require((isFirstField ? "" : ",") + "\"\(name)\":", at: name)
        isFirstField = false
    }

    private mutating func require(_ text: String, at place: String) throws(ProofFileError) {
        guard rest.starts(with: text.utf8) else {
            throw .malformed(at: place, expected: text)
        }
        rest = rest.dropFirst(text.utf8.count)
    }
}
