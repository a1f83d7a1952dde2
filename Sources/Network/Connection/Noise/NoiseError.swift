package import Cryptography

/// Why a secure channel ends. Everything but `nonceExhausted` is the peer's fault or that of
/// somebody on the path: close the connection.
package enum NoiseError: Error, Hashable, Sendable {
    /// A ciphertext is not what the peer sealed.
    case authenticationFailed
    /// A Diffie-Hellman key of low order.
    case lowOrderKey
    /// A message longer than its limit.
    case messageTooLong(limit: Int, found: Int)
    /// A message too short for what its place in the protocol demands.
    case messageTooShort(minimum: Int, found: Int)
    /// The handshake payload is no protobuf, or lacks a field.
    case malformedPayload
    /// The identity key is not an Ed25519 key in its canonical encoding.
    case unsupportedIdentityKey
    /// The identity key did not sign the static key.
    case invalidIdentitySignature
    /// Somebody else than was dialled.
    case unexpectedIdentity(expected: Bytes32, found: Bytes32)
    /// 2⁶⁴ − 1 messages under one key. Nobody's fault: dial again.
    case nonceExhausted
    /// An earlier error has ended this channel.
    case closed
}
