import Gossip
import SansIO
import Testing

@Suite struct HostilePeerTests {
    private let now = Instant.origin + .milliseconds(1)
    private let peer = TestNetwork.peer(0)

    private func rpc(_ change: (inout GossipRPC) -> Void) -> [UInt8] {
        var rpc = GossipRPC()
        change(&rpc)
        return rpc.encoded()
    }

    private func ids(_ count: Int) -> [GossipMessageID] {
        (0..<count).map { number in
            GossipMessageID(bytes: (0..<8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) })
        }
    }

    @Test func `a hundred topics of a peer are remembered and no more`() {
        // CVE-2026-46679
        var router = Crowd(peerCount: 1).router
        var tooMany = 0
        for batch in 0..<50 {
            let bytes = rpc {
                $0.subscriptions = (0..<100).map {
                    .init(topic: "topic \(batch) \($0)", isSubscribing: true)
                }
            }
            for effect in router.handle(.received(peer, rpc: bytes), at: now)
            where effect == .penalise(peer, .tooManySubscriptions) { tooMany += 1 }
        }
        #expect(tooMany > 0)
        #expect(router.score(of: peer) < -80)
        let effects = router.handle(.received(peer, rpc: Crowd.graft), at: now)
        #expect(effects == [.count(.graylistedPeer)])
    }

    @Test func `a million subscriptions in one RPC are refused before parsing`() {
        var router = Crowd(peerCount: 1).router
        let bytes = [[UInt8]](repeating: [0x0A, 0x00], count: 500_000).flatMap { $0 }
        let effects = router.handle(.received(peer, rpc: bytes), at: now)
        #expect(effects == [.penalise(peer, .oversizedRPC)])
    }

    @Test func `an RPC above a mebibyte is refused`() {
        var router = Crowd(peerCount: 1).router
        let bytes = [UInt8](repeating: 0, count: 1 << 20 + 1)
        let effects = router.handle(.received(peer, rpc: bytes), at: now)
        #expect(effects == [.penalise(peer, .oversizedRPC)])
    }

    @Test func `announcements above the limit are not asked for`() throws {
        var router = Crowd(peerCount: 1).router
        var askedCount = 0
        var floodCount = 0
        for number in 0..<20 {
            let batch = Array(ids(20_000)[number * 1_000..<(number + 1) * 1_000])
            let bytes = rpc { $0.announcements = [.init(topic: "t", ids: batch)] }
            for effect in router.handle(.received(peer, rpc: bytes), at: now) {
                if case .send(_, let answer) = effect {
                    askedCount += try GossipRPC(decoding: answer, limits: .standard).wanted.count
                }
                if effect == .count(.announcementFlood) { floodCount += 1 }
            }
        }
        #expect(askedCount == 5_000)
        #expect(floodCount > 0)
    }

    @Test func `the same message is served on demand three times`() throws {
        var router = Crowd(peerCount: 1).router
        let message = TestNetwork.message(3, byteCount: 300)
        _ = router.handle(.publish(message), at: now)
        let bytes = rpc { $0.wanted = [TestNetwork.id(of: message.data)!] }
        var servedCount = 0
        for _ in 0..<10 {
            for effect in router.handle(.received(peer, rpc: bytes), at: now) {
                guard case .send(_, let answer) = effect else { continue }
                servedCount +=
                    try GossipRPC(decoding: answer, limits: .standard).publications.count
            }
        }
        #expect(servedCount == 3)
    }

    @Test func `a spoilt copy that comes first does not keep the true message out`() {
        var router = Crowd(peerCount: 2).router
        let other = TestNetwork.peer(1)
        let truth = TestNetwork.message(4, byteCount: 300)
        var spoilt = truth
        spoilt.data[200] = 1
        let first = router.handle(
            .received(peer, rpc: rpc { $0.publications = [spoilt] }), at: now)
        let handle = MessageHandle(number: 1)
        #expect(first == [.validate(handle, spoilt, from: peer)])
        // The true copy arrives before the verdict and waits for it.
        _ = router.handle(.received(other, rpc: rpc { $0.publications = [truth] }), at: now)
        let second = router.handle(.verdict(handle, .reject), at: now)
        let next = MessageHandle(number: 2)
        #expect(
            second == [.penalise(peer, .invalidMessage), .validate(next, truth, from: other)])
        // A spoilt copy alone: the true one is still new afterwards.
        _ = router.handle(.verdict(next, .reject), at: now)
        #expect(!router.hasSeen(TestNetwork.id(of: truth.data)!))
    }

    @Test func `three invalid messages put a peer on the graylist for a while`() {
        var router = Crowd(peerCount: 1).router
        for name in UInt8(1)...3 {
            let message = TestNetwork.message(name, byteCount: 300)
            _ = router.handle(
                .received(peer, rpc: rpc { $0.publications = [message] }), at: now)
            _ = router.handle(
                .verdict(MessageHandle(number: UInt64(name)), .reject), at: now)
        }
        #expect(router.score(of: peer) == -90)
        let effects = router.handle(.received(peer, rpc: Crowd.subscription), at: now)
        #expect(effects == [.count(.graylistedPeer)])
        // Leaving and coming back does not help, patience does.
        _ = router.handle(.disconnected(peer), at: now)
        _ = router.handle(
            .connected(peer, isOutbound: false, understandsDontWant: true), at: now)
        #expect(router.score(of: peer) == -90)
        for beat in 1...600 {
            _ = router.handle(.deadline, at: now + .milliseconds(700 * beat))
        }
        #expect(router.score(of: peer) == 0)
    }

    @Test func `a signed message on a topic without signatures is refused`() {
        var router = Crowd(peerCount: 1).router
        var message = TestNetwork.message(5, byteCount: 300)
        message.from = [1]
        let effects = router.handle(
            .received(peer, rpc: rpc { $0.publications = [message] }), at: now)
        #expect(effects == [.penalise(peer, .wrongSigningPolicy)])
    }

    @Test func `messages without a verdict are bounded and expire`() {
        var parameters = TestNetwork.parameters
        parameters.limits.undecidedMessages = 2
        var router = Crowd(peerCount: 1, parameters: parameters).router
        let bytes = rpc {
            $0.publications = (1...3).map { TestNetwork.message($0, byteCount: 300) }
        }
        let effects = router.handle(.received(peer, rpc: bytes), at: now)
        #expect(effects.last == .count(.undecidedFull))
        let later = router.handle(.deadline, at: now + .seconds(61))
        #expect(later.count { $0 == .count(.undecidedExpired) } == 2)
        #expect(
            router.handle(.verdict(MessageHandle(number: 1), .accept), at: now) == [
                .count(.unknownHandle)
            ])
    }

    @Test func `a large message is refused to the mesh on first receipt, not to its sender`() {
        var router = Crowd(peerCount: 3).router
        let message = TestNetwork.message(6, byteCount: 1_025)
        let effects = router.handle(
            .received(peer, rpc: rpc { $0.publications = [message] }), at: now)
        let refusal = rpc { $0.unwanted = [TestNetwork.id(of: message.data)!] }
        #expect(
            effects == [
                .validate(MessageHandle(number: 1), message, from: peer),
                .send(TestNetwork.peer(1), rpc: refusal), .send(TestNetwork.peer(2), rpc: refusal),
            ])
        // Node 2 refuses it as well, so only node 1 gets it.
        _ = router.handle(.received(TestNetwork.peer(2), rpc: refusal), at: now)
        let forwarded = router.handle(.verdict(MessageHandle(number: 1), .accept), at: now)
        let push = rpc { $0.publications = [message] }
        #expect(forwarded == [.send(TestNetwork.peer(1), rpc: push)])
    }

    @Test func `strangers and random bytes never trap`() {
        var router = Crowd(peerCount: 1).router
        var generator = SeededGenerator(seed: 1)
        let stranger = TestNetwork.peer(77)
        #expect(
            router.handle(.received(stranger, rpc: [1]), at: now) == [.count(.unknownPeer)])
        let valid = rpc {
            $0.subscriptions = [.init(topic: "u", isSubscribing: true)]
            $0.publications = [TestNetwork.message(1, byteCount: 40)]
            $0.announcements = [.init(topic: "t", ids: ids(2))]
            $0.wanted = ids(2)
            $0.grafts = ["t"]
            $0.prunes = [.init(topic: "t", backoffSeconds: 4, offeredPeerCount: 0)]
            $0.unwanted = ids(1)
        }
        for place in valid.indices {
            for bit in 0..<8 {
                var bytes = valid
                bytes[place] ^= 1 << UInt8(bit)
                _ = try? GossipRPC(decoding: bytes, limits: .standard)
                _ = router.handle(.received(peer, rpc: bytes), at: now)
            }
            _ = try? GossipRPC(decoding: Array(valid.prefix(place)), limits: .standard)
        }
        for byteCount in 0..<300 {
            let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
            _ = try? GossipRPC(decoding: bytes, limits: .standard)
        }
        #expect(router.connectedPeers == [peer])
    }
}
