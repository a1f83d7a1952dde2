package import Cryptography
package import Primitives
package import VRF

/// One operator with real keys, the same for the same name.
package final class TestOperator: Sendable {
    package let signing: SigningKey
    package let vrf: VRFSecretKey

    package init(_ name: String) {
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

    package var key: OperatorKey { OperatorKey(signing.publicKey) }
    package var vrfKey: VRFPublicKey { vrf.publicKey }
}
