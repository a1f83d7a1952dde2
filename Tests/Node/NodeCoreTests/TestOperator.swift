import Cryptography
import Primitives
import VRF

/// One operator with real keys.
final class TestOperator: Sendable {
    let signing: SigningKey
    let vrf: VRFSecretKey

    init(_ name: String) {
        func seed(_ use: String) -> SecretBytes {
            SecretBytes(copying: taggedHash("test-operator", .text(use), .text(name)).bytes)
        }
        do {
            signing = try SigningKey(seed: seed("sign"))
            vrf = try VRFSecretKey(seed: seed("vrf"))
        } catch {
            preconditionFailure("\(error)")
        }
    }

    var key: OperatorKey { OperatorKey(signing.publicKey) }

    static func key(_ number: Int) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(UInt64(number))).rawBytes)
    }

    static func digest(_ number: Int) -> Digest {
        taggedHash("test-digest", .integer(UInt64(number)))
    }
}
