package import Cryptography
package import Primitives
package import VRF

/// The keys that a running node signs with; they leave this object only as signatures and proofs.
package final class NodeSecrets: Sendable {
    private let operatorKey: SigningKey
    private let vrfKey: VRFSecretKey
    private let peerSeed: SecretBytes
    package let key: OperatorKey
    package let vrfPublicKey: VRFPublicKey

    /// Three seeds of 32 bytes, independent of each other.
    package init(
        operatorSeed: borrowing SecretBytes, vrfSeed: borrowing SecretBytes,
        peerSeed: borrowing SecretBytes
    ) throws(CryptographyError) {
        operatorKey = try SigningKey(seed: operatorSeed)
        vrfKey = try VRFSecretKey(seed: vrfSeed)
        self.peerSeed = peerSeed.copy()
        key = OperatorKey(operatorKey.publicKey)
        vrfPublicKey = vrfKey.publicKey
    }

    package func sign(_ message: [UInt8]) -> Signature { operatorKey.sign(message) }

    func proveVRF(_ input: [UInt8]) -> VRFProof { vrfKey.prove(input).proof }

    func withPeerSeed<Result>(
        _ body: (borrowing SecretBytes) throws(CryptographyError) -> Result
    ) throws(CryptographyError) -> Result {
        try body(peerSeed)
    }
}
