package import Connection
package import SansIO

/// What an operator sees of the connected peers; bounded by the connections.
package struct PeerTable: Sendable {
    /// One peer since it connected.
    package struct Entry: Hashable, Sendable {
        package let peer: PeerID
        package let connectedAt: Instant
        /// Whether this node dialled it; nil before its gossip stream is there.
        package var isOutbound: Bool?
        /// What it says of itself.
        package var agent: String?
        package var addresses: [String] = []
        /// Of gossip.
        package var receivedByteCount: UInt64 = 0
        package var sentByteCount: UInt64 = 0
        package var faultCount = 0
    }

    private var entries: [PeerID: Entry] = [:]

    package init() {}

    /// Sorted by peer.
    package var all: [Entry] { entries.values.sorted { $0.peer < $1.peer } }

    package mutating func connected(_ peer: PeerID, at now: Instant) {
        entries[peer] = Entry(peer: peer, connectedAt: now)
    }

    package mutating func disconnected(_ peer: PeerID) { entries[peer] = nil }

    package mutating func opened(_ peer: PeerID, isOutbound: Bool) {
        entries[peer]?.isOutbound = isOutbound
    }

    /// Keeps no more than people read, and nothing that moves a terminal's cursor.
    package mutating func identified(_ peer: PeerID, _ message: IdentifyMessage) {
        entries[peer]?.agent = message.agentVersion.map(Self.shown)
        entries[peer]?.addresses = message.listenAddresses
            .prefix(NodeRuntimeParameters.maximumShownAddresses).map(\.description)
    }

    private static func shown(_ text: String) -> String {
        let limit = NodeRuntimeParameters.maximumShownByteCount
        let bytes = text.utf8.prefix(limit).map { (0x20...0x7E).contains($0) ? $0 : 0x3F }
        return String(decoding: bytes, as: UTF8.self)
    }

    package mutating func received(_ byteCount: Int, from peer: PeerID) {
        entries[peer]?.receivedByteCount += UInt64(byteCount)
    }

    package mutating func sent(_ byteCount: Int, to peer: PeerID) {
        entries[peer]?.sentByteCount += UInt64(byteCount)
    }

    package mutating func faulted(_ peer: PeerID) { entries[peer]?.faultCount += 1 }
}
