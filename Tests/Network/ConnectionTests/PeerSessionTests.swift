import Connection
import Cryptography
import SansIO
import Testing

@Suite struct `What two peers say` {
    private let body = "/grove/1/body"

    private func settings(gossip: [String] = ["/meshsub/1.2.0", "/meshsub/1.1.0"])
        throws -> SessionSettings
    {
        SessionSettings(
            gossipProtocols: gossip,
            requestProtocols: [RequestProtocol(id: body, maximumRequestByteCount: 100_000)],
            listenAddresses: [try Multiaddress("/ip4/127.0.0.1/tcp/4001")],
            observedAddress: try Multiaddress("/ip4/127.0.0.1/tcp/50000"), agentVersion: "grove/1")
    }

    private func connected(seed: UInt64 = 1, rightGossip: [String] = ["/meshsub/1.1.0"]) throws
        -> Wire<PeerSession>
    {
        let wire = try Wire<PeerSession>(
            seed: seed, left: settings(), right: settings(gossip: rightGossip))
        wire.run()
        return wire
    }

    private func request(_ id: UInt64, _ payload: [UInt8] = [1], limit: Int = 8 << 20)
        -> PeerSession.Event
    {
        .sendRequest(
            OutboundRequest(
                id: id, protocolID: body, payload: payload, maximumResponseByteCount: limit,
                timeout: .seconds(5)))
    }

    @Test func `both identify themselves and open the gossip version they share`() throws {
        let wire = try connected()
        let identified = wire.leftEffects.compactMap {
            if case .identified(let message) = $0 { message } else { nil }
        }
        #expect(identified.count == 1)
        #expect(identified[0].agentVersion == "grove/1")
        #expect(
            identified[0].protocols == (try settings(gossip: ["/meshsub/1.1.0"])).servedProtocols)
        #expect(wire.leftEffects.contains(.gossipOpened(protocolID: "/meshsub/1.1.0")))
        #expect(wire.rightEffects.contains(.gossipOpened(protocolID: "/meshsub/1.1.0")))
    }

    @Test(arguments: 0..<5)
    func `gossip frames arrive whole and in order`(seed: Int) throws {
        let wire = try connected(seed: UInt64(seed))
        wire.clear()
        let frames = (0..<40).map { [UInt8](repeating: UInt8($0), count: $0 * 1_000) }
        for frame in frames { wire.sendLeft(.sendGossip(frame)) }
        wire.sendRight(.sendGossip([5]))
        wire.run()
        #expect(wire.rightEffects == frames.map { .gossip($0) })
        #expect(wire.leftEffects == [.gossip([5])])
    }

    @Test func `gossip over the peer's byte budget is dropped and counted`() throws {
        let wire = try connected()
        wire.clear()
        let frame = [UInt8](repeating: 1, count: 1 << 20)
        for _ in 0..<6 { wire.sendLeft(.sendGossip(frame)) }
        #expect(
            wire.leftEffects.contains(.dropped(.gossipQueueFull, byteCount: frame.count)))
        wire.sendLeft(.sendGossip(frame + [1]))
        #expect(wire.leftEffects.last == .dropped(.gossipFrameTooLong, byteCount: frame.count + 1))
        wire.run()
        let arrived = wire.rightEffects.filter { $0 == .gossip(frame) }.count
        let dropped = wire.leftEffects.filter {
            $0 == .dropped(.gossipQueueFull, byteCount: frame.count)
        }.count
        #expect(arrived >= 3 && arrived + dropped == 6)
    }

    @Test func `a peer without gossip is connected all the same`() throws {
        let wire = try connected(rightGossip: [])
        #expect(!wire.leftEffects.contains { if case .gossipOpened = $0 { true } else { false } })
        wire.clear()
        wire.sendLeft(.sendGossip([1]))
        #expect(wire.leftEffects == [.dropped(.noGossipStream, byteCount: 1)])
    }

    @Test func `a large response is streamed to its caller`() throws {
        let wire = try connected()
        let answer = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
        let question = [UInt8](repeating: 3, count: 90_000)
        wire.clear()
        wire.sendLeft(request(7, question))
        wire.run()
        guard case .requested(let stream, body, let payload) = wire.rightEffects.last else {
            Issue.record("no request: \(wire.rightEffects.count)")
            return
        }
        #expect(payload == question)
        wire.sendRight(.respond(stream, .ok, answer))
        wire.run()
        #expect(wire.leftEffects == [.responded(7, .success(answer))])
    }

    @Test func `many requests run at once and each gets its own answer`() throws {
        let wire = try connected()
        wire.clear()
        for id in 0..<32 { wire.sendLeft(request(UInt64(id), [UInt8(id)])) }
        wire.run()
        for case .requested(let stream, _, let payload) in wire.rightEffects.reversed() {
            wire.sendRight(.respond(stream, .ok, payload + payload))
        }
        wire.run()
        var answered: Set<UInt64> = []
        for case .responded(let id, .success(let bytes)) in wire.leftEffects {
            #expect(bytes == [UInt8(id), UInt8(id)])
            answered.insert(id)
        }
        #expect(answered.count == 32)
        // Nothing is left behind: another thirty-two go through.
        wire.clear()
        for id in 100..<132 { wire.sendLeft(request(UInt64(id))) }
        wire.run()
        #expect(wire.rightEffects.count == 32)
    }

    @Test func `requests beyond the peer's limit are answered busy`() throws {
        let wire = try connected()
        wire.clear()
        for id in 0..<33 { wire.sendLeft(request(UInt64(id))) }
        wire.run()
        #expect(wire.leftEffects == [.responded(32, .failure(.status(.busy)))])
        #expect(
            wire.rightEffects.contains(.dropped(.tooManyInboundRequests, byteCount: 0)))
    }

    @Test func `requests fail with their reason`() throws {
        let wire = try connected()
        wire.clear()
        wire.sendLeft(request(1, [UInt8](repeating: 0, count: 100_001)))
        wire.sendLeft(request(2, limit: 10))
        wire.sendLeft(request(3))
        wire.sendLeft(
            .sendRequest(
                OutboundRequest(
                    id: 4, protocolID: "/grove/1/none", payload: [],
                    maximumResponseByteCount: 1, timeout: .seconds(5))))
        wire.run()
        #expect(
            wire.rightEffects.contains(.misbehaved(.messageTooLong(limit: 100_000, found: 100_001)))
        )
        let streams = wire.rightEffects.compactMap {
            if case .requested(let stream, _, _) = $0 { stream } else { nil }
        }
        wire.sendRight(.respond(streams[0], .ok, [UInt8](repeating: 0, count: 11)))
        wire.sendRight(.respond(streams[1], .notFound, []))
        wire.run()
        #expect(wire.leftEffects.contains(.responded(1, .failure(.reset))))
        #expect(
            wire.leftEffects.contains(
                .responded(2, .failure(.responseTooLong(limit: 10, found: 11)))))
        #expect(wire.leftEffects.contains(.responded(3, .failure(.status(.notFound)))))
        #expect(wire.leftEffects.contains(.responded(4, .failure(.notServed))))
    }

    @Test func `a request that is not answered in time fails and may be asked again`() throws {
        let wire = try connected()
        wire.clear()
        wire.sendLeft(request(1))
        wire.run()
        wire.now = .origin + .seconds(5)
        wire.sendLeft(.deadline)
        #expect(wire.leftEffects == [.responded(1, .failure(.timeout))])
        wire.run()
        wire.sendLeft(request(2))
        wire.run()
        #expect(
            wire.rightEffects.filter { if case .requested = $0 { true } else { false } }.count == 2)
    }

    @Test func `requests that wait end with the connection`() throws {
        let wire = try connected()
        wire.clear()
        wire.sendLeft(request(1))
        wire.sendLeft(.disconnected)
        #expect(
            wire.leftEffects == [.responded(1, .failure(.disconnected)), .closed(.disconnected)])
        #expect(wire.left.nextDeadline == nil)
    }
}

@Suite struct `A stranger's session` {
    private let gossip = ["/meshsub/1.1.0"]

    /// A bare connection that can say anything, against a session of ours.
    private func stranger(serving: [String]) throws -> (ConnectionMachine, PeerSession) {
        let settings = SessionSettings(
            gossipProtocols: gossip, requestProtocols: [], listenAddresses: [],
            observedAddress: nil, agentVersion: "grove/1")
        return (
            try testMachine(1, isDialer: true, serving: serving),
            PeerSession(
                settings: settings,
                connection: try testMachine(
                    2, isDialer: false, serving: settings.servedProtocols))
        )
    }

    private func exchange(
        _ stranger: inout ConnectionMachine, _ session: inout PeerSession, at now: Instant
    ) -> ([ConnectionMachine.Effect], [PeerSession.Effect]) {
        var effects: ([ConnectionMachine.Effect], [PeerSession.Effect]) = ([], [])
        for _ in 0..<20 {
            let right = stranger.drainOutbound(maximumByteCount: 1 << 17)
            effects.1 += session.handle(.received(right), at: now)
            let left = session.drainOutbound(maximumByteCount: 1 << 17)
            effects.1 += session.handle(.drained, at: now)
            effects.0 += stranger.handle(.received(left), at: now)
        }
        return effects
    }

    @Test func `gossip is opened without identify after five seconds, and again when lost`()
        throws
    {
        var (stranger, session) = try stranger(serving: [PeerSession.identifyID] + gossip)
        _ = exchange(&stranger, &session, at: .origin)
        #expect(session.nextDeadline == .origin + .seconds(5))
        var now = Instant.origin + .seconds(5)
        _ = session.handle(.deadline, at: now)
        let (seen, opened) = exchange(&stranger, &session, at: now)
        #expect(opened.contains(.gossipOpened(protocolID: gossip[0])))
        let streams = seen.compactMap {
            if case .streamOpened(let stream, gossip[0], true) = $0 { stream } else { nil }
        }
        stranger.reset(try #require(streams.first))
        let (_, lost) = exchange(&stranger, &session, at: now)
        #expect(lost.contains(.gossipLost))
        now = now + .seconds(1)
        #expect(session.nextDeadline == now)
        _ = session.handle(.deadline, at: now)
        let (_, again) = exchange(&stranger, &session, at: now)
        #expect(again.contains(.gossipOpened(protocolID: gossip[0])))
    }

    @Test func `a frame above one mebibyte is refused at its length and tears the stream down`()
        throws
    {
        var (stranger, session) = try stranger(serving: [])
        _ = exchange(&stranger, &session, at: .origin)
        let stream = stranger.openStream(gossip, at: .origin)
        let bytes = UnsignedVarint.encode((1 << 20) + 1)
        _ = stranger.write(bytes[...], to: try #require(stream))
        let (_, effects) = exchange(&stranger, &session, at: .origin)
        #expect(
            effects.contains(.misbehaved(.messageTooLong(limit: 1 << 20, found: (1 << 20) + 1))))
    }

    @Test func `pings are echoed`() throws {
        var (stranger, session) = try stranger(serving: [])
        _ = exchange(&stranger, &session, at: .origin)
        let stream = stranger.openStream([PeerSession.pingID], at: .origin)
        let payload = (0..<32).map { UInt8($0) }
        _ = stranger.write(payload[...], to: try #require(stream))
        let (effects, _) = exchange(&stranger, &session, at: .origin)
        #expect(effects.contains(.received(try #require(stream), payload)))
    }

    @Test func `random bytes on any stream never trap`() throws {
        var generator = SeededGenerator(seed: 21)
        let ids = [PeerSession.identifyPushID, PeerSession.pingID, PeerSession.identifyID] + gossip
        for _ in 0..<60 {
            var (stranger, session) = try stranger(serving: [PeerSession.identifyID] + gossip)
            _ = exchange(&stranger, &session, at: .origin)
            for id in ids {
                guard let stream = stranger.openStream([id], at: .origin) else { continue }
                let count = Int.random(in: 1...200, using: &generator)
                let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                _ = stranger.write(bytes[...], to: stream)
                if Bool.random(using: &generator) { stranger.finish(stream) }
            }
            let (_, effects) = exchange(&stranger, &session, at: .origin)
            #expect(!effects.contains { if case .closed = $0 { true } else { false } })
        }
    }
}
