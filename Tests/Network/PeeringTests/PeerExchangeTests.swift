import Connection
import Peering
import SansIO
import Testing

/// Who is told what about whom.
@Suite struct PeerExchangeTests {
    private func addresses(_ node: PlanUnderTest) -> Int {
        node.plan.overview(at: node.now).knownCount
    }

    @Test func `only peers of this network are asked and told about`() throws {
        var node = PlanUnderTest()
        let (stranger, friend) = (TestPeer(1), TestPeer(2))
        for peer in [stranger, friend] {
            node.tell(.connected(peer.id, host: "10.0.0.1", dial: nil))
            let record = try peer.record(["/ip4/10.0.0.1/tcp/\(peer.id == friend.id ? 1 : 2)"])
            node.tell(
                .identified(
                    peer.id, agentVersion: "x\u{1B}[2J\u{0}", signedPeerRecord: record.envelope))
        }
        #expect(node.pass(.seconds(100)).isEmpty)
        #expect(node.tell(.approved(friend.id)) == [.ask(friend.id)])
        let told = try #require(node.tell(.asked(stranger.id, ticket: 5)).answers.first ?? nil)
        #expect(try told.map { try PeerRecord(verifying: $0).peer } == [friend.id])
        // Nobody is told about itself, nor about those who are not approved.
        #expect(node.tell(.asked(friend.id, ticket: 6)).answers == [[]])
        // What it calls itself can be printed.
        #expect(node.plan.overview(at: node.now).connected.allSatisfy { $0.agent == "x?[2J?" })
    }

    @Test func `the pause between questions doubles to a minute and starts over with news`()
        throws
    {
        var node = PlanUnderTest()
        let teller = TestPeer(1)
        node.tell(.connected(teller.id, host: "10.0.0.1", dial: nil))
        var asked = node.now
        var pauses: [Duration] = []
        #expect(node.tell(.approved(teller.id)) == [.ask(teller.id)])
        func next(_ node: inout PlanUnderTest, _ records: [PeerRecord]) {
            node.tell(.told(teller.id, records))
            while !node.pass(.milliseconds(50)).contains(.ask(teller.id)) {}
            pauses.append(node.now - asked)
            asked = node.now
        }
        for _ in 0..<10 { next(&node, []) }
        #expect(pauses[0] <= .seconds(2) + PeeringWorld.step)
        #expect(pauses[9] >= .seconds(30) && pauses[9] <= .seconds(60) + PeeringWorld.step)
        next(&node, [try TestPeer(2).record(["/ip4/10.0.0.2/tcp/1"])])
        #expect(try #require(pauses.last) <= .seconds(2) + PeeringWorld.step)
    }

    @Test func `whoever asks too often is refused, and counted`() {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        node.connect(peer)
        for _ in 0..<PeeringParameters.askBurst {
            #expect(node.tell(.asked(peer.id, ticket: 1)).answers == [[]])
        }
        #expect(node.tell(.asked(peer.id, ticket: 1)).answers == [nil])
        #expect(node.effects.counts == [.peersAskedTooOften])
        node.now = node.now + PeeringParameters.askRefill
        #expect(node.tell(.asked(peer.id, ticket: 1)).answers == [[]])
        #expect(node.tell(.asked(peer.id, ticket: 1)).answers == [nil])
        #expect(node.tell(.asked(TestPeer(2).id, ticket: 1)).answers == [nil])
    }

    @Test func `an answer holds 32 records at most, and none that means nothing to the asker`()
        throws
    {
        var node = PlanUnderTest()
        for number in 0..<60 {
            let peer = TestPeer(number)
            let host = number < 10 ? "127.0.0.1" : "10.0.0.\(number)"
            node.tell(.connected(peer.id, host: host, dial: nil))
            node.tell(
                .identified(
                    peer.id, agentVersion: nil,
                    signedPeerRecord: try peer.record(["/ip4/\(host)/tcp/1"]).envelope))
            node.tell(.approved(peer.id))
        }
        let told = try #require(node.tell(.asked(TestPeer(20).id, ticket: 1)).answers.first ?? nil)
        #expect(told.count == ConnectionParameters.maximumExchangedRecords)
        for envelope in told {
            #expect(try PeerRecord(verifying: envelope).addresses.allSatisfy { $0.scope == .site })
        }
    }

    @Test func `addresses of a network that the teller does not share are not believed`() throws {
        var node = PlanUnderTest()
        let (far, near) = (TestPeer(1), TestPeer(2))
        node.connect(far, host: "203.0.113.9")
        node.connect(near, host: "10.0.0.9")
        let machine = try TestPeer(3).record(["/ip4/127.0.0.1/tcp/1"])
        let site = try TestPeer(4).record(["/ip4/10.0.0.4/tcp/1"])
        let nowhere = try TestPeer(5).record(["/ip4/0.0.0.0/tcp/1"])
        let read = try PeerRecord(verifying: nowhere.envelope)
        let effects = node.tell([machine, site, read], from: far)
        let refused = [PeeringDrop](repeating: .undialablePeerRecord, count: 3)
        #expect(effects.counts == refused && effects.dials.isEmpty)
        #expect(node.tell([machine, site], from: near).dials.count == 1)
        node.connect(TestPeer(6), host: "127.0.0.1")
        #expect(node.tell([machine], from: TestPeer(6)).dials.count == 1)
    }

    @Test func `one teller, and one host, cannot fill the book`() throws {
        var node = PlanUnderTest()
        let teller = TestPeer(1)
        node.connect(teller)
        func tell(_ range: Range<Int>, _ node: inout PlanUnderTest, host: (Int) -> String) throws {
            for number in range {
                let record = try TestPeer(number).record(["/ip4/\(host(number))/tcp/\(number)"])
                _ = node.tell([record], from: teller)
            }
        }
        try tell(100..<200, &node) { "10.1.0.\($0)" }
        #expect(addresses(node) == PeeringParameters.maximumUntriedPerTeller)
        #expect(node.effects.counts.contains(.peerBookFull))
        var other = PlanUnderTest()
        other.connect(teller)
        try tell(100..<160, &other) { _ in "10.1.0.1" }
        #expect(addresses(other) == PeeringParameters.maximumPeersPerHost)
    }

    @Test func `a record that does not verify counts as a fault of whoever told it`() throws {
        var node = PlanUnderTest()
        let peer = TestPeer(1)
        node.connect(peer)
        var envelope = try peer.record(["/ip4/10.0.0.1/tcp/1"]).envelope
        envelope[envelope.count - 1] ^= 1
        node.tell(.identified(peer.id, agentVersion: nil, signedPeerRecord: envelope))
        #expect(node.effects.counts == [.invalidPeerRecord])
        #expect(node.plan.overview(at: node.now).connected.map(\.faultPoints) == [4])
        // Verifying costs time: not again at once.
        node.tell(.identified(peer.id, agentVersion: nil, signedPeerRecord: envelope))
        #expect(node.effects.counts == [.peerRecordTooSoon])
        let theirs = try TestPeer(2).record(["/ip4/10.0.0.1/tcp/1"])
        node.now = node.now + PeeringParameters.ownRecordPause
        node.tell(.identified(peer.id, agentVersion: nil, signedPeerRecord: theirs.envelope))
        #expect(node.effects.counts == [.invalidPeerRecord])
    }
}
