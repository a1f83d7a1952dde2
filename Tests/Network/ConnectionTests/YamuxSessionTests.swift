import Connection
import Cryptography
import SansIO
import TestSupport
import Testing

private func frame(
    _ kind: YamuxHeader.Kind, _ flags: YamuxHeader.Flags = [], stream: UInt32,
    length: UInt32? = nil, body: [UInt8] = []
) -> [UInt8] {
    YamuxHeader(kind, flags, stream: stream, length: length ?? UInt32(body.count)).bytes + body
}

private let window = ConnectionParameters.yamuxReceiveWindowByteCount

/// A session by reference, so that an expectation may call what changes it.
private final class Session {
    private var machine: YamuxSession

    init(_ role: YamuxSession.Role) { machine = YamuxSession(role: role, at: .origin) }

    var nextDeadline: Instant { machine.nextDeadline }
    var roundTripTime: Duration? { machine.roundTripTime }

    func open() -> UInt32? { machine.open() }
    func finish(_ stream: UInt32) { machine.finish(stream) }
    func consume(_ byteCount: Int, of stream: UInt32) { machine.consume(byteCount, of: stream) }
    func takeEvents() -> [YamuxSession.Event] { machine.takeEvents() }
    func deadline(at now: Instant) throws { try machine.deadline(at: now) }

    func receive(_ bytes: [UInt8], at now: Instant) throws -> [YamuxSession.Event] {
        try machine.receive(bytes, at: now)
    }

    func write(_ bytes: ArraySlice<UInt8>, to stream: UInt32) -> Int {
        machine.write(bytes, to: stream)
    }

    func drainAll() -> [UInt8] {
        var bytes: [UInt8] = []
        while true {
            let piece = machine.drainOutbound(64 * 1_024)
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }
}

@Suite struct `Yamux` {
    private func server() -> Session { Session(.server) }

    // MARK: Captured sessions

    struct Captured: Decodable {
        struct Entry: Decodable {
            let hex: String?
            let type: String?
            let stream: UInt32?
            let flags: [String]?
        }
        struct Session: Decodable {
            let session: String
            let fromGo: [Entry]?
            let fromPy: [Entry]?
            let fromRemotePy: [Entry]?

            enum CodingKeys: String, CodingKey {
                case session
                case fromGo = "from_go"
                case fromPy = "from_py"
                case fromRemotePy = "from_remote_py"
            }
        }
        let sessions: [Session]
    }

    @Test func `whole sessions of real peers are understood`() throws {
        let file = try VectorFile.decode(Captured.self, from: "captured/yamux_sessions.json")
        var replayed = 0
        for session in file.sessions {
            for entries in [session.fromGo, session.fromPy, session.fromRemotePy] {
                guard let entries else { continue }
                try replay(entries.filter { $0.hex != nil })
                replayed += 1
            }
        }
        #expect(replayed == 6)
    }

    /// Plays one direction into a session of ours that has opened what the recorded one had.
    private func replay(_ entries: [Captured.Entry]) throws {
        let opened = entries.filter { $0.flags == ["SYN"] && $0.type == "window_update" }
        let acknowledged = entries.filter { $0.flags == ["ACK"] && $0.type == "window_update" }
        let isClient = try #require(opened.first?.stream) % 2 == 1
        let session = Session(isClient ? .server : .client)
        for _ in acknowledged { #expect(session.open() != nil) }
        var events: [YamuxSession.Event] = []
        for entry in entries {
            for byte in try #require([UInt8](hex: entry.hex!)) {
                events += try session.receive([byte], at: .origin)
            }
        }
        #expect(
            events.filter { if case .opened = $0 { true } else { false } }.count == opened.count)
        var received: [UInt32: [UInt8]] = [:]
        for case .data(let stream, let bytes) in events { received[stream, default: []] += bytes }
        var sent: [UInt32: [UInt8]] = [:]
        for entry in entries where entry.type == "data" {
            sent[entry.stream!, default: []] += [UInt8](hex: entry.hex!)!.dropFirst(12)
        }
        #expect(received == sent)
        #expect(
            received.values.allSatisfy {
                $0.starts(with: MultistreamSelect.message(MultistreamSelect.header))
            })
    }

    // MARK: Rules

    @Test func `opening, acknowledging and finishing ride on window updates`() throws {
        let client = Session(.client)
        let server = self.server()
        let stream = try #require(client.open())
        #expect(stream == 1)
        #expect(client.drainAll() == frame(.windowUpdate, .syn, stream: 1, length: 0))
        let syn = frame(.windowUpdate, .syn, stream: 1, length: 0)
        #expect(try server.receive(syn, at: .origin) == [.opened(1)])
        #expect(server.drainAll() == frame(.windowUpdate, .ack, stream: 1, length: 0))
        #expect(client.write([7, 8], to: 1) == 2)
        client.finish(1)
        let sent = client.drainAll()
        #expect(
            sent == frame(.data, stream: 1, body: [7, 8])
                + frame(.windowUpdate, .fin, stream: 1, length: 0))
        #expect(try server.receive(sent, at: .origin) == [.data(1, [7, 8]), .finished(1)])
        server.finish(1)
        #expect(
            try client.receive(server.drainAll(), at: .origin) == [.finished(1), .closed(1)])
        #expect(server.takeEvents() == [.closed(1)])
    }

    @Test func `data over the receive window ends the session`() throws {
        let session = server()
        _ = try session.receive(
            frame(.windowUpdate, .syn, stream: 1, length: 0), at: .origin)
        let body = [UInt8](repeating: 1, count: 64 * 1_024)
        for _ in 0..<4 {
            _ = try session.receive(frame(.data, stream: 1, body: body), at: .origin)
        }
        #expect(
            throws: ConnectionError.yamux(
                .receiveWindowExceeded(stream: 1, window: 0, found: 1))
        ) { try session.receive(frame(.data, stream: 1, length: 1), at: .origin) }
    }

    @Test func `data with SYN over the window is refused before its body`() {
        // CVE-2026-32314.
        let session = server()
        #expect(
            throws: ConnectionError.yamux(
                .frameTooLong(limit: 65_536, found: UInt32(window + 1)))
        ) {
            try session.receive(
                frame(.data, .syn, stream: 1, length: UInt32(window + 1)), at: .origin)
        }
    }

    @Test func `window updates cannot overflow the send window`() throws {
        // CVE-2026-31814.
        let session = server()
        _ = try session.receive(frame(.windowUpdate, .syn, stream: 1, length: .max), at: .origin)
        for _ in 0..<1_000 {
            _ = try session.receive(frame(.windowUpdate, stream: 1, length: .max), at: .origin)
        }
        let big = [UInt8](repeating: 3, count: 1 << 20)
        let limit = ConnectionParameters.streamSendBufferByteCount
        #expect(session.write(big[...], to: 1) == limit)
        #expect(session.write(big[...], to: 1) == 0)
    }

    @Test func `a writer is bounded by us and told when to go on`() throws {
        let session = server()
        _ = try session.receive(
            frame(.windowUpdate, .syn, stream: 1, length: 0), at: .origin)
        let limit = ConnectionParameters.streamSendBufferByteCount
        #expect(session.write([UInt8](repeating: 1, count: limit + 1)[...], to: 1) == limit)
        // The peer's credit carries one window and no more.
        let sent = session.drainAll()
        #expect(sent.count == 12 + window + 12 * window / (16 * 1_024))
        #expect(session.takeEvents() == [.writable(1)])
        #expect(session.write([UInt8](repeating: 1, count: limit)[...], to: 1) == limit)
        #expect(session.drainAll().isEmpty)
        _ = try session.receive(frame(.windowUpdate, stream: 1, length: 5), at: .origin)
        #expect(session.drainAll() == frame(.data, stream: 1, body: [1, 1, 1, 1, 1]))
    }

    @Test func `credit is returned only for consumed bytes`() throws {
        let session = server()
        _ = try session.receive(
            frame(.windowUpdate, .syn, stream: 1, length: 0), at: .origin)
        _ = session.drainAll()
        let half = window / 2
        for _ in 0..<2 {
            let body = [UInt8](repeating: 1, count: half / 2)
            _ = try session.receive(frame(.data, stream: 1, body: body), at: .origin)
        }
        #expect(session.drainAll().isEmpty)
        session.consume(half - 1, of: 1)
        #expect(session.drainAll().isEmpty)
        session.consume(1, of: 1)
        #expect(session.drainAll() == frame(.windowUpdate, stream: 1, length: UInt32(half)))
    }

    @Test func `streams beyond the limit are reset`() throws {
        let session = server()
        for index in 0..<256 {
            let syn = frame(.windowUpdate, .syn, stream: UInt32(2 * index + 1), length: 0)
            #expect(try session.receive(syn, at: .origin).count == 1)
        }
        #expect(session.open() == nil)
        _ = session.drainAll()
        let syn = frame(.windowUpdate, .syn, stream: 513, length: 0)
        #expect(try session.receive(syn, at: .origin).isEmpty)
        #expect(session.drainAll() == frame(.windowUpdate, .rst, stream: 513, length: 0))
    }

    @Test func `streams take turns in frames of 16 KiB`() throws {
        let session = Session(.client)
        let first = try #require(session.open())
        let second = try #require(session.open())
        _ = session.drainAll()
        let bytes = [UInt8](repeating: 5, count: 40_000)
        #expect(session.write(bytes[...], to: first) == bytes.count)
        #expect(session.write(bytes[...], to: second) == bytes.count)
        let sent = session.drainAll()
        var order: [UInt32] = []
        var rest = sent[...]
        while let header = try YamuxHeader(rest) {
            order.append(header.stream)
            #expect(header.length <= 16 * 1_024)
            rest = rest.dropFirst(12 + Int(header.length))
        }
        #expect(order == [1, 3, 1, 3, 1, 3])
    }

    @Test func `pings are answered, sent every thirty seconds, and expected back`() throws {
        let session = server()
        #expect(
            try session.receive(frame(.ping, .syn, stream: 0, length: 77), at: .origin).isEmpty)
        #expect(session.drainAll() == frame(.ping, .ack, stream: 0, length: 77))
        let first = session.nextDeadline
        #expect(first == .origin + .seconds(30))
        try session.deadline(at: first)
        #expect(session.drainAll() == frame(.ping, .syn, stream: 0, length: 1))
        let answer = frame(.ping, .ack, stream: 0, length: 1)
        _ = try session.receive(answer, at: first + .milliseconds(40))
        #expect(session.roundTripTime == .milliseconds(40))
        try session.deadline(at: session.nextDeadline)
        #expect(throws: ConnectionError.pingTimeout) {
            try session.deadline(at: session.nextDeadline)
        }
    }

    @Test func `a peer that provokes answers and reads none is dropped`() {
        let session = server()
        let pings = [UInt8](
            (0..<10_000).map { _ in frame(.ping, .syn, stream: 0, length: 1) }.joined())
        #expect(throws: ConnectionError.peerNotReading(limit: 1 << 20)) {
            for _ in 0..<10 { _ = try session.receive(pings, at: .origin) }
        }
    }

    @Test func `frames for streams that are gone are dropped silently`() throws {
        let session = server()
        #expect(try session.receive(frame(.data, stream: 9, body: [1]), at: .origin).isEmpty)
        #expect(
            try session.receive(frame(.windowUpdate, stream: 9, length: 4), at: .origin).isEmpty)
        #expect(
            try session.receive(frame(.windowUpdate, .rst, stream: 9, length: 0), at: .origin)
                .isEmpty)
        #expect(session.drainAll().isEmpty)
    }

    @Test func `data after FIN resets the stream`() throws {
        let session = server()
        _ = try session.receive(
            frame(.windowUpdate, [.syn, .fin], stream: 1, length: 0), at: .origin)
        #expect(
            try session.receive(frame(.data, stream: 1, body: [1]), at: .origin) == [.reset(1)])
    }

    @Test func `broken frames end the session with their reason`() {
        let cases: [([UInt8], ConnectionError)] = [
            ([1] + [UInt8](repeating: 0, count: 11), .yamux(.unknownVersion(1))),
            ([0, 4] + [UInt8](repeating: 0, count: 10), .yamux(.unknownType(4))),
            ([0, 1, 0x10, 0] + [UInt8](repeating: 0, count: 8), .yamux(.unknownFlags(0x1000))),
            (frame(.data, stream: 0, body: [1]), .yamux(.dataOnSession)),
            (frame(.windowUpdate, .syn, stream: 2, length: 0), .yamux(.wrongStreamParity(2))),
            (frame(.ping, .syn, stream: 1, length: 0), .yamux(.sessionFrameOnStream(1))),
            (frame(.goAway, stream: 0, length: 1), .goAway(code: 1)),
            (
                frame(.windowUpdate, .syn, stream: 1, length: 0)
                    + frame(.windowUpdate, .syn, stream: 1, length: 0),
                .yamux(.streamAlreadyOpen(1))
            ),
        ]
        for (bytes, error) in cases {
            let session = server()
            #expect(throws: error) { try session.receive(bytes, at: .origin) }
        }
    }

    @Test func `random bytes never trap`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let session = server()
            var bytes = (0..<64).map { _ in UInt8.random(in: 0...255, using: &generator) }
            for start in stride(from: 0, to: 64, by: 16) {
                bytes[start] = 0
                bytes[start + 1] &= 3
                bytes[start + 2] = 0
                bytes[start + 3] &= 15
                bytes[start + 8] = 0
                bytes[start + 9] = 0
            }
            _ = try? session.receive(bytes, at: .origin)
            _ = session.drainAll()
        }
    }
}
