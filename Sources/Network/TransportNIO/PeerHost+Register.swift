import Connection
import NIOCore
import SansIO
import Synchronization

// Who is connected: limits, one connection for each peer, and what the node hears.
extension PeerHost {
    /// Makes room for one more socket; false when a limit is reached.
    func admit(_ address: String, isDialer: Bool) -> Bool {
        let limits = configuration.limits
        let admitted = state.withLock { register in
            guard !register.isClosed, register.connectionCount < limits.maximumConnections,
                register.connectionsByAddress[address, default: 0] < limits.maximumPerAddress,
                isDialer || register.unprovedCount < limits.maximumUnproved
            else { return false }
            register.connectionCount += 1
            register.connectionsByAddress[address, default: 0] += 1
            if !isDialer { register.unprovedCount += 1 }
            return true
        }
        if !admitted { drops.count(.connectionLimit, peer: nil) }
        return admitted
    }

    /// Takes back what `admit` gave.
    func release(_ address: String, isDialer: Bool, wasProved: Bool) {
        state.withLock { register in
            register.connectionCount -= 1
            if !isDialer, !wasProved { register.unprovedCount -= 1 }
            let rest = register.connectionsByAddress[address, default: 1] - 1
            register.connectionsByAddress[address] = rest > 0 ? rest : nil
        }
    }

    /// Makes `link` the connection to `peer`, unless another one stays by the rule for duplicates.
    func register(_ link: PeerLink, of peer: PeerID) -> Bool {
        let (accepted, old) = state.withLock { register -> (Bool, PeerLink?) in
            if !link.isDialer { register.unprovedCount -= 1 }
            let existing = register.links[peer]
            if let existing {
                let age = Instant.now - existing.openedAt
                guard
                    DuplicateRule.replaces(
                        existing: (existing.isDialer, age), byNewDialler: link.isDialer,
                        local: localPeer, remote: peer)
                else { return (false, nil) }
            }
            // In the lock, so that the node hears of both in the order of the register.
            if existing != nil { announceEnd(of: peer) }
            register.links[peer] = link
            drops.begin(peer)
            _ = events.offer(.peerConnected(peer))
            return (true, existing)
        }
        old?.handle(.close(.duplicateConnection))
        return accepted
    }

    func unregister(_ link: PeerLink, of peer: PeerID) {
        state.withLock { register in
            guard register.links[peer] === link else { return }
            register.links[peer] = nil
            announceEnd(of: peer)
        }
    }

    private func announceEnd(of peer: PeerID) {
        drops.end(peer)
        _ = events.offer(.peerDisconnected(peer))
    }

    func isRegistered(_ link: PeerLink, of peer: PeerID) -> Bool {
        state.withLock { $0.links[peer] === link }
    }

    /// False when the node's queue is full, which is counted.
    func offer(_ event: HostEvent, from peer: PeerID) -> Bool {
        let accepted = events.offer(event)
        if !accepted { drops.count(.eventQueueFull, peer: peer) }
        return accepted
    }

    /// Remembers a socket so that it is closed with the host.
    func keep(_ channel: any Channel) {
        let isClosed = state.withLock { register in
            register.sockets[ObjectIdentifier(channel)] = channel
            return register.isClosed
        }
        if isClosed { channel.close(promise: nil) }
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.sockets[ObjectIdentifier(channel)] = nil }
        }
    }

    /// Proved connections say GO_AWAY first; a channel's event loop keeps the order.
    func beginClosingSockets() {
        let (links, channels) = state.withLock { state in
            (state.links.values.map(\.self), state.sockets.values.map(\.self) + state.listeners)
        }
        for link in links { link.handle(.close(.closedHere)) }
        for channel in channels { channel.eventLoop.execute { channel.close(promise: nil) } }
    }

    /// Returns when the last socket is closed.
    func closeSockets() async {
        beginClosingSockets()
        let channels = state.withLock { $0.sockets.values.map(\.self) + $0.listeners }
        for channel in channels {
            try? await channel.closeFuture.get()
        }
    }
}
