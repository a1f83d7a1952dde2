package import Connection
package import Cryptography
package import Logging
package import NIOCore
import NIOPosix
import SansIO
import Synchronization

/// A node's place in the network: listens, dials its peers for ever, keeps one connection for
/// each, and carries gossip and requests between them and the node.
///
/// Every connection is a `PeerSession` driven by a `PeerChannelHandler` on an event loop; the host
/// only keeps the register of who is connected. Bounds: `ConnectionLimits` for sockets,
/// `TransportParameters` for queues, `ConnectionParameters` for each connection. What is dropped
/// is counted in `drops`, by reason and peer. One task runs it: `run()`, ended by cancellation or
/// `close()`.
package final class PeerHost: Sendable {
    package struct Configuration: Sendable {
        package var listenAddresses: [Multiaddress]
        /// Dialled for ever.
        package var peers: [Multiaddress]
        package var gossipProtocols: [String]
        package var requestProtocols: [RequestProtocol]
        package var agentVersion: String
        package var limits: ConnectionLimits

        package init(
            listenAddresses: [Multiaddress], peers: [Multiaddress], gossipProtocols: [String],
            requestProtocols: [RequestProtocol], agentVersion: String, limits: ConnectionLimits
        ) {
            self.listenAddresses = listenAddresses
            self.peers = peers
            self.gossipProtocols = gossipProtocols
            self.requestProtocols = requestProtocols
            self.agentVersion = agentVersion
            self.limits = limits
        }
    }

    struct Register {
        var links: [PeerID: PeerLink] = [:]
        var connectionsByAddress: [String: Int] = [:]
        var connectionCount = 0
        /// Accepted ones, oldest first.
        var unproved: [UnprovedSocket] = []
        /// Sockets that lost their place and are not closed yet.
        var evicted: Set<ObjectIdentifier> = []
        var listeners: [any Channel] = []
        var boundAddresses: [Multiaddress] = []
        var sockets: [ObjectIdentifier: any Channel] = [:]
        var dialled: Set<Multiaddress> = []
        var nextRequest: UInt64 = 0
        var isListening = false
        var isClosed = false
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
    let state = Mutex(Register())
    private let identity: NoiseIdentity
    let newPeers: AsyncStream<Multiaddress>
    let newPeersContinuation: AsyncStream<Multiaddress>.Continuation

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
        localPeer = PeerID(publicKey: signingKey.publicKey)
        self.configuration = configuration
        self.logger = logger
        self.group = group
        (newPeers, newPeersContinuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingNewest(TransportParameters.maximumPersistentPeers))
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
        await withTaskCancellationHandler {
            await withDiscardingTaskGroup { group in
                for await address in newPeers {
                    group.addTask { await self.keepDialling(address) }
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

    /// Where this host can be dialled, its peer id named; ports are the bound ones.
    package var listenAddresses: [Multiaddress] { state.withLock { $0.boundAddresses } }

    /// Sorted.
    package var connectedPeers: [PeerID] { state.withLock { $0.links.keys.sorted() } }

    /// Dials `address` for ever; a second time changes nothing.
    package func addPeer(_ address: Multiaddress) throws(TransportError) {
        guard address.endpoint != nil else { throw .notDialable(address) }
        guard address.peerID != localPeer else { return }
        let limit = TransportParameters.maximumPersistentPeers
        let isNew = try state.withLock { register throws(TransportError) in
            guard !register.isClosed else { throw .closed }
            guard register.dialled.count < limit else { throw .tooManyPeers(limit: limit) }
            return register.dialled.insert(address).inserted
        }
        if isNew { newPeersContinuation.yield(address) }
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
        let ticket = RequestTicket()
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
        state.withLock { $0.isClosed = true }
        newPeersContinuation.finish()
        beginClosingSockets()
    }

    func makeSession(expecting: PeerID?, isDialer: Bool, observed: Multiaddress?) throws
        -> PeerSession
    {
        let settings = SessionSettings(
            gossipProtocols: configuration.gossipProtocols,
            requestProtocols: configuration.requestProtocols,
            listenAddresses: state.withLock { $0.boundAddresses },
            observedAddress: observed, agentVersion: configuration.agentVersion)
        let connection = try ConnectionMachine(
            isDialer: isDialer, identity: identity,
            ephemeralKey: NoiseKeyPair(secret: SecretBytes(randomByteCount: 32)),
            expecting: expecting, servedProtocols: settings.servedProtocols, at: .now)
        return PeerSession(settings: settings, connection: connection)
    }
}
