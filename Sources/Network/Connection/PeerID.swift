package import Cryptography

/// The name of a peer: its Ed25519 key as a protobuf `PublicKey`, inside an identity multihash.
///
/// Other kinds of key exist in libp2p; this network refuses them, so that a peer id *is* a key.
/// Source: libp2p/specs peer-ids/peer-ids.md.
package struct PeerID: Hashable, Comparable, Sendable {
    package let publicKey: Bytes32

    /// Multihash code identity, length 36; protobuf key type 1 (Ed25519), data of 32 bytes.
    private static let prefix: [UInt8] = [0x00, 0x24, 0x08, 0x01, 0x12, 0x20]
    package static let byteCount = 38

    package init(publicKey: Bytes32) { self.publicKey = publicKey }

    /// From the multihash.
    package init(bytes: some Collection<UInt8>) throws(ConnectionError) {
        guard bytes.count == Self.byteCount, bytes.starts(with: Self.prefix),
            let key = Bytes32(bytes.dropFirst(Self.prefix.count))
        else { throw .unsupported("a peer id that is not an Ed25519 key") }
        publicKey = key
    }

    /// From the protobuf `PublicKey`.
    package init(protobufKey: some Collection<UInt8>) throws(ConnectionError) {
        try self.init(bytes: Self.prefix.prefix(2) + [UInt8](protobufKey))
    }

    /// From base58btc text, `12D3KooW…`.
    package init(_ text: some StringProtocol) throws(ConnectionError) {
        guard let bytes = Base58.decode(text) else { throw .malformed("peer id") }
        try self.init(bytes: bytes)
    }

    /// The multihash, 38 bytes.
    package var bytes: [UInt8] { Self.prefix + publicKey.bytes }

    /// The protobuf `PublicKey`, 36 bytes.
    package var protobufKey: [UInt8] { [UInt8](bytes.dropFirst(2)) }

    /// The last eight characters: for people, never for a decision.
    package var shortName: String { String(description.suffix(8)) }

    package static func < (lhs: PeerID, rhs: PeerID) -> Bool { lhs.publicKey < rhs.publicKey }
}

extension PeerID: CustomStringConvertible {
    package var description: String { Base58.encode(bytes) }
}
