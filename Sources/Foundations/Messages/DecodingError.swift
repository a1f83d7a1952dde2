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
