import Gossip
import SansIO
import Testing

/// RPCs that are cut, flipped or invented.
@Suite struct HostileRPCTests {
    private static let rpc: GossipRPC = {
        let ids = (0..<3).map { GossipMessageID(bytes: [UInt8](repeating: $0, count: 20)) }
        var rpc = GossipRPC()
        rpc.subscriptions = [
            .init(topic: "t", isSubscribing: true), .init(topic: "u", isSubscribing: false),
        ]
        rpc.publications = [GossipPublication(topic: "t", data: [1, 2, 3, 4, 5, 6, 7, 8])]
        rpc.announcements = [.init(topic: "t", ids: ids)]
        rpc.wanted = ids
        rpc.grafts = ["t"]
        rpc.prunes = [.init(topic: "u", backoffSeconds: 60, offeredPeerCount: 0)]
        rpc.unwanted = ids
        return rpc
    }()

    private func hear(_ bytes: [UInt8], at now: Instant = .origin) {
        let peer = TestNetwork.peer(1)
        var router = TestNetwork.router(seed: 1)
        _ = router.handle(.subscribe(topic: "t", .strictNoSign), at: now)
        _ = router.handle(
            .connected(peer, isOutbound: true, understandsDontWant: true), at: now)
        let effects = router.handle(.received(peer, rpc: bytes), at: now)
        // Nothing is said twice as long as what was heard.
        let said = effects.reduce(0) { sum, effect in
            if case .send(_, let rpc) = effect { sum + rpc.count } else { sum }
        }
        #expect(said <= 2 * bytes.count + 64)
    }

    @Test func `an RPC cut short at any byte or with any bit flipped never traps`() {
        let bytes = Self.rpc.encoded()
        for place in bytes.indices {
            hear(Array(bytes.prefix(place)))
            for bit in 0..<8 {
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(bit)
                hear(flipped)
            }
        }
    }

    @Test func `lengths of any size in the place of any byte never trap or allocate`() {
        let bytes = Self.rpc.encoded()
        for place in bytes.indices {
            for length in [
                [UInt8](repeating: 0xFF, count: 9) + [0x01],
                [UInt8](repeating: 0x80, count: 10) + [0x01],
                [0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
            ] {
                hear(Array(bytes[..<place] + length + bytes[(place + 1)...]))
            }
        }
    }

    @Test func `random bytes never trap`() {
        var generator = SeededGenerator(seed: 3)
        for round in 0..<2_000 {
            hear((0..<(round % 300)).map { _ in UInt8.random(in: 0...255, using: &generator) })
        }
    }

    @Test func `a clock that jumps by hours forward, or stands still, costs nothing but time`() {
        let peer = TestNetwork.peer(1)
        var router = TestNetwork.router(seed: 1)
        _ = router.handle(.subscribe(topic: "t", .strictNoSign), at: .origin)
        _ = router.handle(
            .connected(peer, isOutbound: true, understandsDontWant: true), at: .origin)
        let bytes = Self.rpc.encoded()
        let start = Instant.origin
        for now in [start, start + .seconds(36_000), start + .seconds(36_000), start + .seconds(1)]
        {
            _ = router.handle(.received(peer, rpc: bytes), at: now)
            let effects = router.handle(.deadline, at: now)
            // One heartbeat, not one for each second that was skipped.
            #expect(effects.count < 16)
        }
        let later = start + .seconds(72_000)
        _ = router.handle(.deadline, at: later)
        #expect(router.nextDeadline.map { $0 > later } == true)
    }
}
