import Connection
import NIOCore
import SansIO
import Synchronization

// Who is connected: limits, one connection for each peer, and what the node hears.
extension PeerHost {
    /// Makes room for one more socket; nil when a limit is reached. A handshake takes moments:
    /// the socket that has not proved who it is for the longest goes first, of the same address
    /// where that has too many.
    func admit(_ channel: any Channel, of address: String, isDialer: Bool) -> Admission? {
        let limits = configuration.limits
        let number = ObjectIdentifier(channel)
        let (admission, evicted) = state.withLock { register -> (Admission?, [UnprovedSocket]) in
            var evicted: [UnprovedSocket] = []
            guard !register.isClosed else { return (nil, evicted) }
            while register.connectionsByAddress[address, default: 0] >= limits.maximumPerAddress {
                guard let oldest = register.evictUnproved(of: address) else {
                    return (nil, evicted)
                }
                evicted.append(oldest)
            }
            while register.connectionCount >= limits.maximumConnections
                || (!isDialer && register.unproved.count >= limits.maximumUnproved)
            {
                guard let oldest = register.evictUnproved(of: nil) else { return (nil, evicted) }
                evicted.append(oldest)
            }
            register.connectionCount += 1
            register.connectionsByAddress[address, default: 0] += 1
            if !isDialer {
                register.unproved.append(
                    UnprovedSocket(number: number, address: address, channel: channel))
            }
            return (Admission(number: number, address: address), evicted)
        }
        for socket in evicted {
            drops.count(.unprovedEvicted, peer: nil)
            socket.channel.close(promise: nil)
        }
        if admission == nil { drops.count(.connectionLimit, peer: nil) }
        return admission
    }

    /// Takes back what `admit` gave.
    func release(_ admission: Admission) {
        state.withLock { register in
            // One that was evicted gave its place back then.
            guard register.evicted.remove(admission.number) == nil else { return }
            register.unproved.removeAll { $0.number == admission.number }
            register.giveBackPlace(of: admission.address)
        }
    }

    /// Makes `link` the connection to `peer`, unless another one stays by the rule for duplicates.
    func register(_ link: PeerLink, of peer: PeerID) -> Bool {
        let (accepted, old) = state.withLock { register -> (Bool, PeerLink?) in
            register.unproved.removeAll { $0.number == link.channelNumber }
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

/// A socket's place among the host's connections.
struct Admission {
    let number: ObjectIdentifier
    let address: String
}

/// An accepted socket whose peer has not yet proved who it is.
struct UnprovedSocket {
    let number: ObjectIdentifier
    let address: String
    let channel: any Channel
}

extension PeerHost.Register {
    /// Frees the place of the oldest unproved socket, of `address` where one is given.
    mutating func evictUnproved(of address: String?) -> UnprovedSocket? {
        let index = unproved.firstIndex { address == nil || $0.address == address }
        guard let index else { return nil }
        let socket = unproved.remove(at: index)
        evicted.insert(socket.number)
        giveBackPlace(of: socket.address)
        return socket
    }

    mutating func giveBackPlace(of address: String) {
        connectionCount -= 1
        let rest = connectionsByAddress[address, default: 1] - 1
        connectionsByAddress[address] = rest > 0 ? rest : nil
    }
}
