package import Connection
package import SansIO

// Faults and bans.
extension DialPlan {
    mutating func count(
        _ kind: PeerFaultKind, of peer: PeerID, _ detail: String,
        _ effects: inout [PeeringEffect], at now: Instant
    ) {
        let points = faults.add(kind.weight, to: peer, at: now)
        guard points >= PeeringParameters.maximumFaultPoints else { return }
        faults.clear(peer)
        bar(peer, for: .faults, detail, &effects, at: now)
    }

    mutating func bar(
        _ peer: PeerID, for reason: BanReason, _ detail: String,
        _ effects: inout [PeeringEffect], at now: Instant
    ) {
        guard peer != localPeer else { return }
        let seconds = bans.bar(
            peer, host: connections[peer]?.host, for: reason, at: clock.seconds(at: now))
        noteBan()
        effects.append(.count(reason.drop, peer))
        effects.append(.barred(peer, reason, seconds: seconds, detail: detail))
        if connections[peer] != nil { effects.append(.disconnect(peer, .barred)) }
        // Nobody need wait for it.
        if wanted.removeValue(forKey: peer) != nil { effects.append(.unreachable(peer)) }
    }
}

extension BanReason {
    fileprivate var drop: PeeringDrop {
        switch self {
        case .faults: .barredForFaults
        case .otherNetwork: .barredForOtherNetwork
        }
    }
}

/// Who is known, connected and barred, for people and programs that look at it.
package struct PeeringOverview: Sendable {
    package struct Peer: Hashable, Sendable {
        package let peer: PeerID
        /// The IP address of the other end.
        package let host: String
        package let isOutbound: Bool
        package let connectedFor: Duration
        /// It is of this network.
        package let isApproved: Bool
        /// What it calls itself, in printable ASCII.
        package let agent: String?
        /// Of `PeeringParameters.maximumFaultPoints`.
        package let faultPoints: Int
        /// Where it says that it can be dialled.
        package let addresses: [Multiaddress]
    }

    package struct Barred: Hashable, Sendable {
        package let peer: PeerID
        package let reason: BanReason
        package let secondsLeft: UInt64
    }

    /// Ascending by peer.
    package let connected: [Peer]
    /// Peers of the book, and those of them that were reached once.
    package let knownCount: Int
    package let reachedCount: Int
    package let barred: [Barred]
    package let barredHosts: [String]
}

extension DialPlan {
    package func overview(at now: Instant) -> PeeringOverview {
        let seconds = clock.seconds(at: now)
        let connected = connections.sorted { $0.key < $1.key }.map { peer, connection in
            PeeringOverview.Peer(
                peer: peer, host: connection.host, isOutbound: connection.isOutbound,
                connectedFor: now - connection.since, isApproved: connection.isApproved,
                agent: connection.agent, faultPoints: faults.count(of: peer, at: now),
                addresses: connection.record?.addresses ?? [])
        }
        return PeeringOverview(
            connected: connected, knownCount: book.count, reachedCount: book.triedCount,
            barred: bans.current(at: seconds).map {
                PeeringOverview.Barred(
                    peer: $0.peer, reason: $0.ban.reason, secondsLeft: $0.ban.until - seconds)
            },
            barredHosts: bans.currentHosts(at: seconds).map(\.host))
    }
}
