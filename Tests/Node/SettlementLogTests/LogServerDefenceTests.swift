import Cryptography
import HTTPSupport
import Messages
import Primitives
import SettlementLog
import TestSupport
import Testing

/// Connections to the settlement log that idle, dribble, flood, ask for much and read nothing.
@Suite(.timeLimit(.minutes(1)), .serialized) struct LogServerDefenceTests {
    private let fixture: LogFixture
    private let alice: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
    }

    private static let impatient = HTTPDoor.Limits(
        maximumWaiting: 8, headTimeout: .milliseconds(500), stallTimeout: .milliseconds(500))
    private static let patient = HTTPDoor.Limits(
        maximumWaiting: 8, headTimeout: .seconds(50), stallTimeout: .seconds(50))

    private func serving(
        _ log: EmbeddedLog, _ door: HTTPDoor.Limits,
        _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await LogServer(log: log, host: "127.0.0.1", port: 0, door: door).serve {
                    found.yield($0)
                }
            }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return }
                try await work(port)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// On a busy machine an honest request may be too slow for an impatient server now and then.
    private static func isHealthy(_ port: Int) async throws -> Bool {
        for _ in 0..<20 where try await answersOnce(port) { return true }
        return false
    }

    private static func answersOnce(_ port: Int) async throws -> Bool {
        let client = try await RawClient(port: port)
        try await client.send("GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
        try await until { client.text.hasSuffix("ok\n") || !client.isOpen }
        client.close()
        return client.text.hasPrefix("HTTP/1.1 200")
    }

    @Test func `whoever says nothing, or only half of what it wants, is let go`() async throws {
        try await serving(try fixture.open(), Self.impatient) { port in
            let halves = [
                "", "G", "GET /health HTTP/1.1\r\n", "GET /health HTTP/1.1\r\nhost: a\r\nx: ",
                "POST /transactions HTTP/1.1\r\nhost: a\r\ncontent-le",
            ]
            for half in halves {
                let client = try await RawClient(port: port)
                client.push(Array(half.utf8))
                #expect(try await client.untilClosed() == "")
            }
            // Between two requests too.
            let idler = try await RawClient(port: port)
            idler.push(Array("GET /health HTTP/1.1\r\nhost: a\r\n\r\n".utf8))
            #expect(try await idler.untilClosed().hasSuffix("ok\n"))
        }
    }

    @Test func `idlers make room for whoever asks`() async throws {
        try await serving(try fixture.open(), Self.patient) { port in
            var idlers: [RawClient] = []
            for _ in 0..<100 { idlers.append(try await RawClient(port: port)) }
            #expect(try await Self.isHealthy(port))
            try await until {
                idlers.count(where: \.isOpen) <= Self.patient.maximumWaiting
            }
            for idler in idlers { idler.close() }
        }
    }

    @Test func `whoever asks for much and reads nothing is cut off`() async throws {
        let log = try fixture.open()
        let content = [UInt8](repeating: 1, count: 1 << 20)
        for signer in [alice, try Signer("bob")] {
            for nonce in 1...8 {
                _ = try await log.submit(
                    fixture.transaction(
                        signer, nonce: UInt64(nonce), .evidence, bodyBytes: content))
            }
        }
        try await log.produceBlock(timeMilliseconds: 0)
        try await serving(log, Self.impatient) { port in
            let client = try await RawClient(port: port, reads: false)
            try await client.send("GET /blocks?from=0 HTTP/1.1\r\nhost: a\r\n\r\n")
            // A client that does not read sees the end only when it writes.
            try await until {
                client.push(Array("GET".utf8))
                return !client.isOpen
            }
            #expect(try await Self.isHealthy(port))
        }
    }

    @Test func `a long poll is answered early when more ask than there is room for`()
        async throws
    {
        let log = try fixture.open()
        try await serving(log, Self.patient) { port in
            let poll = "GET /blocks?from=99&wait=30000 HTTP/1.1\r\nhost: a\r\n\r\n"
            var clients: [RawClient] = []
            for _ in 0..<(SettlementLogLimits.maximumLongPollCount + 20) {
                let client = try await RawClient(port: port)
                try await client.send(poll)
                clients.append(client)
            }
            try await until {
                clients.count(where: { $0.text.hasPrefix("HTTP/1.1 200") }) >= 20
            }
            #expect(try await Self.isHealthy(port))
            for client in clients { client.close() }
        }
    }

    @Test func `readers of events make room for newer ones`() async throws {
        let log = try fixture.open()
        try await log.produceBlock(timeMilliseconds: 0)
        try await serving(log, Self.patient) { port in
            var clients: [RawClient] = []
            for _ in 0..<(SettlementLogLimits.maximumEventReaderCount + 5) {
                let client = try await RawClient(port: port)
                try await client.send("GET /events HTTP/1.1\r\nhost: a\r\n\r\n")
                try await until { !client.text.isEmpty }
                clients.append(client)
            }
            try await until {
                clients.count(where: \.isOpen) <= SettlementLogLimits.maximumEventReaderCount
            }
            // The log's own readers are not among them.
            let reader = SettlementClient(
                parameters: SettlementClientParameters(
                    host: "127.0.0.1", port: port, networkID: fixture.networkID,
                    policyHash: fixture.policyHash, authority: fixture.authority.operatorKey,
                    tick: .milliseconds(100)))
            let first = try await reader.blocks(from: Height(0)).first { _ in true }
            #expect(first?.height == Height(0))
            for client in clients { client.close() }
        }
    }

    @Test(arguments: [
        "\u{0}\u{1}\u{2}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "GET /status HTTP/1.1\r\n" + String(repeating: "x: y\r\n", count: 20_000) + "\r\n",
        "GET /" + String(repeating: "a", count: 200_000) + " HTTP/1.1\r\n\r\n",
        "GET /status HTTP/1.1\r\nhost: a\r\nx: " + String(repeating: "b", count: 200_000)
            + "\r\n\r\n",
        "POST /transactions HTTP/1.1\r\nhost: a\r\ncontent-length: -1\r\n\r\n",
        "POST /transactions HTTP/1.1\r\nhost: a\r\ncontent-length: 99999999999999999999\r\n\r\n",
        "POST /transactions HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
    ])
    func `a request that is none is refused, and the connection with it`(
        _ request: String
    ) async throws {
        try await serving(try fixture.open(), Self.impatient) { port in
            let client = try await RawClient(port: port)
            client.push(Array(request.utf8))
            let answer = try await client.untilClosed()
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 4"), "\(answer.prefix(200))")
            #expect(try await Self.isHealthy(port))
        }
    }

    @Test func `a body that never ends is cut off, whatever it was sent to`() async throws {
        try await serving(try fixture.open(), Self.impatient) { port in
            for target in ["GET /status", "POST /transactions", "PUT /nothing"] {
                let client = try await RawClient(port: port)
                client.push(
                    Array(
                        "\(target) HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n".utf8))
                let chunk =
                    Array("1000\r\n".utf8) + [UInt8](repeating: 7, count: 0x1000) + [13, 10]
                try await until {
                    client.push(chunk)
                    return !client.isOpen
                }
                #expect(try await Self.isHealthy(port))
            }
        }
    }

    @Test func `a hundred requests in one go are answered one by one`() async throws {
        try await serving(try fixture.open(), Self.impatient) { port in
            let client = try await RawClient(port: port)
            let request = "GET /health HTTP/1.1\r\nhost: a\r\n\r\n"
            try await client.send(String(repeating: request, count: 100))
            let answer = try await client.untilClosed()
            #expect(answer.components(of: "HTTP/1.1 200") == 100)
        }
    }

    @Test func `an altered transaction is refused with its reason, and nothing is kept`()
        async throws
    {
        let log = try fixture.open()
        try await serving(log, Self.patient) { port in
            let bytes = MessageCodec.encode(fixture.transaction(alice, nonce: 1))
            for place in bytes.indices {
                var flipped = bytes
                flipped[place] ^= 1 << UInt8(place % 8)
                let client = try await RawClient(port: port)
                let head =
                    "POST /transactions HTTP/1.1\r\nhost: a\r\nconnection: close\r\n"
                    + "content-length: \(flipped.count)\r\n\r\n"
                try await client.send(Array(head.utf8) + flipped)
                try await until { client.text.contains("}") || !client.isOpen }
                let answer = client.text
                client.close()
                #expect(answer.hasPrefix("HTTP/1.1 4"), "\(place): \(answer)")
                #expect(answer.contains("\"reason\":\""), "\(place): \(answer)")
            }
            #expect(await log.status.pendingCount == 0)
        }
    }
}

extension String {
    fileprivate func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
