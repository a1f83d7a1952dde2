import Connection
import Cryptography
import SansIO
import Testing

@Suite struct `One connection` {
    private let echo = "/grove/1/echo"

    private func peer(_ name: UInt8) throws -> PeerID {
        PeerID(publicKey: try testIdentity(name).identityKey)
    }

    @Test(arguments: 0..<20)
    func `two machines connect and exchange streams over any split of the bytes`(seed: Int)
        throws
    {
        let wire = try Wire<ConnectionMachine>(
            seed: UInt64(seed), expecting: peer(2), rightServes: [echo])
        wire.run()
        #expect(wire.leftEffects == [.connected(try peer(2))])
        #expect(wire.rightEffects == [.connected(try peer(1))])
        wire.clear()
        wire.onRight = { effect, machine in
            switch effect {
            case .received(let stream, let bytes):
                machine.consume(machine.write(bytes[...], to: stream), of: stream)
            case .streamFinished(let stream): machine.finish(stream)
            default: break
            }
        }
        var heard: [UInt32: [UInt8]] = [:]
        wire.onLeft = { effect, machine in
            guard case .received(let stream, let bytes) = effect else { return }
            heard[stream, default: []] += bytes
            machine.consume(bytes.count, of: stream)
        }
        var said: [UInt32: [UInt8]] = [:]
        for index in 0..<5 {
            let stream = try #require(wire.openLeft([echo]))
            let bytes = (0..<(1_000 * index * index)).map { UInt8(truncatingIfNeeded: $0 * 7) }
            #expect(wire.writeLeft(bytes[...], to: stream) == bytes.count)
            wire.left.finish(stream)
            said[stream] = bytes.isEmpty ? nil : bytes
        }
        wire.run()
        #expect(heard == said)
        #expect(
            wire.leftEffects.filter { if case .streamClosed(_, nil) = $0 { true } else { false } }
                .count == 5)
        #expect(wire.left.streamCount == 0 && wire.right.streamCount == 0)
    }

    @Test func `the dialer's first write holds header, proposal and first Noise message`() throws {
        var machine = try testMachine(1, isDialer: true)
        let bytes = machine.drainOutbound(maximumByteCount: 1 << 16)
        let text = Array("\u{13}/multistream/1.0.0\n\u{07}/noise\n".utf8)
        #expect(bytes.starts(with: text) && bytes.count == text.count + 2 + 32)
    }

    @Test func `a listener that is somebody else than was dialled is refused`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 1, expecting: peer(3))
        wire.run()
        let (expected, found) = (try peer(3).publicKey, try peer(2).publicKey)
        #expect(
            wire.leftEffects == [
                .closed(.noise(.unexpectedIdentity(expected: expected, found: found)))
            ])
    }

    @Test func `a node that dials itself notices`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 1, rightName: 1)
        wire.run()
        #expect(wire.leftEffects == [.closed(.dialledSelf)])
    }

    @Test func `a handshake that does not end in ten seconds is given up`() throws {
        var machine = try testMachine(1, isDialer: false)
        let deadline = try #require(machine.nextDeadline)
        #expect(deadline == .origin + .seconds(10))
        #expect(machine.handle(.deadline, at: .origin + .seconds(9)).isEmpty)
        #expect(machine.handle(.deadline, at: deadline) == [.closed(.handshakeTimeout)])
        #expect(machine.nextDeadline == nil)
        #expect(machine.handle(.received([1]), at: deadline).isEmpty)
    }

    @Test func `a stream whose protocol is not served is closed with that reason`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 5, rightServes: [echo])
        wire.run()
        wire.clear()
        let stream = try #require(wire.openLeft(["/no", "/neither"]))
        #expect(wire.writeLeft([1], to: stream) == 0)
        let other = try #require(wire.openLeft(["/no", echo]))
        wire.run()
        #expect(wire.leftEffects.contains(.streamClosed(stream, .notServed)))
        #expect(
            wire.leftEffects.contains(
                .streamOpened(other, protocolID: echo, isInbound: false)))
        #expect(
            wire.rightEffects == [.streamOpened(other, protocolID: echo, isInbound: true)])
    }

    @Test func `a stream that does not agree on a protocol in ten seconds is reset`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 5)
        wire.run()
        wire.clear()
        let stream = try #require(wire.openLeft([echo]))
        let deadline = try #require(wire.left.nextDeadline)
        #expect(deadline == .origin + .seconds(10))
        wire.now = deadline
        wire.sendLeft(.deadline)
        #expect(wire.leftEffects == [.streamClosed(stream, .negotiation)])
    }

    @Test func `a stalled reader costs its peer one window and itself one window`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 6, rightServes: [echo])
        wire.run()
        wire.clear()
        let stream = try #require(wire.openLeft([echo]))
        let piece = [UInt8](repeating: 9, count: 100_000)
        var accepted = 0
        for _ in 0..<100 {
            accepted += wire.writeLeft(piece[...], to: stream)
            wire.run()
        }
        var delivered = 0
        for case .received(_, let bytes) in wire.rightEffects { delivered += bytes.count }
        let window = ConnectionParameters.yamuxReceiveWindowByteCount
        #expect(delivered <= window && delivered > window - 1_000)
        #expect(accepted <= window + ConnectionParameters.streamSendBufferByteCount)
        #expect(wire.left.writableByteCount(stream) == 0)
        // The reader goes on, and so does the writer.
        wire.clear()
        wire.right.consume(delivered, of: stream)
        wire.run()
        #expect(wire.leftEffects.contains(.writable(stream)))
    }

    @Test func `closing says GO_AWAY and ends both sides`() throws {
        let wire = try Wire<ConnectionMachine>(seed: 7)
        wire.run()
        wire.clear()
        wire.sendLeft(.close(.closedHere))
        wire.run()
        #expect(wire.leftEffects == [.closed(.closedHere)])
        #expect(wire.rightEffects == [.closed(.goAway(code: 0))])
    }

    @Test(arguments: [true, false])
    func `garbage at any stage ends the connection and never traps`(isDialer: Bool) throws {
        var generator = SeededGenerator(seed: 11)
        // The honest bytes that this side would receive, from a first run.
        let wire = try Wire<ConnectionMachine>(seed: 8, leftServes: [echo], rightServes: [echo])
        wire.run()
        for _ in 0..<300 {
            let broken = try Wire<ConnectionMachine>(
                seed: generator.next(), leftServes: [echo], rightServes: [echo])
            var honest = isDialer ? broken.left : broken.right
            var target = isDialer ? broken.right : broken.left
            // Some rounds of honest bytes, then noise.
            for _ in 0..<Int.random(in: 0...4, using: &generator) {
                _ = target.handle(
                    .received(honest.drainOutbound(maximumByteCount: 1 << 16)), at: .origin)
                _ = honest.handle(
                    .received(target.drainOutbound(maximumByteCount: 1 << 16)), at: .origin)
            }
            var ended = false
            for _ in 0..<20 {
                let bytes = (0..<5_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
                let effects = target.handle(.received(bytes), at: .origin)
                ended = ended || effects.contains { if case .closed = $0 { true } else { false } }
                _ = target.drainOutbound(maximumByteCount: 1 << 16)
            }
            #expect(ended)
        }
    }

    @Test func `one flipped bit anywhere never traps and never connects falsely`() throws {
        let length = 300
        for index in 0..<length {
            let wire = try Wire<ConnectionMachine>(seed: 8)
            var seen = 0
            for _ in 0..<8 {
                var bytes = wire.left.drainOutbound(maximumByteCount: 1 << 16)
                if index >= seen, index < seen + bytes.count { bytes[index - seen] ^= 1 }
                seen += bytes.count
                wire.sendRight(.received(bytes))
                wire.sendLeft(.received(wire.right.drainOutbound(maximumByteCount: 1 << 16)))
            }
            if index < min(seen, 250) {
                #expect(!wire.rightEffects.contains(.connected(try peer(1))), "byte \(index)")
            }
        }
    }
}

extension Wire where Machine == ConnectionMachine {
    fileprivate func openLeft(_ protocols: [String]) -> UInt32? {
        left.openStream(protocols, at: now)
    }

    fileprivate func writeLeft(_ bytes: ArraySlice<UInt8>, to stream: UInt32) -> Int {
        left.write(bytes, to: stream)
    }
}
