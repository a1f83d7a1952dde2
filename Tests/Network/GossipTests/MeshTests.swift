import Gossip
import SansIO
import Testing

@Suite struct MeshTests {
    private static let topic = TestNetwork.topic

    @Test func `meshes stay between D low and D high and are mutual`() {
        var network = TestNetwork(nodeCount: 40, seed: 21)
        network.connectAll()
        network.runHeartbeats(8)
        for node in network.routers.indices {
            let mesh = network.routers[node].mesh(of: Self.topic)
            #expect((6...12).contains(mesh.count), "node \(node) has \(mesh.count)")
            for peer in mesh {
                let other = Int(peer.bytes[0]) << 8 | Int(peer.bytes[1])
                let back = network.routers[other].mesh(of: Self.topic)
                #expect(back.contains(TestNetwork.peer(node)))
            }
        }
    }

    @Test func `a crowd of grafts is cut to D with the outbound ones kept`() {
        var router = Crowd(peerCount: 30).router
        let now = Instant.origin + .milliseconds(1)
        for node in 0..<30 {
            _ = router.handle(.received(TestNetwork.peer(node), rpc: Crowd.graft), at: now)
        }
        #expect(router.mesh(of: Self.topic).count <= 14)
        _ = router.handle(.deadline, at: now + .seconds(1))
        let mesh = router.mesh(of: Self.topic)
        #expect((8...12).contains(mesh.count))
        #expect(mesh.count { $0 < TestNetwork.peer(2) } == 2)
    }

    @Test func `a graft is sent when a peer subscribes while the mesh is short`() {
        var router = TestNetwork.router(seed: 1)
        let now = Instant.origin
        _ = router.handle(.subscribe(topic: Self.topic, .strictNoSign), at: now)
        let peer = TestNetwork.peer(1)
        _ = router.handle(
            .connected(peer, isOutbound: true, understandsDontWant: true), at: now)
        let effects = router.handle(.received(peer, rpc: Crowd.subscription), at: now)
        var expected = GossipRPC()
        expected.grafts = [Self.topic]
        #expect(
            effects == [
                .subscribed(peer, topic: Self.topic), .send(peer, rpc: expected.encoded()),
            ])
        #expect(router.mesh(of: Self.topic) == [peer])
    }

    @Test func `a prune ends the mesh and a graft within the back-off is refused`() {
        var router = Crowd(peerCount: 1).router
        let peer = TestNetwork.peer(0)
        let now = Instant.origin + .milliseconds(1)
        _ = router.handle(.received(peer, rpc: Crowd.prune(backoffSeconds: 30)), at: now)
        #expect(router.mesh(of: Self.topic).isEmpty)
        let effects = router.handle(.received(peer, rpc: Crowd.graft), at: now + .seconds(1))
        #expect(effects.contains(.penalise(peer, .graftDuringBackoff)))
        #expect(router.mesh(of: Self.topic).isEmpty)
        // Refused for another minute, then welcome.
        for beat in 2...60 { _ = router.handle(.deadline, at: now + .seconds(beat)) }
        #expect(router.mesh(of: Self.topic).isEmpty)
        _ = router.handle(.received(peer, rpc: Crowd.graft), at: now + .seconds(62))
        #expect(router.mesh(of: Self.topic) == [peer])
    }

    @Test(arguments: [UInt64.max, UInt64(Int64.max), 1 << 62, 1 << 32, 3_601])
    func `a back-off of any size neither traps nor lasts above an hour`(seconds: UInt64) {
        // GHSA-gc42-3jg7-rxr2
        var router = Crowd(peerCount: 1).router
        let peer = TestNetwork.peer(0)
        let now = Instant.origin + .milliseconds(1)
        _ = router.handle(
            .received(peer, rpc: Crowd.prune(backoffSeconds: seconds)), at: now)
        _ = router.handle(.deadline, at: now + .seconds(3_590))
        #expect(router.mesh(of: Self.topic).isEmpty)
        _ = router.handle(.deadline, at: now + .seconds(3_601))
        #expect(router.mesh(of: Self.topic) == [peer])
    }

    @Test func `at the end of the clock a back-off does not trap`() {
        var router = Crowd(peerCount: 1).router
        let end = Instant(nanosecondsSinceOrigin: .max - 1)
        let rpc = Crowd.prune(backoffSeconds: .max)
        _ = router.handle(.received(TestNetwork.peer(0), rpc: rpc), at: end)
        #expect(router.mesh(of: Self.topic).isEmpty)
    }

    @Test func `a stream that reopens hears our subscriptions anew and leaves the mesh`() {
        var router = Crowd(peerCount: 1).router
        let peer = TestNetwork.peer(0)
        #expect(router.mesh(of: Self.topic) == [peer])
        let effects = router.handle(
            .connected(peer, isOutbound: true, understandsDontWant: true),
            at: .origin + .milliseconds(1))
        #expect(effects == [.send(peer, rpc: Crowd.subscription)])
        #expect(router.mesh(of: Self.topic).isEmpty)
        _ = router.handle(.deadline, at: .origin + .seconds(1))
        #expect(router.mesh(of: Self.topic) == [peer])
    }

    @Test func `unsubscribing prunes with the short back-off`() throws {
        var router = Crowd(peerCount: 1).router
        let effects = router.handle(.unsubscribe(topic: Self.topic), at: .origin)
        guard case .send(_, let bytes) = try #require(effects.first) else { return }
        let rpc = try GossipRPC(decoding: bytes, limits: .standard)
        #expect(rpc.prunes.map(\.backoffSeconds) == [10])
        #expect(rpc.subscriptions.map(\.isSubscribing) == [false])
    }
}

/// A router with peers that are subscribed as it is; the first two are outbound.
struct Crowd {
    var router: GossipRouter

    static var subscription: [UInt8] {
        var rpc = GossipRPC()
        rpc.subscriptions = [.init(topic: TestNetwork.topic, isSubscribing: true)]
        return rpc.encoded()
    }

    static var graft: [UInt8] {
        var rpc = GossipRPC()
        rpc.grafts = [TestNetwork.topic]
        return rpc.encoded()
    }

    static func prune(backoffSeconds: UInt64) -> [UInt8] {
        var rpc = GossipRPC()
        rpc.prunes = [
            .init(
                topic: TestNetwork.topic, backoffSeconds: backoffSeconds, offeredPeerCount: 0)
        ]
        return rpc.encoded()
    }

    init(peerCount: Int, parameters: GossipParameters = TestNetwork.parameters) {
        router = TestNetwork.router(seed: 9, parameters: parameters)
        _ = router.handle(.subscribe(topic: TestNetwork.topic, .strictNoSign), at: .origin)
        for node in 0..<peerCount {
            let peer = TestNetwork.peer(node)
            _ = router.handle(
                .connected(peer, isOutbound: node < 2, understandsDontWant: true), at: .origin)
            _ = router.handle(.received(peer, rpc: Self.subscription), at: .origin)
        }
    }
}
