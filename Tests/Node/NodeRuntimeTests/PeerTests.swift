import Connection
import Cryptography
import Gossip
import Ledger
import Logging
import Messages
import NetworkFile
import NodeCore
import NodeRuntime
import Payments
import Peering
import Primitives
import SansIO
import SettlementLog
import TestSupport
import Testing
import TransportNIO

/// Nodes that meet through others, miss each other, and lie.
@Suite(.serialized) struct PeerTests {
    /// A host that is no node: what it says is the test's.
    private final class Stranger: Sendable {
        let host: PeerHost
        private let task: Task<Void, any Error>

        init(dialling address: Multiaddress) throws {
            var logger = Logger(label: "stranger")
            logger.logLevel = .critical
            let host = try PeerHost(
                identitySeed: SmallNetwork.seed(77, 3),
                configuration: PeerHost.Configuration(
                    listenAddresses: [], peers: [address],
                    gossipProtocols: PeerHost.gossipProtocols,
                    requestProtocols: PeerProtocol.served, agentVersion: "stranger",
                    limits: .devnet),
                logger: logger)
            self.host = host
            task = Task { try await host.run() }
        }

        /// The first event that `wanted` makes something of.
        func next<Found>(_ wanted: (HostEvent) -> Found?) async -> Found? {
            while let event = await host.events.next() {
                if let found = wanted(event) { return found }
            }
            return nil
        }

        func stop() async {
            host.close()
            _ = await task.result
        }
    }

    private struct Running {
        let node: RunningNode
        let address: Multiaddress
        let task: Task<Void, any Error>

        init(_ network: SmallNetwork, _ configuration: NodeConfiguration, member: Int) async throws
        {
            node = try network.node(configuration, member: member)
            address = try #require(try await node.listen().first)
            let node = node
            task = Task { try await node.run() }
        }

        func stop() async {
            task.cancel()
            _ = await task.result
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `in a line the proofs of one end reach the other, by dialling on need`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        var peers: [Multiaddress] = []
        var nodes: [Running] = []
        // The provers know the sequencer between them, and seek nobody else.
        for member in 0..<SmallNetwork.memberCount {
            var configuration = try network.configuration(
                member, settlementPort: server.port, peers: peers)
            configuration.connectionLimits.target = 0
            configuration.connectionLimits.minimumOutbound = 0
            let running = try await Running(network, configuration, member: member)
            if member == 0 { peers = [running.address] }
            nodes.append(running)
        }
        let provers = [nodes[1].node, nodes[2].node]
        for prover in provers {
            try await until { await prover.snapshot().peering.reachedCount == 1 }
            #expect(await prover.snapshot().peers.count == 1)
        }
        let watch = try #require(await nodes[1].node.watch())
        try await NetworkTests.pay(nodes[0].node, network)
        let all = nodes.map(\.node)
        await server.startClock { await all.haveFolded($0) }
        let blocks = await NetworkTests.finalBlocks(watch, through: Slot(2))
        #expect(blocks.contains { $0.leafCount >= 2 })
        // Whoever merged them had to be connected to the other.
        #expect(await provers[0].snapshot().peers.count == 2)
        #expect(await provers[1].snapshot().peers.count == 2)
        for running in nodes { await running.stop() }
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node that restarts finds its peers without being told again`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let first = try await Running(
            network, network.configuration(0, settlementPort: server.port), member: 0)
        let told = try network.configuration(
            1, settlementPort: server.port, peers: [first.address])
        do {
            let second = try await Running(network, told, member: 1)
            try await until { await second.node.snapshot().peering.reachedCount >= 1 }
            await second.stop()
        }
        let untold = try network.configuration(1, settlementPort: server.port)
        let again = try await Running(network, untold, member: 1)
        try await until { await !again.node.snapshot().peers.isEmpty }
        #expect(await again.node.snapshot().peers == [first.node.snapshot().peerID])
        await again.stop()
        await first.stop()
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `requests that do not parse bar their sender, which is counted and shown`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let running = try await Running(
            network, network.configuration(0, settlementPort: server.port), member: 0)
        let stranger = try Stranger(dialling: running.address)
        let node = try #require(
            await stranger.next { if case .peerConnected(let peer) = $0 { peer } else { nil } })
        var faults = 0
        while await running.node.snapshot().peering.barred.isEmpty {
            try Task.checkCancellation()
            _ = try? await stranger.host.request(
                node, protocolID: PeerProtocol.proof.rawValue, payload: [0xFF, 1, 2],
                limit: 10, timeout: .seconds(5))
            faults += 1
        }
        #expect(faults <= PeeringParameters.maximumFaultPoints)
        let name = stranger.host.localPeer.description
        try await until { await !running.node.snapshot().peers.contains(name) }
        let snapshot = await running.node.snapshot()
        #expect(snapshot.peering.barred.map(\.peer) == [stranger.host.localPeer])
        #expect(snapshot.peering.barred.map(\.reason) == [.faults])
        let counts = Dictionary(
            snapshot.drops.map { ($0.name, $0.count) }, uniquingKeysWith: { $0 + $1 })
        #expect(counts["fault.stream"] == UInt64(PeeringParameters.maximumFaultPoints))
        #expect(counts["transport.barredForFaults"] == 1)
        await stranger.stop()
        await running.stop()
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a peer of another network is left and barred, and nothing of it is kept`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let running = try await Running(
            network, network.configuration(0, settlementPort: server.port), member: 0)
        let stranger = try Stranger(dialling: running.address)
        let other = PeerResponse.status(
            PeerStatus(
                networkID: NetworkID(genesisNonce: [1]), policyHash: SHA256.hash([1]),
                height: Height(0), ledgerRoot: SHA256.hash([2])))
        let asked: Void? = await stranger.next { event in
            guard case .request(_, PeerProtocol.status.rawValue, _, let responder) = event else {
                return nil
            }
            return responder.succeed(MessageCodec.encode(other))
        }
        #expect(asked != nil)
        try await until { await !running.node.snapshot().peering.barred.isEmpty }
        let snapshot = await running.node.snapshot()
        #expect(snapshot.peering.barred.map(\.reason) == [.otherNetwork])
        #expect(snapshot.peering.knownCount == 0)
        #expect(snapshot.drops.contains { $0.name == "otherNetworkRules" && $0.count == 1 })
        await stranger.stop()
        await running.stop()
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node with other circuit keys is left by its peers and refuses the log`() async throws {
        let network = try SmallNetwork()
        let foreign = try SmallNetwork(hasOtherCircuits: true)
        #expect(foreign.description.networkID == network.description.networkID)
        let server = try await RunningLog(network.openLog())
        let running = try await Running(
            network, network.configuration(0, settlementPort: server.port), member: 0)
        // At a port where nobody listens it goes on asking, and meets its peers meanwhile.
        let stranger = try await Running(
            foreign, foreign.configuration(1, settlementPort: 1, peers: [running.address]),
            member: 1)
        try await until { await !running.node.snapshot().peering.barred.isEmpty }
        let snapshot = await running.node.snapshot()
        #expect(snapshot.peering.barred.map(\.reason) == [.otherNetwork])
        #expect(snapshot.drops.contains { $0.name == "otherNetworkRules" })
        await stranger.stop()
        let atTheLog = try foreign.node(
            foreign.configuration(2, settlementPort: server.port), member: 2)
        let error = await #expect(throws: SettlementClientError.self) {
            try await atTheLog.run()
        }
        guard case .wrongPolicy = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await running.stop()
        await server.stop()
    }

    /// Gossip's score mutes a peer after a few faults, so that it cannot have many at once.
    @Test func `a peer that gossips nothing but garbage is barred within a minute`() throws {
        let peer = PeerID(publicKey: Bytes32(words: 1, 2, 3, 4))
        let gossipPeer = GossipPeer(bytes: peer.bytes)
        var now = Instant.origin
        var router = GossipRouter(
            parameters: .standard(seenLifetime: .seconds(120)), seed: 1, startingAt: now
        ) { _ in nil }
        var plan = DialPlan(
            localPeer: PeerID(publicKey: Bytes32(words: 4, 3, 2, 1)), knowledge: PeerKnowledge(),
            clock: UnixClock(unixSeconds: 1_800_000_000, at: now), seed: 1)
        _ = plan.handle(.connected(peer, host: "10.0.0.1", dial: nil), at: now)
        _ = router.handle(
            .connected(gossipPeer, isOutbound: false, understandsDontWant: true), at: now)
        while !plan.isBarred(peer, at: now), now < .origin + .seconds(600) {
            now = now + .milliseconds(100)
            for effect in router.handle(.received(gossipPeer, rpc: [0xFF]), at: now) {
                guard case .penalise(gossipPeer, .malformedRPC) = effect else { continue }
                _ = plan.handle(.fault(peer, .invalidGossip, detail: "malformed"), at: now)
            }
        }
        #expect(now < .origin + .seconds(60))
    }
}
