package import Connection
package import Cryptography
package import Logging
package import NIOCore
import NIOPosix
package import Peering
import SansIO
import Synchronization

/// A node's place in the network: listens, dials, keeps one connection for each peer, and carries
/// gossip and requests between them and the node.
///
/// Every connection is a `PeerSession` driven by a `PeerChannelHandler` on an event loop; whom to
/// dial, to ask for others, to bar is decided by one `DialPlan`, which the host performs
/// (`PeerHost+Plan`). The host itself only keeps the register of who is connected. Bounds:
/// `ConnectionLimits` for sockets, `TransportParameters` for queues, `ConnectionParameters` for each
/// connection, `PeeringParameters` for who is known. What is dropped is counted in `drops`, by reason
/// and peer. One task runs it: `run()`, ended by cancellation or `close()`.
package final class PeerHost: Sendable {
    package struct Configuration: Sendable {
        package var listenAddresses: [Multiaddress]
        /// Dialled for ever.
        package var peers: [Multiaddress]
        package var gossipProtocols: [String]
        package var requestProtocols: [RequestProtocol]
        package var agentVersion: String
        package var limits: ConnectionLimits
        /// Told to peers in place of the addresses that are listened on; none to tell those.
        package var advertisedAddresses: [Multiaddress]
        /// What was known of peers when this process started.
        package var knowledge: PeerKnowledge

        package init(
            listenAddresses: [Multiaddress], peers: [Multiaddress], gossipProtocols: [String],
            requestProtocols: [RequestProtocol], agentVersion: String, limits: ConnectionLimits,
            advertisedAddresses: [Multiaddress] = [], knowledge: PeerKnowledge = PeerKnowledge()
        ) {
            self.listenAddresses = listenAddresses
            self.peers = peers
            self.gossipProtocols = gossipProtocols
            self.requestProtocols = requestProtocols
            self.agentVersion = agentVersion
            self.limits = limits
            self.advertisedAddresses = advertisedAddresses
            self.knowledge = knowledge
        }
    }

    struct Register {
        var links: [PeerID: PeerLink] = [:]
        var counts: [String: AddressCounts] = [:]
        var connectionCount = 0
        var acceptedCount = 0
        /// Accepted ones, oldest first.
        var unproved: [UnprovedSocket] = []
        /// Sockets that lost their place and are not closed yet.
        var evicted: Set<ObjectIdentifier> = []
        var listeners: [any Channel] = []
        var boundAddresses: [Multiaddress] = []
        /// What peers are told, and our own record of it.
        var toldAddresses: [Multiaddress] = []
        var signedRecord: [UInt8]?
        var sockets: [ObjectIdentifier: any Channel] = [:]
        var addedCount = 0
        var nextRequest: UInt64 = 0
        var isListening = false
        var isClosed = false
        var plan: DialPlan
        /// Of `plan`, as it stood after the last event.
        var planDeadline: Instant?
        /// Peers that asked for others, by the plan's ticket.
        var askers: [UInt64: RequestResponder] = [:]
        var nextAsker: UInt64 = 0
        /// Callers that wait for a connection.
        var waiters: [PeerID: [Ticket<Bool>]] = [:]

        init(plan: DialPlan) { self.plan = plan }
    }

    /// gossipsub in the order of preference (`docs/protocol/network.md`).
    package static let gossipProtocols = ["/meshsub/1.2.0", "/meshsub/1.1.0"]

    package let localPeer: PeerID
    /// For one consumer.
    package let events = HostEventQueue()
    package let drops = DropCounters()
    let configuration: Configuration
    let logger: Logger
    let group: any EventLoopGroup
    let state: Mutex<Register>
    private let identity: NoiseIdentity
    let signingKey: SharedSigningKey
    /// What the plan wants done; never more than the plan's own limits allow.
    let errands: AsyncStream<Errand>
    let errandsContinuation: AsyncStream<Errand>.Continuation

    /// `identitySeed` is the 32-byte Ed25519 seed of the peer id; the Noise key is fresh for each
    /// process. Throws `wrongByteCount` for another length.
    package init(
        identitySeed: borrowing SecretBytes, configuration: Configuration, logger: Logger,
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton
    ) throws(CryptographyError) {
        let signingKey = try SigningKey(seed: identitySeed)
        identity = NoiseIdentity(
            signingKey: signingKey,
            staticKey: try NoiseKeyPair(secret: SecretBytes(randomByteCount: 32)))
        let localPeer = PeerID(publicKey: signingKey.publicKey)
        self.localPeer = localPeer
        self.signingKey = SharedSigningKey(signingKey)
        self.configuration = configuration
        self.logger = logger
        self.group = group
        state = Mutex(
            Register(
                plan: DialPlan(
                    localPeer: localPeer, knowledge: configuration.knowledge, clock: .now,
                    seed: UInt64.random(in: .min ... .max), target: configuration.limits.target,
                    minimumOutbound: configuration.limits.minimumOutbound)))
        (errands, errandsContinuation) = AsyncStream.makeStream(bufferingPolicy: .unbounded)
    }

    /// Listens (unless `listen()` was called before), dials and serves until the task is cancelled
    /// or the host closed; then everything is closed and `events` ends.
    package func run() async throws {
        do {
            _ = try await listen()
        } catch {
            close()
            throw error
        }
        for peer in configuration.peers { try? addPeer(peer) }
        // The book's peers are there from the start.
        tell(.deadline)
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.meetDeadlines() }
                for await errand in errands {
                    group.addTask { await self.perform(errand) }
                }
                group.cancelAll()
                close()
            }
        } onCancel: {
            close()
        }
        await closeSockets()
        events.finish()
    }

    /// Where this host listens, its peer id named; ports are the bound ones.
    package var listenAddresses: [Multiaddress] { state.withLock { $0.boundAddresses } }

    /// Sorted.
    package var connectedPeers: [PeerID] { state.withLock { $0.links.keys.sorted() } }

    package func isConnected(_ peer: PeerID) -> Bool { state.withLock { $0.links[peer] != nil } }

    /// Dials `address` for ever; a second time changes nothing.
    package func addPeer(_ address: Multiaddress) throws(TransportError) {
        guard address.endpoint != nil else { throw .notDialable(address) }
        let limit = PeeringParameters.maximumFixedAddresses
        try state.withLock { register throws(TransportError) in
            guard !register.isClosed else { throw .closed }
            guard register.addedCount < limit else { throw .tooManyPeers(limit: limit) }
            register.addedCount += 1
        }
        tell(.added(address))
    }

    /// Hands one RPC to the peer's connection; what cannot be sent is counted in `drops`.
    package func sendGossip(_ rpcBytes: [UInt8], to peer: PeerID) {
        guard let link = state.withLock({ $0.links[peer] }) else {
            return drops.count(.notConnected, peer: nil)
        }
        if !link.sendGossip(rpcBytes) { drops.count(.outboxFull, peer: peer) }
    }

    /// Asks `peer` and waits for at most `limit` bytes of answer. Cancelling the task withdraws
    /// the request.
    package func request(
        _ peer: PeerID, protocolID: String, payload: [UInt8], limit: Int, timeout: Duration
    ) async throws(RequestError) -> [UInt8] {
        let (link, id) = state.withLock { register -> (PeerLink?, UInt64) in
            register.nextRequest += 1
            return (register.links[peer], register.nextRequest)
        }
        guard let link else { throw .notConnected }
        let ticket = Ticket<Result<[UInt8], RequestError>>()
        let request = OutboundRequest(
            id: id, protocolID: protocolID, payload: payload, maximumResponseByteCount: limit,
            timeout: timeout)
        let outcome = await withTaskCancellationHandler {
            link.request(request, ticket)
            return await ticket.wait()
        } onCancel: {
            ticket.settle(.failure(.cancelled))
            link.cancel(id)
        }
        return try outcome.get()
    }

    /// Ends the connection to `peer`, for `reason`; a persistent peer is dialled again.
    package func disconnect(_ peer: PeerID, because reason: ConnectionError) {
        state.withLock { $0.links[peer] }?.handle(.close(reason))
    }

    /// Ends `run()`, which closes everything.
    package func close() {
        let waiters = state.withLock { register in
            register.isClosed = true
            defer { register.waiters = [:] }
            return register.waiters.values.flatMap(\.self)
        }
        for waiter in waiters { waiter.settle(false) }
        errandsContinuation.finish()
        beginClosingSockets()
    }

    func makeSession(expecting: PeerID?, isDialer: Bool, observed: Multiaddress?) throws
        -> PeerSession
    {
        let (told, record) = state.withLock { ($0.toldAddresses, $0.signedRecord) }
        let settings = SessionSettings(
            gossipProtocols: configuration.gossipProtocols,
            requestProtocols: configuration.requestProtocols + [PeerExchange.served],
            listenAddresses: told, observedAddress: observed,
            agentVersion: configuration.agentVersion, signedPeerRecord: record)
        let connection = try ConnectionMachine(
            isDialer: isDialer, identity: identity,
            ephemeralKey: NoiseKeyPair(secret: SecretBytes(randomByteCount: 32)),
            expecting: expecting, servedProtocols: settings.servedProtocols, at: .now)
        return PeerSession(settings: settings, connection: connection)
    }
}
