package import Cryptography

/// An X25519 key pair of a handshake, static or ephemeral. Its secret comes from the shell, fresh
/// for each process (static) or handshake (ephemeral), and is never stored.
package struct NoiseKeyPair: Sendable {
    let secret: SharedSecretBytes
    package let publicKey: Bytes32

    /// Throws `wrongByteCount` unless `secret` holds 32 bytes.
    package init(secret: consuming SecretBytes) throws(CryptographyError) {
        publicKey = try X25519.publicKey(of: secret)
        self.secret = SharedSecretBytes(secret)
    }

    /// `DH(self, publicKey)`; a result of zero ends the handshake.
    func sharedSecret(with publicKey: Bytes32) throws(NoiseError) -> SecretBytes {
        do {
            return try X25519.sharedSecret(secret.bytes, with: publicKey)
        } catch {
            throw .lowOrderKey
        }
    }
}
