import Connection
import Cryptography
import Logging
import Peering
import Synchronization
import TransportNIO

/// A host, its running task and what it has told so far.
final class TestNode: Sendable {
    let host: PeerHost
    private let task: Mutex<Task<Void, any Error>?> = Mutex(nil)
    private let heard = Mutex(0)

    init(
        _ name: UInt8, port: UInt16? = 0, peers: [Multiaddress] = [],
        limits: ConnectionLimits = .devnet, host: String = "127.0.0.1",
        advertised: [Multiaddress] = [], knowledge: PeerKnowledge = PeerKnowledge()
    ) throws {
        var listen: [Multiaddress] = []
        if let port { listen = [try Multiaddress("/ip4/\(host)/tcp/\(port)")] }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        self.host = try PeerHost(
            identitySeed: SecretBytes(copying: [UInt8](repeating: name, count: 32)),
            configuration: PeerHost.Configuration(
                listenAddresses: listen, peers: peers,
                gossipProtocols: PeerHost.gossipProtocols,
                requestProtocols: [
                    RequestProtocol(id: "/grove/1/echo", maximumRequestByteCount: 1 << 20)
                ], agentVersion: "grove/test", limits: limits,
                advertisedAddresses: advertised, knowledge: knowledge),
            logger: logger)
    }

    /// Binds, then runs in the background.
    func start() async throws -> Multiaddress? {
        let addresses = try await host.listen()
        task.withLock { $0 = Task { try await self.host.run() } }
        return addresses.first
    }

    func stop() async throws {
        host.close()
        try await task.withLock { $0 }?.value
    }

    var id: PeerID { host.localPeer }

    /// Takes events until one satisfies `condition`; answers requests by `answer` meanwhile.
    @discardableResult
    func next(
        answer: ([UInt8]) -> (ResponseStatus, [UInt8]) = { (.ok, $0) },
        where condition: (HostEvent) -> Bool
    ) async throws -> HostEvent {
        while let event = await host.events.next() {
            if case .request(_, _, let payload, let responder) = event {
                let (status, body) = answer(payload)
                responder.respond(status, body)
            }
            if condition(event) { return event }
        }
        throw TransportError.closed
    }

    /// Says hello on each gossip stream to `peer` and counts what is said here.
    func greet(_ peer: PeerID) async {
        while let event = await host.events.next() {
            if case .gossipOpened(peer, _, _) = event { host.sendGossip([8], to: peer) }
            if case .gossip(peer, [8]) = event { heard.withLock { $0 += 1 } }
        }
    }

    /// Takes everybody for one of this network, and nothing else to heart.
    func approveAll() async {
        while let event = await host.events.next() {
            if case .peerConnected(let peer) = event { host.approve(peer) }
        }
    }

    var greetings: Int { heard.withLock { $0 } }

    func nextGossip() async throws -> [UInt8] {
        let event = try await next { if case .gossip = $0 { true } else { false } }
        guard case .gossip(_, let bytes) = event else { return [] }
        return bytes
    }

    /// True where this host dialled.
    @discardableResult
    func gossipOpened(with peer: PeerID) async throws -> Bool {
        let event = try await next {
            if case .gossipOpened(peer, _, _) = $0 { true } else { false }
        }
        guard case .gossipOpened(_, _, let isOutbound) = event else { return false }
        return isOutbound
    }

    func disconnected(from peer: PeerID) async throws {
        try await next { if case .peerDisconnected(peer) = $0 { true } else { false } }
    }
}
