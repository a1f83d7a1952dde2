import SansIO

/// The two streams of gossip: each side writes only on the one it opened.
struct GossipStreams: Sendable {
    var outbound: UInt32?
    var inbound: UInt32?
    /// The outbound stream's protocol is agreed.
    var isReady = false
    /// Framed RPCs, the first perhaps begun.
    var queue = ByteQueue()
    var reopenAt: Instant?
    private(set) var openedAt: Instant?
    private var nextDelay = ConnectionParameters.gossipReopenDelay
    /// Of those that the peer serves.
    var protocols: [String] = []

    mutating func opened(at now: Instant) {
        isReady = true
        openedAt = now
    }

    /// Schedules the next attempt: the pause doubles unless the stream had lasted.
    mutating func lost(at now: Instant) {
        let longest = ConnectionParameters.maximumGossipReopenDelay
        if let openedAt, now - openedAt >= longest {
            nextDelay = ConnectionParameters.gossipReopenDelay
        }
        reopenAt = now + nextDelay
        nextDelay = min(nextDelay * 2, longest)
        outbound = nil
        openedAt = nil
        isReady = false
        queue = ByteQueue()
    }
}

// Gossip frames: opening the stream, queueing, framing, taking in.
extension PeerSession {
    /// Opens the gossip stream for the first time, once the peer has said what it serves.
    mutating func openGossip(offeredBy message: IdentifyMessage?, at now: Instant) {
        identify = .done
        guard gossip.outbound == nil, gossip.reopenAt == nil else { return }
        gossip.protocols = settings.gossipProtocols.filter {
            message?.protocols.contains($0) ?? true
        }
        openGossipStream(at: now)
    }

    private mutating func openGossipStream(at now: Instant) {
        gossip.reopenAt = nil
        guard !gossip.protocols.isEmpty else { return }
        guard let stream = connection.openStream(gossip.protocols, at: now) else {
            return gossip.lost(at: now)
        }
        gossip.outbound = stream
        purposes[stream] = .gossipOut
    }

    mutating func passGossipDeadline(at now: Instant) {
        guard let due = gossip.reopenAt, due <= now else { return }
        openGossipStream(at: now)
    }

    mutating func sendGossip(_ rpc: [UInt8], _ effects: inout [Effect]) {
        guard rpc.count <= ConnectionParameters.maximumGossipFrameByteCount else {
            return effects.append(.dropped(.gossipFrameTooLong, byteCount: rpc.count))
        }
        guard gossip.isReady, let stream = gossip.outbound else {
            return effects.append(.dropped(.noGossipStream, byteCount: rpc.count))
        }
        let prefix = UnsignedVarint.encode(UInt64(rpc.count))
        let byteCount = gossip.queue.count + prefix.count + rpc.count
        guard byteCount <= ConnectionParameters.gossipQueueByteCount else {
            return effects.append(.dropped(.gossipQueueFull, byteCount: rpc.count))
        }
        gossip.queue.append(prefix)
        gossip.queue.append(rpc)
        feedGossip(stream)
    }

    mutating func feedGossip(_ stream: StreamID) {
        guard gossip.isReady, !gossip.queue.isEmpty else { return }
        gossip.queue.drop(connection.write(gossip.queue.unread, to: stream))
    }

    mutating func gossipStreamEnded(
        _ failure: ConnectionMachine.StreamFailure?, _ effects: inout [Effect], at now: Instant
    ) {
        let wasReady = gossip.isReady
        let lostByteCount = gossip.queue.count
        gossip.lost(at: now)
        if failure == .notServed { gossip.reopenAt = nil }
        if lostByteCount > 0 {
            effects.append(.dropped(.gossipStreamLost, byteCount: lostByteCount))
        }
        if wasReady { effects.append(.gossipLost) }
    }

    /// The newest stream of the peer counts; an older one is torn down.
    mutating func serveGossip(on stream: StreamID) {
        if let old = gossip.inbound {
            connection.reset(old)
            forget(old)
        }
        gossip.inbound = stream
        purposes[stream] = .gossipIn
        readers[stream] = LengthPrefixedReader(
            maximumByteCount: ConnectionParameters.maximumGossipFrameByteCount)
    }

    mutating func receiveGossip(
        _ bytes: [UInt8], on stream: StreamID, _ effects: inout [Effect]
    ) {
        connection.consume(bytes.count, of: stream)
        readers[stream]?.append(bytes)
        do throws(ConnectionError) {
            while let rpc = try readers[stream]?.next() { effects.append(.gossip(rpc)) }
        } catch {
            effects.append(.misbehaved(error))
            connection.reset(stream)
            forget(stream)
            gossip.inbound = nil
        }
    }
}
