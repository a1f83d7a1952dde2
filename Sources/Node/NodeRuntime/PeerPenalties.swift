package import Connection

/// The faults of connected peers, forgotten when they disconnect; so bounded by the connections.
package struct PeerPenalties: Sendable {
    private var counts: [PeerID: Int] = [:]

    package init() {}

    package mutating func connected(_ peer: PeerID) { counts[peer] = 0 }
    package mutating func disconnected(_ peer: PeerID) { counts[peer] = nil }

    /// True where the peer has `NodeRuntimeParameters.maximumPenalties` or more: it must go. False
    /// for peers that are not connected.
    package mutating func add(_ weight: Int, to peer: PeerID) -> Bool {
        guard let count = counts[peer] else { return false }
        counts[peer] = min(count + weight, NodeRuntimeParameters.maximumPenalties)
        return count + weight >= NodeRuntimeParameters.maximumPenalties
    }
}
