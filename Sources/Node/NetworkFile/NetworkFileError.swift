/// What is wrong with a network file; every case says where, what was expected and what was found.
package enum NetworkFileError: Error, Hashable, Sendable {
    case unreadable(path: String, reason: String)
    case tooLarge(limitByteCount: Int, found: Int)
    case notJSON(reason: String)
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
        case .notJSON(let reason): "the network file is not JSON: \(reason)"
        case .missingField(let field): "the network file has no field \(field)"
        case .wrongType(let field, let reason): "field \(field) of the network file: \(reason)"
        case .unknownFields(let fields):
            "the network file has unknown fields: \(fields.joined(separator: ", ")); "
                + "is it of another version of grove?"
        case .format(let expected, let found):
            "the network file has format \(found), this grove reads format \(expected)"
        case .value(let field, let expected, let found):
            "field \(field) of the network file: expected \(expected), found \(found)"
        case .contradiction(let reason): "the network file contradicts itself: \(reason)"
        }
    }
}
