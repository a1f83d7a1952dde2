package import Connection

/// Bytes of gossip from and to each connected peer; bounded by the connections.
package struct PeerTraffic: Sendable {
    package struct Count: Hashable, Sendable {
        package var receivedByteCount: UInt64 = 0
        package var sentByteCount: UInt64 = 0

        package init(receivedByteCount: UInt64 = 0, sentByteCount: UInt64 = 0) {
            self.receivedByteCount = receivedByteCount
            self.sentByteCount = sentByteCount
        }
    }

    private var counts: [PeerID: Count] = [:]

    package init() {}

    /// Since it connected; nil for peers that are not.
    package subscript(peer: PeerID) -> Count? { counts[peer] }

    package mutating func connected(_ peer: PeerID) { counts[peer] = Count() }
    package mutating func disconnected(_ peer: PeerID) { counts[peer] = nil }

    package mutating func received(_ byteCount: Int, from peer: PeerID) {
        counts[peer]?.receivedByteCount += UInt64(byteCount)
    }

    package mutating func sent(_ byteCount: Int, to peer: PeerID) {
        counts[peer]?.sentByteCount += UInt64(byteCount)
    }
}
