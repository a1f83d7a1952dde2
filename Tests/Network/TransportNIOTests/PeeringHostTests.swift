import Connection
import Cryptography
import NIOCore
import NIOPosix
import Peering
import TestSupport
import Testing
import TransportNIO

/// Hosts that find, leave and bar each other, over real sockets.
@Suite(.timeLimit(.minutes(1))) struct PeeringHostTests {
    /// While every node approves whoever connects.
    private func whileApproving(
        _ nodes: [TestNode], _ body: () async throws -> Void
    ) async throws {
        let tasks = nodes.map { node in Task { await node.approveAll() } }
        do {
            try await body()
        } catch {
            for task in tasks { task.cancel() }
            throw error
        }
        for task in tasks { task.cancel() }
        for task in tasks { await task.value }
    }

    private func stop(_ nodes: [TestNode]) async throws {
        for node in nodes { try await node.stop() }
    }

    @Test func `whoever knows one host finds the others, and finds them again from disk`()
        async throws
    {
        let first = try TestNode(1)
        let address = try #require(try await first.start())
        let others = try (2...4).map { try TestNode($0, peers: [address]) }
        for other in others { _ = try await other.start() }
        let all = [first] + others
        try await whileApproving(all) {
            for node in all {
                try await until { node.host.connectedPeers.count >= 3 }
            }
            // Until all three others are in the book as reached or telling.
            try await until { others[2].host.overview.knownCount >= 3 }
        }
        let kept = try #require(others[2].host.knowledge(since: -1))
        #expect(others[2].host.knowledge(since: kept.revision) == nil)
        try await others[2].stop()
        let again = try TestNode(
            4, knowledge: try #require(PeerKnowledge(decoding: kept.bytes, at: 1_800_000_000)))
        _ = try await again.start()
        try await whileApproving([first, others[0], others[1], again]) {
            try await until { again.host.connectedPeers.count >= 3 }
        }
        try await stop([first, others[0], others[1], again])
    }

    @Test func `a peer is dialled when it is needed, and nobody waits longer than he said`()
        async throws
    {
        var limits = ConnectionLimits.devnet
        limits.target = 0
        limits.minimumOutbound = 0
        let middle = try TestNode(1, limits: limits)
        let address = try #require(try await middle.start())
        let ends = try [2, 3].map { try TestNode($0, peers: [address], limits: limits) }
        for end in ends { _ = try await end.start() }
        // Accepts and says nothing.
        let silent = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let nobody = PeerID(publicKey: Bytes32(words: 1, 2, 3, 4))
        try await whileApproving([middle] + ends) {
            try await until {
                middle.host.overview.connected.count { $0.isApproved && !$0.addresses.isEmpty } == 2
            }
            #expect(!ends[0].host.isConnected(ends[1].id))
            #expect(await ends[0].host.connect(to: ends[1].id, within: .seconds(20)))
            #expect(ends[0].host.isConnected(ends[1].id))
            #expect(await ends[0].host.connect(to: ends[1].id, within: .seconds(20)))
            #expect(await !ends[0].host.connect(to: nobody, within: .seconds(50)))
            let port = try #require(silent.localAddress?.port)
            try ends[0].host.addPeer(Multiaddress("/ip4/127.0.0.1/tcp/\(port)").naming(nobody))
            #expect(await !ends[0].host.connect(to: nobody, within: .milliseconds(100)))
        }
        try await silent.close()
        try await stop([middle] + ends)
    }

    @Test func `a barred peer is disconnected, refused and counted, until its ban ends`()
        async throws
    {
        let one = try TestNode(1)
        let address = try #require(try await one.start())
        let two = try TestNode(2, peers: [address])
        _ = try await two.start()
        try await whileApproving([one, two]) {
            try await until { one.host.isConnected(two.id) }
            for _ in 0..<4 { one.host.countFault(.invalidProof, of: two.id, detail: "test") }
            try await until { !one.host.isConnected(two.id) }
            // It dials again, and again.
            try await until { one.host.drops.total["barredPeer", default: 0] >= 2 }
            #expect(one.host.connectedPeers.isEmpty)
            #expect(one.host.drops.total["barredForFaults"] == 1)
            #expect(one.host.overview.barred.map(\.peer) == [two.id])
        }
        // Nor does the next process forget.
        let kept = try #require(one.host.knowledge(since: -1))
        let knowledge = try #require(PeerKnowledge(decoding: kept.bytes, at: 1_000))
        #expect(knowledge.bans.isBarred(two.id, at: 1_000))
        try await stop([one, two])
    }

    @Test func `peers are told what is advertised, signed, and never a wildcard`() async throws {
        let advertised = try Multiaddress("/dns4/node.example/tcp/4001")
        for (isAdvertised, host) in [(true, "127.0.0.1"), (false, "0.0.0.0"), (false, "127.0.0.1")]
        {
            let one = try TestNode(1, host: host, advertised: isAdvertised ? [advertised] : [])
            let port = try #require(try await one.start()?.endpoint?.port)
            let two = try TestNode(
                2, peers: [try Multiaddress("/ip4/127.0.0.1/tcp/\(port)").naming(one.id)])
            _ = try await two.start()
            let event = try await two.next { if case .identified = $0 { true } else { false } }
            guard case .identified(one.id, let message) = event else { return }
            let told = message.listenAddresses
            #expect(told == one.host.toldAddresses && !told.isEmpty)
            let envelope = try #require(message.signedPeerRecord)
            let record = try PeerRecord(verifying: envelope)
            #expect(record.peer == one.id && record.addresses == told)
            if isAdvertised {
                #expect(told == [try advertised.naming(one.id)])
            } else {
                #expect(told.allSatisfy { !$0.isWildcard && $0.endpoint?.port == port })
            }
            try await stop([one, two])
        }
    }

    @Test func `strangers from one address leave room for others to prove who they are`()
        async throws
    {
        let node = try TestNode(
            1,
            limits: ConnectionLimits(
                maximumConnections: 10, maximumPerAddress: 10, maximumUnproved: 10,
                maximumAccepted: 5, maximumUnprovedPerAddress: 2))
        let address = try #require(try await node.start())
        let port = Int(try #require(address.endpoint?.port))
        var channels: [any Channel] = []
        for _ in 0..<5 {
            channels.append(
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get())
        }
        // The oldest three made room, and one more does for a friend.
        try await until { node.host.drops.total["unprovedEvicted"] == 3 }
        let friend = try TestNode(2, peers: [address])
        _ = try await friend.start()
        try await friend.gossipOpened(with: node.id)
        try await stop([node, friend])
        for channel in channels { try? await channel.closeFuture.get() }
    }

    @Test func `whoever asks for peers with more than nothing is refused`() async throws {
        let one = try TestNode(1)
        let address = try #require(try await one.start())
        let two = try TestNode(2, peers: [address])
        _ = try await two.start()
        try await two.gossipOpened(with: one.id)
        await #expect(throws: RequestError.reset) {
            try await two.host.request(
                one.id, protocolID: PeerExchange.protocolID, payload: [1], limit: 100,
                timeout: .seconds(5))
        }
        let answer = try await two.host.request(
            one.id, protocolID: PeerExchange.protocolID, payload: [], limit: 100,
            timeout: .seconds(5))
        #expect(answer == [])
        try await stop([one, two])
    }
}
