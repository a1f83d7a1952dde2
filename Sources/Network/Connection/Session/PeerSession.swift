package import SansIO

/// What one connected peer and we say to each other, pure: identify, ping, gossip frames, requests
/// and responses, over the streams of a `ConnectionMachine`.
///
/// Once connected both sides identify themselves (5 s); then the gossip stream is opened and, when
/// lost, opened again after a pause that doubles. Gossip frames wait in a queue of bounded bytes;
/// what does not fit is dropped and reported. A request is one stream: varint length and payload,
/// FIN; its response a status byte, varint length and bytes, FIN. Requests and responses larger
/// than a stream's buffer are fed as the peer's credit allows.
/// Bounds: `ConnectionParameters`; a response never exceeds what its caller asked for, a request
/// what its protocol allows.
package struct PeerSession: StateMachine {
    package typealias StreamID = ConnectionMachine.StreamID

    package enum Event: Sendable {
        case received([UInt8])
        case drained
        case deadline
        case close(ConnectionError)
        case disconnected
        /// One gossip RPC, without its length.
        case sendGossip([UInt8])
        case sendRequest(OutboundRequest)
        /// The caller no longer waits.
        case cancelRequest(UInt64)
        /// The application's answer to `requested`.
        case respond(StreamID, ResponseStatus, [UInt8])
    }

    package enum Effect: Hashable, Sendable {
        case connected(PeerID)
        case identified(IdentifyMessage)
        /// A fresh gossip stream: subscriptions go first.
        case gossipOpened(protocolID: String)
        case gossipLost
        case gossip([UInt8])
        case requested(StreamID, protocolID: String, payload: [UInt8])
        case responded(UInt64, Result<[UInt8], RequestError>)
        /// Something was not delivered, for a reason that is counted.
        case dropped(DropReason, byteCount: Int)
        /// The peer broke a rule on one stream; the connection goes on.
        case misbehaved(ConnectionError)
        case closed(ConnectionError)
    }

    /// What a stream is for, once that is known.
    enum Purpose: Hashable, Sendable {
        case identifyAsked
        case identifyPushed
        case pingServed
        case gossipOut
        case gossipIn
        case requestOut
        case requestIn
        /// Only written to; nothing is expected.
        case answering
    }

    let settings: SessionSettings
    var connection: ConnectionMachine
    var purposes: [StreamID: Purpose] = [:]
    /// What is still to be written to a stream before it is finished.
    var bodies: [StreamID: OutgoingBody] = [:]
    var readers: [StreamID: LengthPrefixedReader] = [:]
    var identify = IdentifyProgress.waiting
    var gossip = GossipStreams()
    /// Oldest first, at most `maximumOutboundRequests`.
    var outboundRequests: [PendingRequest] = []
    /// Oldest first, at most `maximumInboundRequests`.
    var inboundRequests: [ServedRequest] = []

    package init(settings: SessionSettings, connection: ConnectionMachine) {
        self.settings = settings
        self.connection = connection
    }

    package mutating func handle(_ event: Event, at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .received(let bytes): pass(.received(bytes), &effects, at: now)
        case .drained: pass(.drained, &effects, at: now)
        case .deadline:
            pass(.deadline, &effects, at: now)
            passDeadlines(&effects, at: now)
        case .close(let reason): pass(.close(reason), &effects, at: now)
        case .disconnected: pass(.disconnected, &effects, at: now)
        case .sendGossip(let rpc): sendGossip(rpc, &effects)
        case .sendRequest(let request): start(request, &effects, at: now)
        case .cancelRequest(let id): cancelRequest(id)
        case .respond(let stream, let status, let body):
            respond(status, body, on: stream, at: now)
        }
        return effects
    }

    package var nextDeadline: Instant? {
        guard !connection.isClosed else { return nil }
        var deadlines: [Instant] = []
        if let deadline = connection.nextDeadline { deadlines.append(deadline) }
        if case .asked(let deadline) = identify { deadlines.append(deadline) }
        if let deadline = gossip.reopenAt { deadlines.append(deadline) }
        deadlines += outboundRequests.map(\.deadline)
        deadlines += inboundRequests.map(\.deadline)
        return deadlines.min()
    }

    package mutating func drainOutbound(maximumByteCount: Int) -> [UInt8] {
        connection.drainOutbound(maximumByteCount: maximumByteCount)
    }

    package var remotePeer: PeerID? { connection.remotePeer }
    package var roundTripTime: Duration? { connection.roundTripTime }

    private mutating func pass(
        _ event: ConnectionMachine.Event, _ effects: inout [Effect], at now: Instant
    ) {
        for effect in connection.handle(event, at: now) { take(effect, &effects, at: now) }
    }

    private mutating func take(
        _ effect: ConnectionMachine.Effect, _ effects: inout [Effect], at now: Instant
    ) {
        switch effect {
        case .connected(let peer):
            effects.append(.connected(peer))
            askIdentity(at: now)
        case .streamOpened(let stream, let id, let isInbound):
            if isInbound {
                serve(id, on: stream, &effects, at: now)
            } else if purposes[stream] == .gossipOut {
                gossip.opened(at: now)
                effects.append(.gossipOpened(protocolID: id))
            }
            feed(stream)
        case .received(let stream, let bytes): receive(bytes, on: stream, &effects, at: now)
        case .writable(let stream): feed(stream)
        case .streamFinished(let stream): finished(stream, &effects, at: now)
        case .streamClosed(let stream, let failure):
            ended(stream, failure, &effects, at: now)
        case .closed(let reason): end(reason, &effects)
        }
    }

    private mutating func passDeadlines(_ effects: inout [Effect], at now: Instant) {
        guard !connection.isClosed else { return }
        passIdentifyDeadline(at: now)
        passGossipDeadline(at: now)
        passRequestDeadlines(&effects, at: now)
    }

    private mutating func end(_ reason: ConnectionError, _ effects: inout [Effect]) {
        for request in outboundRequests {
            effects.append(.responded(request.id, .failure(.disconnected)))
        }
        outboundRequests = []
        inboundRequests = []
        purposes = [:]
        bodies = [:]
        readers = [:]
        gossip = GossipStreams()
        identify = .done
        effects.append(.closed(reason))
    }
}

/// What a session offers the peer; the same for all of a node's sessions but the address.
package struct SessionSettings: Sendable {
    /// In order of preference; empty for a node that does not gossip.
    package var gossipProtocols: [String]
    /// Sorted by nothing: the first match serves.
    package var requestProtocols: [RequestProtocol]
    /// Where peers can dial us.
    package var listenAddresses: [Multiaddress]
    /// Where the peer is seen to be.
    package var observedAddress: Multiaddress?
    package var agentVersion: String
    /// Our own, sealed; nil where nobody can dial us.
    package var signedPeerRecord: [UInt8]?

    package init(
        gossipProtocols: [String], requestProtocols: [RequestProtocol],
        listenAddresses: [Multiaddress], observedAddress: Multiaddress?, agentVersion: String,
        signedPeerRecord: [UInt8]? = nil
    ) {
        self.gossipProtocols = gossipProtocols
        self.requestProtocols = requestProtocols
        self.listenAddresses = listenAddresses
        self.observedAddress = observedAddress
        self.agentVersion = agentVersion
        self.signedPeerRecord = signedPeerRecord
    }

    /// Everything a peer may open a stream for: exactly what identify lists.
    package var servedProtocols: [String] {
        [PeerSession.identifyID, PeerSession.identifyPushID, PeerSession.pingID]
            + gossipProtocols + requestProtocols.map(\.id)
    }
}

/// A request protocol that this node serves.
package struct RequestProtocol: Hashable, Sendable {
    package let id: String
    package let maximumRequestByteCount: Int

    package init(id: String, maximumRequestByteCount: Int) {
        self.id = id
        self.maximumRequestByteCount = maximumRequestByteCount
    }
}

/// Why something that was to be sent or delivered was not.
package enum DropReason: String, Hashable, Sendable, CaseIterable {
    /// The peer's gossip queue is over its bytes.
    case gossipQueueFull
    /// No gossip stream is open.
    case noGossipStream
    /// A gossip frame above the limit, ours.
    case gossipFrameTooLong
    /// Frames that waited when the gossip stream was lost.
    case gossipStreamLost
    /// The peer asks more at once than it may.
    case tooManyInboundRequests
}
