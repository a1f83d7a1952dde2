package import SansIO

/// Gossipsub 1.2 (libp2p/specs pubsub/gossipsub) as a machine: who gets which message.
///
/// Each topic has a mesh of D peers that push every message to each other; a few others hear the
/// ids at each heartbeat (IHAVE) and ask for what they miss (IWANT). A message goes
/// received → seen? → `validate` → verdict → cache and mesh. Large ones are refused to the rest of
/// the mesh on first receipt (IDONTWANT).
///
/// - A rejected message does not stay seen. The id leaves out the signature, so anybody could
///   otherwise send a message with a spoilt signature first and have the true one dropped as its
///   duplicate; other contents under one id are kept until the verdict, and validated in turn.
/// - Bounds: every collection by `GossipLimits`; what a peer may demand is counted per heartbeat.
/// - Deterministic: one seeded generator, peers and topics walked in ascending order.
/// - Deviations: no peer exchange (offers are counted and dropped: peers come from the peer book),
///   no opportunistic grafting and of the scores only P4 and P7 (see `PeerScore`); GRAFT at
///   SUBSCRIBE while the mesh is short (go-libp2p waits for a heartbeat); flooding is for what
///   fits a datagram; a promise that failed is tried with the next announcer.
package struct GossipRouter: StateMachine {
    /// An id for a message of a `strictNoSign` topic; nil for what is no message.
    package typealias Identify = @Sendable (GossipPublication) -> GossipMessageID?

    let parameters: GossipParameters
    let identify: Identify
    var generator: SeededGenerator
    var peers: [GossipPeer: PeerState] = [:]
    /// Our own.
    var subscriptions: [String: TopicPolicy] = [:]
    var meshes: [String: SortedPeers] = [:]
    var fanouts: [String: Fanout] = [:]
    /// Who is subscribed, for every topic that a connected peer named.
    var subscribers: [String: SortedPeers] = [:]
    var seen: SeenCache
    var cache: MessageCache
    var undecided: UndecidedMessages
    var promises: Promises
    var backoffs: Backoffs
    var scores: ScoreTable
    var nextHeartbeat: Instant

    /// `seed` is drawn by the shell; `start` is its clock now.
    package init(
        parameters: GossipParameters, seed: UInt64, startingAt start: Instant,
        identify: @escaping Identify
    ) {
        self.parameters = parameters
        self.identify = identify
        generator = SeededGenerator(seed: seed)
        let limits = parameters.limits
        seen = SeenCache(lifetime: parameters.seenLifetime, capacity: limits.seenMessages)
        cache = MessageCache(parameters: parameters)
        undecided = UndecidedMessages(
            lifetime: parameters.seenLifetime, capacity: limits.undecidedMessages,
            alternatesPerMessage: limits.alternatesPerMessage)
        promises = Promises(timeout: parameters.promiseTimeout, capacity: limits.promises)
        backoffs = Backoffs(capacity: limits.backoffs)
        scores = ScoreTable(parameters: parameters.score, capacity: limits.scores)
        nextHeartbeat = start + parameters.heartbeatInterval
    }

    package var nextDeadline: Instant? { nextHeartbeat }

    package mutating func handle(_ event: GossipEvent, at now: Instant) -> [GossipEffect] {
        var turn = GossipTurn(now: now, limitByteCount: parameters.limits.rpcByteCount / 2)
        switch event {
        case .connected(let peer, let isOutbound, let understandsDontWant):
            connect(
                peer, isOutbound: isOutbound, understandsDontWant: understandsDontWant, &turn)
        case .disconnected(let peer): disconnect(peer, &turn)
        case .received(let peer, let rpc): receive(rpc, from: peer, &turn)
        case .subscribe(let topic, let policy): subscribe(topic, policy, &turn)
        case .unsubscribe(let topic): unsubscribe(topic, &turn)
        case .publish(let publication): publish(publication, &turn)
        case .tell(let peer, let publications): tell(publications, to: peer, &turn)
        case .verdict(let handle, let acceptance): decide(handle, acceptance, &turn)
        case .deadline: break
        }
        if now >= nextHeartbeat {
            heartbeat(&turn)
            nextHeartbeat = now + parameters.heartbeatInterval
        }
        return turn.finish()
    }
}

extension GossipRouter {
    /// For dashboards and tests: who we push to on `topic`.
    package func mesh(of topic: String) -> [GossipPeer] { meshes[topic]?.all ?? [] }

    package var connectedPeers: [GossipPeer] { peers.keys.sorted() }

    /// At most zero; see `ScoreParameters`.
    package func score(of peer: GossipPeer) -> Int { scores.points(peer) }

    package func hasSeen(_ id: GossipMessageID) -> Bool { seen.contains(id) }

    mutating func penalise(_ peer: GossipPeer, _ fault: GossipFault, _ turn: inout GossipTurn) {
        scores.count(fault, of: peer)
        turn.emit(.penalise(peer, fault))
    }
}

/// What the router knows of a connected peer.
struct PeerState: Sendable {
    let isOutbound: Bool
    let understandsDontWant: Bool
    /// Ascending.
    var topics: [String] = []
    /// Until which heartbeat count it refuses an id.
    var refused: [GossipMessageID: Int] = [:]
    /// How often it was served an id.
    var served: [GossipMessageID: Int] = [:]
    var demand = Demand()

    /// What it asked for since the last heartbeat.
    struct Demand: Sendable {
        var announcements = 0
        var announcedIDs = 0
        var wantedIDs = 0
        var servedByteCount = 0
        var refusedIDs = 0
    }
}

/// Peers that get our own messages on a topic to which we are not subscribed.
struct Fanout: Sendable {
    var peers: [GossipPeer]
    var expiry: Instant
}
