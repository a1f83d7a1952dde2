package import Connection
import Metrics
import Peering
import Synchronization

/// Why the transport refused or dropped something, beside the reasons of a session.
package enum TransportDrop: String, Hashable, Sendable, CaseIterable {
    /// The node does not take its events fast enough.
    case eventQueueFull
    /// The event loop does not take gossip fast enough.
    case outboxFull
    /// The peer is not connected.
    case notConnected
    /// A socket above a limit of `ConnectionLimits`.
    case connectionLimit
    /// A socket that had not proved who it is made room for a newer one.
    case unprovedEvicted
}

/// Counts every drop by its reason, in all and for each connected peer.
package final class DropCounters: Sendable {
    private struct Counts {
        var byReason: [String: Int] = [:]
        var byPeer: [PeerID: [String: Int]] = [:]
    }

    private let counts = Mutex(Counts())

    func count(_ reason: DropReason, peer: PeerID?) { count(reason.rawValue, peer: peer) }
    func count(_ reason: TransportDrop, peer: PeerID?) { count(reason.rawValue, peer: peer) }
    func count(_ reason: PeeringDrop, peer: PeerID?) { count(reason.rawValue, peer: peer) }

    private func count(_ reason: String, peer: PeerID?) {
        counts.withLock { counts in
            counts.byReason[reason, default: 0] += 1
            if let peer { counts.byPeer[peer]?[reason, default: 0] += 1 }
        }
        Counter(label: "grove_network_drops", dimensions: [("reason", reason)]).increment()
    }

    /// Peers are listed while they are connected, so that strangers cannot fill the table.
    func begin(_ peer: PeerID) { counts.withLock { $0.byPeer[peer] = [:] } }
    func end(_ peer: PeerID) { counts.withLock { $0.byPeer[peer] = nil } }

    /// Since the start, by the reasons' names.
    package var total: [String: Int] { counts.withLock { $0.byReason } }

    /// Since `peer` connected.
    package func total(of peer: PeerID) -> [String: Int] {
        counts.withLock { $0.byPeer[peer] ?? [:] }
    }
}
