import Connection
import Peering
import SansIO
import Testing

/// Faults add up, bans end, and both survive what a peer does about it.
@Suite struct BanTests {
    @Test func `the sixteenth fault bars a peer for ten minutes, by name`() {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        node.connect(peer)
        for _ in 0..<15 { #expect(node.tell(.fault(peer.id, .gossip, detail: "x")).isEmpty) }
        let effects = node.tell(.fault(peer.id, .gossip, detail: "x"))
        #expect(
            effects == [
                .count(.barredForFaults, peer.id),
                .barred(peer.id, .faults, seconds: 600, detail: "x"),
                .disconnect(peer.id, .barred),
            ])
        #expect(node.plan.isBarred(peer.id, at: node.now))
        #expect(!node.plan.isBarred(peer.id, at: node.now + .seconds(601)))
    }

    @Test(arguments: PeerFaultKind.allCases)
    func `every kind of fault bars in the end`(kind: PeerFaultKind) {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        node.connect(peer)
        var count = 0
        while !node.plan.isBarred(peer.id, at: node.now) {
            node.tell(.fault(peer.id, kind, detail: "x"))
            count += 1
        }
        #expect(count == PeeringParameters.maximumFaultPoints / kind.weight)
    }

    @Test func `leaving and coming back cleans no record, time does`() {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        for _ in 0..<15 {
            node.connect(peer)
            node.tell(.fault(peer.id, .gossip, detail: "x"))
            node.tell(.disconnected(peer.id))
        }
        #expect(!node.plan.isBarred(peer.id, at: node.now))
        node.now = node.now + .seconds(600)
        // Ten points are forgotten: ten more do not bar.
        for _ in 0..<10 { node.tell(.fault(peer.id, .gossip, detail: "x")) }
        #expect(!node.plan.isBarred(peer.id, at: node.now))
        node.tell(.fault(peer.id, .gossip, detail: "x"))
        #expect(node.plan.isBarred(peer.id, at: node.now))
    }

    @Test func `each further ban within a day is twice as long, up to a day`() {
        var bans = BanList()
        let peer = TestPeer(1).id
        var now: UInt64 = 1_000_000
        var lengths: [UInt64] = []
        for _ in 0..<10 {
            lengths.append(bans.bar(peer, host: nil, for: .faults, at: now))
            now += lengths[lengths.count - 1] + 1
        }
        #expect(lengths.prefix(4) == [600, 1_200, 2_400, 4_800])
        #expect(lengths.last == PeeringParameters.longestBanSeconds)
        now += PeeringParameters.banMemorySeconds
        #expect(bans.bar(peer, host: nil, for: .faults, at: now) == 600)
    }

    @Test func `a peer with other rules is left for a minute, whatever it is configured as`()
        throws
    {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        let address = try peer.record(["/ip4/10.0.0.1/tcp/1"]).addresses[0]
        let dial = try #require(node.tell(.added(address)).dials.first)
        node.tell(.connected(peer.id, host: "10.0.0.1", dial: dial.id))
        #expect(
            node.tell(.foreign(peer.id, detail: "rules")) == [
                .count(.barredForOtherNetwork, peer.id),
                .barred(peer.id, .otherNetwork, seconds: 60, detail: "rules"),
                .disconnect(peer.id, .barred),
            ])
        node.tell(.disconnected(peer.id))
        node.tell(.dialEnded(dial.id, DialOutcome(peer: peer.id, reason: .barred)))
        #expect(node.pass(.seconds(55)).dials.isEmpty)
        #expect(node.pass(.seconds(11)).dials.map(\.address) == [address])
    }

    @Test func `a host is barred after four of its peers, for a while, but never this machine`() {
        var node = PlanUnderTest()
        func misbehave(_ number: Int, host: String) {
            let peer = TestPeer(number)
            node.connect(peer, host: host)
            for _ in 0..<4 { node.tell(.fault(peer.id, .invalidProof, detail: "x")) }
            node.tell(.disconnected(peer.id))
        }
        for number in 0..<3 { misbehave(number, host: "10.0.0.7") }
        #expect(!node.plan.isBarred(host: "10.0.0.7", at: node.now))
        misbehave(3, host: "10.0.0.7")
        #expect(node.plan.isBarred(host: "10.0.0.7", at: node.now))
        #expect(!node.plan.isBarred(host: "10.0.0.8", at: node.now))
        #expect(!node.plan.isBarred(host: "10.0.0.7", at: node.now + .seconds(601)))
        for number in 10..<20 { misbehave(number, host: "127.0.0.1") }
        #expect(!node.plan.isBarred(host: "127.0.0.1", at: node.now))
    }

    @Test func `whoever has a new name for every fault cannot fill the tables`() {
        var node = PlanUnderTest()
        for number in 0..<2_000 {
            node.tell(.fault(TestPeer(number).id, .wrongBytes, detail: "x"))
            node.tell(.foreign(TestPeer(number).id, detail: "x"))
        }
        let overview = node.plan.overview(at: node.now)
        #expect(overview.barred.count == PeeringParameters.maximumBans)
    }
}
