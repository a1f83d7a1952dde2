import Connection
import NIOCore
import Peering
import SansIO
import Synchronization

// Who is connected: limits, one connection for each peer, and what the node hears.
extension PeerHost {
    /// Makes room for one more socket; false when a limit is reached or the address barred.
    func admit(_ address: String, isDialer: Bool) -> Bool {
        let limits = configuration.limits
        let now = Instant.now
        let refusal = state.withLock { register -> Refusal? in
            if !isDialer, register.plan.isBarred(host: address, at: now) { return .barred }
            let counts = register.counts[address] ?? AddressCounts()
            guard !register.isClosed, register.connectionCount < limits.maximumConnections,
                counts.all < limits.maximumPerAddress,
                isDialer
                    || (register.acceptedCount < limits.maximumAccepted
                        && register.unprovedCount < limits.maximumUnproved
                        && counts.unproved < limits.maximumUnprovedPerAddress)
            else { return .limit }
            register.connectionCount += 1
            register.counts[address, default: AddressCounts()].all += 1
            if !isDialer {
                register.acceptedCount += 1
                register.unprovedCount += 1
                register.counts[address]?.unproved += 1
            }
            return nil
        }
        switch refusal {
        case nil: return true
        case .barred: drops.count(PeeringDrop.barredHost, peer: nil)
        case .limit: drops.count(TransportDrop.connectionLimit, peer: nil)
        }
        return false
    }

    private enum Refusal { case barred, limit }

    /// Takes back what `admit` gave.
    func release(_ address: String, isDialer: Bool, wasProved: Bool) {
        state.withLock { register in
            register.connectionCount -= 1
            if !isDialer {
                register.acceptedCount -= 1
                if !wasProved { register.noteProved(address) }
            }
            register.counts[address]?.all -= 1
            if register.counts[address]?.all == 0 { register.counts[address] = nil }
        }
    }

    /// Makes `link` the connection to `peer`, at `address`, unless the peer is barred or another
    /// connection stays by the rule for duplicates: then the reason.
    func register(
        _ link: PeerLink, of peer: PeerID, at address: String, dial: DialID?
    ) -> ConnectionError? {
        let now = Instant.now
        var effects: [PeeringEffect] = []
        let (refusal, old) = state.withLock { register -> (ConnectionError?, PeerLink?) in
            if !link.isDialer { register.noteProved(address) }
            guard !register.plan.isBarred(peer, at: now) else {
                drops.count(PeeringDrop.barredPeer, peer: nil)
                return (.barred, nil)
            }
            let existing = register.links[peer]
            if let existing {
                guard
                    DuplicateRule.replaces(
                        existing: (existing.isDialer, now - existing.openedAt),
                        byNewDialler: link.isDialer, local: localPeer, remote: peer)
                else { return (.duplicateConnection, nil) }
            }
            // In the lock, so that the node and the plan hear of both in the order of the register.
            if existing != nil { effects += announceEnd(of: peer, &register) }
            register.links[peer] = link
            drops.begin(peer)
            _ = events.offer(.peerConnected(peer))
            effects += register.handle(.connected(peer, host: address, dial: dial), at: now)
            return (nil, existing)
        }
        old?.handle(.close(.duplicateConnection))
        perform(effects)
        if refusal == nil { settleWaiters(for: peer, true) }
        return refusal
    }

    func unregister(_ link: PeerLink, of peer: PeerID) {
        let effects = state.withLock { register -> [PeeringEffect] in
            guard register.links[peer] === link else { return [] }
            register.links[peer] = nil
            return announceEnd(of: peer, &register)
        }
        perform(effects)
    }

    private func announceEnd(of peer: PeerID, _ register: inout Register) -> [PeeringEffect] {
        drops.end(peer)
        _ = events.offer(.peerDisconnected(peer))
        return register.handle(.disconnected(peer), at: .now)
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

/// Sockets of one address.
struct AddressCounts {
    var all = 0
    /// Accepted, and their peers have not yet proved who they are.
    var unproved = 0
}

extension PeerHost.Register {
    mutating func noteProved(_ address: String) {
        unprovedCount -= 1
        counts[address]?.unproved -= 1
    }

    mutating func handle(_ event: PeeringEvent, at now: Instant) -> [PeeringEffect] {
        let effects = plan.handle(event, at: now)
        planDeadline = plan.nextDeadline
        return effects
    }
}
