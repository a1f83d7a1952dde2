/// An Ed25519 signature, R ‖ S (RFC 8032 section 5.1.6). It is not an identifier: its author can
/// make others for the same message.
package struct Signature: Hashable, Sendable {
    package static let byteCount = 64
    package let bytes: [UInt8]

    /// Nil unless `bytes` holds exactly 64 bytes; says nothing about validity.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Self.byteCount else { return nil }
        self.bytes = [UInt8](bytes)
    }
}
