import Connection
import Peering
import SansIO
import Testing

/// One plan and what it is told.
struct PlanUnderTest {
    let local = TestPeer(900)
    var plan: DialPlan
    var now = Instant.origin + .seconds(50)
    private(set) var effects: [PeeringEffect] = []

    init(knowledge: PeerKnowledge = PeerKnowledge(), seed: UInt64 = 1) {
        plan = DialPlan(
            localPeer: TestPeer(900).id, knowledge: knowledge,
            clock: UnixClock(unixSeconds: 1_800_000_000, at: .origin + .seconds(50)), seed: seed)
    }

    @discardableResult
    mutating func tell(_ event: PeeringEvent) -> [PeeringEffect] {
        effects = plan.handle(event, at: now)
        return effects
    }

    mutating func pass(_ duration: Duration) -> [PeeringEffect] {
        var all: [PeeringEffect] = []
        let end = now + duration
        while now < end {
            now = now + .milliseconds(50)
            if let due = plan.nextDeadline, due <= now { all += tell(.deadline) }
        }
        effects = all
        return all
    }

    /// Connected, identified and of this network.
    mutating func connect(_ peer: TestPeer, host: String = "10.9.0.1", dial: DialID? = nil) {
        tell(.connected(peer.id, host: host, dial: dial))
        tell(.approved(peer.id))
    }

    /// As if `teller` had been asked.
    mutating func tell(_ records: [PeerRecord], from teller: TestPeer) -> [PeeringEffect] {
        tell(.told(teller.id, records))
    }
}

extension [PeeringEffect] {
    var dials: [(id: DialID, address: Multiaddress)] {
        compactMap { if case .dial(let id, let address) = $0 { (id, address) } else { nil } }
    }

    var counts: [PeeringDrop] {
        compactMap { if case .count(let drop, _) = $0 { drop } else { nil } }
    }

    var answers: [[[UInt8]]?] {
        compactMap { if case .answer(_, let envelopes) = $0 { .some(envelopes) } else { nil } }
    }
}

@Suite struct DialPlanTests {
    private let failed = DialOutcome(peer: nil, reason: nil)

    @Test func `a configured address is dialled for ever, with pauses of at most five seconds`()
        throws
    {
        var node = PlanUnderTest()
        let address = try Multiaddress("/ip4/10.0.0.1/tcp/1")
        var dials = node.tell(.added(address)).dials
        #expect(node.tell(.added(address)).isEmpty)
        var longest = Duration.zero
        for _ in 0..<200 {
            let last = node.now
            node.tell(.dialEnded(try #require(dials.first).id, failed))
            dials = []
            while dials.isEmpty { dials = node.pass(.milliseconds(50)).dials }
            longest = max(longest, node.now - last)
        }
        #expect(longest > .seconds(4) && longest <= .seconds(5) + .milliseconds(50))
    }

    @Test func `whoever is connected is not dialled, and again when it is lost`() throws {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        let address = try peer.record(["/ip4/10.0.0.1/tcp/1"]).addresses[0]
        node.tell(.connected(peer.id, host: "10.0.0.1", dial: nil))
        #expect(node.tell(.added(address)).dials.isEmpty)
        #expect(node.pass(.seconds(60)).dials.isEmpty)
        node.tell(.disconnected(peer.id))
        #expect(node.pass(.seconds(1)).dials.map(\.address) == [address])
    }

    @Test func `an own address is dialled once`() throws {
        var node = PlanUnderTest()
        let dial = try #require(
            node.tell(.added(Multiaddress("/ip4/10.0.0.1/tcp/1"))).dials.first)
        node.tell(.dialEnded(dial.id, DialOutcome(peer: nil, reason: .dialledSelf)))
        #expect(node.pass(.seconds(3_600)).dials.isEmpty)
        #expect(node.plan.nextDeadline == nil)
    }

    @Test func `a peer that nobody ever reached is tried less and less, then forgotten`() throws {
        var node = PlanUnderTest()
        let (teller, peer) = (TestPeer(1), TestPeer(2))
        node.connect(teller)
        var dials = node.tell([try peer.record(["/ip4/10.0.0.2/tcp/1"])], from: teller).dials
        var attempts = 0
        while let dial = dials.first {
            attempts += 1
            #expect(node.tell(.dialEnded(dial.id, failed)).counts == [.dialFailed])
            dials = node.pass(.seconds(400)).dials
        }
        #expect(attempts == PeeringParameters.maximumUntriedFailures)
        #expect(node.plan.overview(at: node.now).knownCount == 0)
    }

    @Test func `others are sought only below the target, sixteen at one time`() throws {
        var node = PlanUnderTest()
        let teller = TestPeer(1)
        node.connect(teller)
        var dials: [(id: DialID, address: Multiaddress)] = []
        for group in 0..<2 {
            let records = try (0..<30).map {
                try TestPeer(100 + group * 30 + $0).record(["/ip4/10.\(group).1.\($0)/tcp/1"])
            }
            dials += node.tell(records, from: teller).dials
        }
        #expect(dials.count == PeeringParameters.maximumDials)
        var connected = 1
        while let dial = dials.popLast() {
            let peer = try #require(dial.address.peerID)
            dials += node.tell(.connected(peer, host: "10.8.0.1", dial: dial.id)).dials
            connected += 1
        }
        #expect(connected == PeeringParameters.targetConnections)
        #expect(node.pass(.seconds(60)).dials.isEmpty)
    }

    @Test func `strangers' connections do not keep us from choosing some ourselves`() throws {
        var node = PlanUnderTest()
        for number in 0..<100 { node.connect(TestPeer(number), host: "10.7.0.\(number)") }
        let records = try (0..<20).map {
            try TestPeer(200 + $0).record(["/ip4/10.6.0.\($0)/tcp/1"])
        }
        let dials = node.tell(records, from: TestPeer(1)).dials
        #expect(dials.count == PeeringParameters.minimumOutboundConnections)
    }

    // MARK: Wanted peers

    @Test func `a wanted peer is dialled at once, each address once, then given up`() throws {
        var node = PlanUnderTest()
        let (teller, peer) = (TestPeer(1), TestPeer(2))
        node.connect(teller)
        let told = try peer.record(["/ip4/10.0.0.2/tcp/1", "/ip4/10.0.0.2/tcp/2"])
        let first = try #require(node.tell([told], from: teller).dials.first)
        node.tell(.dialEnded(first.id, failed))
        _ = node.pass(.seconds(40)).dials.map { node.tell(.dialEnded($0.id, failed)) }
        node.now = node.now + .seconds(3)
        var found: [Multiaddress] = []
        var effects = node.tell(.wanted(peer.id))
        while let dial = effects.dials.first {
            found.append(dial.address)
            effects = node.tell(.dialEnded(dial.id, failed))
        }
        #expect(found.sorted { $0.description < $1.description } == told.addresses)
        #expect(effects.contains(.unreachable(peer.id)))
    }

    @Test func `nobody waits for a peer that is unknown, barred or was just tried`() throws {
        var node = PlanUnderTest()
        let (teller, peer) = (TestPeer(1), TestPeer(2))
        #expect(node.tell(.wanted(peer.id)).contains(.unreachable(peer.id)))
        node.connect(teller)
        let record = try peer.record(["/ip4/10.0.0.2/tcp/1"])
        let dial = try #require(node.tell([record], from: teller).dials.first)
        // A dial on its way is waited for.
        #expect(node.tell(.wanted(peer.id)).isEmpty)
        #expect(node.tell(.dialEnded(dial.id, failed)).contains(.unreachable(peer.id)))
        #expect(node.tell(.wanted(peer.id)).contains(.unreachable(peer.id)))
        node.now = node.now + .seconds(3)
        node.tell(.foreign(peer.id, detail: "test"))
        #expect(node.tell(.wanted(peer.id)).contains(.unreachable(peer.id)))
    }

    @Test func `others are asked for a wanted peer that is unknown, once`() throws {
        var node = PlanUnderTest()
        let (teller, peer, nobody) = (TestPeer(1), TestPeer(2), TestPeer(3))
        node.connect(teller)
        node.now = node.now + .milliseconds(10)
        #expect(node.tell(.wanted(peer.id)).isEmpty && node.tell(.wanted(nobody.id)).isEmpty)
        // The answer to a question that was asked before says nothing about them.
        #expect(node.tell(.told(teller.id, [])).isEmpty)
        #expect(node.pass(.seconds(3)) == [.ask(teller.id)])
        let record = try peer.record(["/ip4/10.0.0.2/tcp/1"])
        let effects = node.tell([record], from: teller)
        #expect(effects.dials.map(\.address) == record.addresses)
        #expect(effects.contains(.unreachable(nobody.id)))
        #expect(!effects.contains(.unreachable(peer.id)))
    }

    @Test func `a wanted peer at a configured address is dialled without its pause`() throws {
        var node = PlanUnderTest()
        let address = try TestPeer(1).record(["/ip4/10.0.0.1/tcp/1"]).addresses[0]
        var dials = node.tell(.added(address)).dials
        for _ in 0..<10 {
            node.tell(.dialEnded(try #require(dials.first).id, failed))
            dials = []
            while dials.isEmpty { dials = node.pass(.milliseconds(50)).dials }
        }
        node.tell(.dialEnded(try #require(dials.first).id, failed))
        let dial = try #require(node.tell(.wanted(TestPeer(1).id)).dials.first)
        let effects = node.tell(.dialEnded(dial.id, failed))
        #expect(effects.contains(.unreachable(TestPeer(1).id)))
    }
}
