package import Primitives

/// Why bytes are no message of ours. All cases but `wrongTopic` and `unknownVersion`, which an
/// honest sender of another version may cause, mean that the sender is at fault: reject.
package enum DecodingError: Error, Hashable, Sendable {
    case tooLong(limitByteCount: Int, foundByteCount: Int)
    case tooMany(field: String, limit: Int)
    /// Not protobuf.
    case malformed
    /// Protobuf, but not the one encoding that a message has: fields in ascending order, defaults
    /// left out, shortest integers, nothing unknown.
    case notCanonical
    case missing(field: String)
    case wrongLength(field: String, expectedByteCount: Int, foundByteCount: Int)
    /// A field element at or above the modulus.
    case notAFieldElement(field: String)
    case outOfRange(field: String, limit: UInt64, found: UInt64)
    case unknownKind(UInt32)
    case unknownVersion(UInt32)
    case unknownTopic(String)
    case wrongTopic(expected: Topic, found: Topic)
    /// Evidence inside evidence.
    case nestedEvidence
}

extension DecodingError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooLong(let limit, let found): "\(found) bytes, at most \(limit) are taken"
        case .tooMany(let field, let limit): "more than \(limit) \(field)"
        case .malformed: "these bytes are no message"
        case .notCanonical: "the message is not encoded in its one canonical way"
        case .missing(let field): "\(field) is missing"
        case .wrongLength(let field, let expected, let found):
            "\(field) has \(found) bytes, expected are \(expected)"
        case .notAFieldElement(let field): "\(field) is no element of the field"
        case .outOfRange(let field, let limit, let found):
            "\(field) is \(found), at most \(limit) is taken"
        case .unknownKind(let kind): "there is no kind \(kind)"
        case .unknownVersion(let version): "version \(version) is not known here"
        case .unknownTopic(let topic): "there is no topic \(topic)"
        case .wrongTopic(let expected, let found):
            "a message of topic \(expected) on topic \(found)"
        case .nestedEvidence: "evidence inside evidence"
        }
    }
}
