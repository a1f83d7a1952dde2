import Connection
import NIOCore
import Peering
import SansIO
import Synchronization

// Who is connected: limits, one connection for each peer, and what the node hears.
extension PeerHost {
    /// Makes room for one more socket; nil when a limit is reached or the address barred. A handshake
    /// takes moments: the accepted socket that has not proved who it is for the longest goes first,
    /// of the same address where that has too many.
    func admit(_ channel: any Channel, of address: String, isDialer: Bool) -> Admission? {
        let now = Instant.now
        let number = ObjectIdentifier(channel)
        var evicted: [UnprovedSocket] = []
        let refusal = state.withLock { register -> Refusal? in
            if !isDialer, register.plan.isBarred(host: address, at: now) { return .barred }
            guard !register.isClosed else { return .limit }
            while let scarce = register.scarcePlace(
                for: address, isDialer: isDialer, configuration.limits)
            {
                guard let oldest = register.evictUnproved(scarce) else { return .limit }
                evicted.append(oldest)
            }
            register.connectionCount += 1
            register.counts[address, default: AddressCounts()].all += 1
            if !isDialer {
                register.acceptedCount += 1
                register.counts[address]?.unproved += 1
                register.unproved.append(
                    UnprovedSocket(number: number, address: address, channel: channel))
            }
            return nil
        }
        for socket in evicted {
            drops.count(TransportDrop.unprovedEvicted, peer: nil)
            socket.channel.close(promise: nil)
        }
        switch refusal {
        case nil: return Admission(number: number, address: address, isDialer: isDialer)
        case .barred: drops.count(PeeringDrop.barredHost, peer: nil)
        case .limit: drops.count(TransportDrop.connectionLimit, peer: nil)
        }
        return nil
    }

    private enum Refusal { case barred, limit }

    /// Takes back what `admit` gave.
    func release(_ admission: Admission) {
        state.withLock { register in
            // One that was evicted gave its place back then.
            guard register.evicted.remove(admission.number) == nil else { return }
            register.noteProved(admission.number)
            register.giveBack(admission)
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
            register.noteProved(link.channelNumber)
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

/// A socket's place among the host's connections.
struct Admission {
    let number: ObjectIdentifier
    let address: String
    let isDialer: Bool
}

/// An accepted socket whose peer has not yet proved who it is.
struct UnprovedSocket {
    let number: ObjectIdentifier
    let address: String
    let channel: any Channel
}

/// Sockets of one address.
struct AddressCounts {
    var all = 0
    /// Accepted, and their peers have not yet proved who they are.
    var unproved = 0
}

extension PeerHost.Register {
    /// Whose sockets stand in the way of a new one.
    enum Scarcity {
        case ofAddress(String)
        case ofAll
    }

    /// Nil where there is room.
    func scarcePlace(
        for address: String, isDialer: Bool, _ limits: ConnectionLimits
    ) -> Scarcity? {
        let counts = counts[address] ?? AddressCounts()
        if counts.all >= limits.maximumPerAddress { return .ofAddress(address) }
        if !isDialer, counts.unproved >= limits.maximumUnprovedPerAddress {
            return .ofAddress(address)
        }
        if connectionCount >= limits.maximumConnections { return .ofAll }
        guard !isDialer else { return nil }
        return acceptedCount >= limits.maximumAccepted || unproved.count >= limits.maximumUnproved
            ? .ofAll : nil
    }

    /// Frees the place of the oldest unproved socket; nil where there is none.
    mutating func evictUnproved(_ scarcity: Scarcity) -> UnprovedSocket? {
        let index = unproved.firstIndex {
            if case .ofAddress(let address) = scarcity { $0.address == address } else { true }
        }
        guard let index else { return nil }
        let socket = unproved[index]
        noteProved(socket.number)
        evicted.insert(socket.number)
        giveBack(
            Admission(number: socket.number, address: socket.address, isDialer: false))
        return socket
    }

    /// It stands among the unproved no more; nothing where it did not.
    mutating func noteProved(_ number: ObjectIdentifier) {
        guard let index = unproved.firstIndex(where: { $0.number == number }) else { return }
        counts[unproved.remove(at: index).address]?.unproved -= 1
    }

    mutating func giveBack(_ admission: Admission) {
        connectionCount -= 1
        if !admission.isDialer { acceptedCount -= 1 }
        counts[admission.address]?.all -= 1
        if counts[admission.address]?.all == 0 { counts[admission.address] = nil }
    }

    mutating func handle(_ event: PeeringEvent, at now: Instant) -> [PeeringEffect] {
        let effects = plan.handle(event, at: now)
        planDeadline = plan.nextDeadline
        return effects
    }
}
