import Connection
import SansIO
import Testing

/// What a session does with an attacker at each stage of a connection.
@Suite struct HostileSessionTests {
    @Test func `the attacker of these tests gets through when it behaves`() throws {
        var dialer = try RawDialer(at: .open)
        dialer.openStream(1, RawDialer.requestID, [1, 7])
        let requested = PeerSession.Effect.requested(
            1, protocolID: RawDialer.requestID, payload: [7])
        #expect(dialer.effects.contains(requested))
        #expect(dialer.closed == nil && dialer.misbehaviour.isEmpty)
    }

    @Test(arguments: RawDialer.Stage.allCases)
    func `random bytes at any stage end the connection or wait for its deadline`(
        _ stage: RawDialer.Stage
    ) throws {
        var generator = SeededGenerator(seed: 5)
        for round in 0..<60 {
            var dialer = try RawDialer(at: stage)
            for _ in 0..<8 {
                let bytes = (0..<(round * 40 + 1)).map { _ in
                    UInt8.random(in: 0...255, using: &generator)
                }
                if stage == .open { dialer.send(bytes) } else { dialer.sendRaw(bytes) }
            }
            if dialer.closed == nil, let deadline = dialer.session.nextDeadline {
                dialer.pass(to: deadline)
                // Open connections are kept: what came is no whole frame yet.
                if stage != .open { #expect(dialer.closed == .handshakeTimeout) }
            }
        }
    }

    @Test(arguments: RawDialer.Stage.allCases)
    func `whoever says nothing more at any stage is let go in time`(
        _ stage: RawDialer.Stage
    ) throws {
        var dialer = try RawDialer(at: stage)
        for _ in 0..<40 {
            guard let deadline = dialer.session.nextDeadline else { break }
            #expect(deadline > dialer.now || dialer.now == .origin)
            dialer.pass(to: deadline)
        }
        #expect(dialer.closed == (stage == .open ? .pingTimeout : .handshakeTimeout))
        #expect(dialer.now <= .origin + ConnectionParameters.pingInterval * 3)
    }

    @Test func `one byte a second does not stretch the handshake's deadline`() throws {
        var dialer = try RawDialer()
        let greeting =
            MultistreamSelect.message("/multistream/1.0.0") + MultistreamSelect.message("/noise")
        for byte in greeting where dialer.closed == nil {
            dialer.sendRaw([byte])
            dialer.pass(to: dialer.now + .seconds(1))
        }
        #expect(dialer.closed == .handshakeTimeout)
        #expect(dialer.now <= .origin + ConnectionParameters.handshakeTimeout + .seconds(1))
    }

    /// Behind a length prefix, on each kind of stream that a peer can open.
    @Test(arguments: [
        RawDialer.gossipID, RawDialer.requestID, PeerSession.identifyPushID,
    ])
    func `a length beyond its limit is a fault of the peer, and nothing is awaited`(
        _ protocolID: String
    ) throws {
        let lengths: [[UInt8]] = [
            [UInt8](repeating: 0xFF, count: 8) + [0x7F],
            [UInt8](repeating: 0x80, count: 9) + [0x01],
            [UInt8](repeating: 0xFF, count: 10),
            [0x80, 0x00],
            UnsignedVarint.encode(
                UInt64(ConnectionParameters.maximumGossipFrameByteCount) + 1),
        ]
        for length in lengths {
            var dialer = try RawDialer(at: .open)
            dialer.openStream(1, protocolID, length)
            #expect(dialer.misbehaviour.count == 1, "\(protocolID) \(length)")
            // The stream is gone; the connection stands for whoever counts faults.
            dialer.sendData(1, [1, 2, 3])
            #expect(dialer.closed == nil)
        }
    }

    @Test func `random bytes inside each kind of stream never trap`() throws {
        var generator = SeededGenerator(seed: 6)
        let kinds = [
            RawDialer.gossipID, RawDialer.requestID, PeerSession.identifyPushID,
            PeerSession.identifyID, PeerSession.pingID, "/nobody/serves/this",
        ]
        for kind in kinds {
            for round in 0..<40 {
                var dialer = try RawDialer(at: .open)
                dialer.openStream(1, kind)
                for _ in 0..<6 where dialer.closed == nil {
                    dialer.sendData(
                        1,
                        (0..<(round * 13 + 1)).map { _ in
                            UInt8.random(in: 0...255, using: &generator)
                        })
                }
            }
        }
    }

    @Test func `a frame that never ends is held to its limit`() throws {
        var dialer = try RawDialer(at: .open)
        let length = UInt64(ConnectionParameters.maximumGossipFrameByteCount)
        dialer.openStream(1, RawDialer.gossipID, UnsignedVarint.encode(length))
        let piece = [UInt8](repeating: 7, count: 16 << 10)
        // The whole frame but one byte, and then more of them in its place.
        for _ in 0..<(ConnectionParameters.maximumGossipFrameByteCount / piece.count - 1) {
            dialer.sendData(1, piece)
        }
        #expect(dialer.closed == nil)
        let heard = dialer.effects.count { if case .gossip = $0 { true } else { false } }
        #expect(heard == 0)
        dialer.sendData(1, piece)
        dialer.sendData(1, [])
        let whole = dialer.effects.count { if case .gossip = $0 { true } else { false } }
        #expect(whole == 1)
    }

    @Test func `a request that stops in the middle is given up, and its place with it`() throws {
        var dialer = try RawDialer(at: .open)
        let limit = ConnectionParameters.maximumInboundRequests
        for index in 0..<(limit + 3) {
            dialer.openStream(UInt32(2 * index + 1), RawDialer.requestID, [200, 1, 9])
        }
        let dropped = dialer.effects.count {
            $0 == .dropped(.tooManyInboundRequests, byteCount: 0)
        }
        #expect(dropped == 3)
        for _ in 0..<10 {
            guard let deadline = dialer.session.nextDeadline,
                deadline <= .origin + ConnectionParameters.inboundRequestTimeout
            else { break }
            dialer.pass(to: deadline)
        }
        dialer.openStream(2_001, RawDialer.requestID, [1, 7])
        let requested = PeerSession.Effect.requested(
            2_001, protocolID: RawDialer.requestID, payload: [7])
        #expect(dialer.effects.contains(requested))
    }

    @Test func `more streams than allowed are refused one by one`() throws {
        var dialer = try RawDialer(at: .open)
        for index in 0..<1_000 {
            dialer.send(
                YamuxHeader(.windowUpdate, .syn, stream: UInt32(2 * index + 1), length: 0).bytes)
        }
        #expect(dialer.closed == nil)
    }

    @Test func `breaking the rules of streams ends the connection by its name`() throws {
        let window = UInt32(ConnectionParameters.yamuxReceiveWindowByteCount)
        let cases: [([UInt8], YamuxFault)] = [
            (
                YamuxHeader(.data, .syn, stream: 1, length: .max).bytes,
                .frameTooLong(
                    limit: ConnectionParameters.maximumYamuxFrameInByteCount, found: .max)
            ),
            (
                YamuxHeader(.data, .syn, stream: 1, length: window + 1).bytes,
                .frameTooLong(
                    limit: ConnectionParameters.maximumYamuxFrameInByteCount, found: window + 1)
            ),
            (YamuxHeader(.data, [], stream: 0, length: 1).bytes, .dataOnSession),
            (
                YamuxHeader(.windowUpdate, .syn, stream: 2, length: 0).bytes,
                .wrongStreamParity(2)
            ),
            (
                YamuxHeader(.windowUpdate, .syn, stream: 1, length: 0).bytes
                    + YamuxHeader(.windowUpdate, .syn, stream: 1, length: 0).bytes,
                .streamAlreadyOpen(1)
            ),
            (
                [9] + YamuxHeader(.data, [], stream: 1, length: 0).bytes.dropFirst(),
                .unknownVersion(9)
            ),
        ]
        for (bytes, fault) in cases {
            var dialer = try RawDialer(at: .open)
            dialer.send(bytes)
            #expect(dialer.closed == .yamux(fault))
        }
    }

    @Test func `resets in every state of a stream, and again and again, do no harm`() throws {
        var dialer = try RawDialer(at: .open)
        var stream: UInt32 = 1
        let kinds = [RawDialer.gossipID, RawDialer.requestID, PeerSession.pingID]
        for round in 0..<300 {
            let kind = kinds[round % 3]
            switch round % 4 {
            case 0: dialer.send(YamuxHeader(.windowUpdate, .syn, stream: stream, length: 0).bytes)
            case 1: dialer.openStream(stream, kind)
            case 2: dialer.openStream(stream, kind, [3])
            default: dialer.openStream(stream, kind, [1, 1])
            }
            dialer.send(YamuxHeader(.windowUpdate, .rst, stream: stream, length: 0).bytes)
            dialer.send(YamuxHeader(.windowUpdate, .rst, stream: stream, length: 0).bytes)
            dialer.send(YamuxHeader(.windowUpdate, [], stream: stream, length: .max).bytes)
            stream += 2
        }
        // An answer to a request that is gone is forgotten.
        for index in 0..<300 {
            _ = dialer.session.handle(.respond(UInt32(2 * index + 1), .ok, [1]), at: dialer.now)
        }
        #expect(dialer.closed == nil)
        dialer.openStream(stream, RawDialer.requestID, [1, 7])
        let requested = PeerSession.Effect.requested(
            stream, protocolID: RawDialer.requestID, payload: [7])
        #expect(dialer.effects.contains(requested))
    }

    @Test func `answers that a peer asks for and does not read are bounded`() throws {
        var dialer = try RawDialer(at: .open)
        let body = [UInt8](repeating: 1, count: 10 << 20)
        for index in 0..<8 {
            let stream = UInt32(2 * index + 1)
            dialer.openStream(stream, RawDialer.requestID, [1, 7])
            _ = dialer.session.handle(.respond(stream, .ok, body), at: dialer.now)
        }
        let limit = ConnectionParameters.maximumWaitingResponseByteCount
        #expect(dialer.session.waitingResponseByteCount <= limit + body.count)
        #expect(dialer.closed == nil)
    }

    @Test func `a clock that jumps by hours, or goes back, neither traps nor hangs up`() throws {
        var dialer = try RawDialer(at: .open)
        dialer.openStream(1, RawDialer.requestID, [200, 1])
        dialer.pass(to: .origin + .seconds(36_000))
        #expect(dialer.closed == nil)
        dialer.pass(to: .origin + .seconds(60))
        #expect(dialer.closed == nil)
        // The ping that was due after the jump is answered: the connection is as good as before.
        dialer.send(YamuxHeader(.ping, .ack, stream: 0, length: 1).bytes)
        dialer.pass(to: .origin + .seconds(36_000) + ConnectionParameters.pingInterval)
        #expect(dialer.closed == nil)
    }
}
