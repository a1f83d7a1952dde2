import Cryptography
import Primitives
import TestSupport

/// Keys and digests without an owner.
extension TestOperator {
    static func key(_ number: Int) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(UInt64(number))).rawBytes)
    }

    static func digest(_ number: Int) -> Digest {
        taggedHash("test-digest", .integer(UInt64(number)))
    }
}
