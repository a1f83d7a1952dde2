/// Every limit of the Noise channel, in bytes.
package enum NoiseParameters {
    /// Noise revision 34, section 3: a message, tags included.
    package static let maximumMessageByteCount = 65_535
    /// What one transport message carries.
    package static let maximumPlaintextByteCount = maximumMessageByteCount - 16
    /// A handshake message of a peer that has proved nothing yet: its payload with an Ed25519 key,
    /// a signature and some extensions takes about 300.
    package static let maximumHandshakeMessageByteCount = 4_096
    /// Names of stream multiplexers in a peer's payload; more are ignored.
    package static let maximumStreamMuxers = 16
    /// Bytes of one such name; longer ones are ignored.
    package static let maximumStreamMuxerByteCount = 64
}
