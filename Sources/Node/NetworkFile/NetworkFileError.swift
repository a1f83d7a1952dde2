/// What is wrong with a network file; every case says where, what was expected and what was found.
package enum NetworkFileError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case tooLarge(limitByteCount: Int, found: Int)
    case notJSON(reason: String)
    /// JSON that two readers could read in two ways, or a number that none should.
    case malformed(String)
    case missingField(String)
    case wrongType(field: String, reason: String)
    case unknownFields([String])
    case format(expected: Int, found: Int)
    case value(field: String, expected: String, found: String)
    /// Fields that do not fit each other.
    case contradiction(String)
}

extension NetworkFileError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let path, let reason):
            "cannot read the network file \(path): \(reason)"
        case .tooLarge(let limit, let found):
            "the network file has \(found) bytes, more than the limit of \(limit)"
        case .notJSON(let reason): "the network file is not JSON: \(Self.shown(reason))"
        case .malformed(let reason): "the network file: \(Self.shown(reason))"
        case .missingField(let field): "the network file has no field \(field)"
        case .wrongType(let field, let reason): "field \(field) of the network file: \(reason)"
        case .unknownFields(let fields):
            "the network file has unknown fields: "
                + fields.prefix(8).map(Self.shown).joined(separator: ", ")
                + "\(fields.count > 8 ? " and \(fields.count - 8) more" : ""); "
                + "is it of another version of grove?"
        case .format(let expected, let found):
            "the network file has format \(found), this grove reads format \(expected)"
        case .value(let field, let expected, let found):
            "field \(field) of the network file: expected \(expected), found \(Self.shown(found))"
        case .contradiction(let reason): "the network file contradicts itself: \(reason)"
        }
    }

    /// Somebody else's text, on one line of bearable length.
    private static func shown(_ text: String) -> String {
        let plain = text.unicodeScalars.prefix(120).map { scalar in
            scalar.properties.generalCategory == .control ? "?" : String(scalar)
        }
        return plain.joined() + (text.unicodeScalars.count > 120 ? "…" : "")
    }
}
