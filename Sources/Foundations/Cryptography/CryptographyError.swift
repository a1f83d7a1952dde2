/// What a cryptographic operation can refuse.
package enum CryptographyError: Error, Hashable, Sendable {
    /// An authenticated ciphertext, key or associated data is not what was sealed. From a peer:
    /// reject, and close the channel.
    case authenticationFailed
    /// A Diffie-Hellman public key of low order. From a peer: reject.
    case lowOrderPoint
    /// A byte string of the wrong length. From a peer: reject; from ourselves: our bug.
    case wrongByteCount(expected: Int, found: Int)
    /// The operating system refused the memory of a password hash. Ours.
    case outOfMemory(byteCount: Int)
    /// A cost outside the bounds of `CryptographyParameters`. From a file: reject.
    case costOutOfBounds(found: UInt64, allowed: ClosedRange<UInt64>)
    /// The library does not answer as this package was written for. Ours: do not start.
    case selfTestFailed(String)
}
