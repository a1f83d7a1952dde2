import HTTPSupport
import Messages
import NodeAPI
import NodeCore
import Payments
import Primitives
import TestSupport
import Testing

/// Connections to a node's API that idle, dribble and flood, and payments that are none.
@Suite(.timeLimit(.minutes(1)), .serialized) struct APIServerDefenceTests {
    private static let impatient = HTTPDoor.Limits(
        maximumWaiting: 8, headTimeout: .milliseconds(500), stallTimeout: .milliseconds(500))

    private func serving(
        _ node: FakeNode, _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Task {
            try await NodeAPIServer(
                node: node, host: "127.0.0.1", port: 0, door: Self.impatient
            ).run { found.yield($0) }
        }
        let port = try #require(await ports.first { _ in true })
        try await work(port)
        server.cancel()
        _ = await server.result
    }

    private static func answer(_ port: Int, _ request: [UInt8]) async throws -> String {
        let client = try await RawClient(port: port)
        client.push(request)
        try await until { client.text.hasSuffix("}") || !client.isOpen }
        client.close()
        return client.text
    }

    private static func answer(_ port: Int, _ request: String) async throws -> String {
        try await answer(port, Array(request.utf8))
    }

    @Test func `idlers and half requests are let go, and make room for whoever asks`()
        async throws
    {
        try await serving(try FakeNode()) { port in
            var idlers: [RawClient] = []
            for number in 0..<200 {
                let idler = try await RawClient(port: port)
                if number % 2 == 0 { idler.push(Array("GET /status HTTP/1.1\r\nx".utf8)) }
                idlers.append(idler)
            }
            let health = try await Self.answer(
                port, "GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n")
            #expect(health.hasPrefix("HTTP/1.1 200"))
            for idler in idlers { #expect(try await idler.untilClosed() == "") }
        }
    }

    @Test(arguments: [
        ("DELETE /status", "40"), ("PATCH /payments", "40"), ("GET /payments", "40"),
        ("POST /status", "40"), ("GET /tree/-1", "400"), ("GET /accounts/4294967296", "400"),
        ("GET /accounts/%00", "400"), ("GET /blocks?limit=99999999999999999999", "400"),
        ("GET /../../etc/passwd", "404"), ("GET /tree/%2e%2e", "400"),
    ])
    func `a request for what there is not is answered as JSON with a reason`(
        _ target: String, _ status: String
    ) async throws {
        try await serving(try FakeNode()) { port in
            let answer = try await Self.answer(
                port, "\(target) HTTP/1.1\r\nhost: localhost\r\ncontent-length: 0\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
            #expect(answer.contains("\"reason\":\""), "\(answer)")
        }
    }

    @Test func `bytes that are no payment are refused, and the node never hears of them`()
        async throws
    {
        let node = try FakeNode()
        try await serving(node) { port in
            var bodies: [[UInt8]] = [
                [], [0], [UInt8](repeating: 0xFF, count: 1_000),
                Array("{\"amount\":1}".utf8),
                [UInt8](repeating: UInt8(ascii: "["), count: 10_000),
                [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01],
            ]
            let deep = [UInt8](repeating: 0x0B, count: 16_000)
            bodies.append(deep)
            for body in bodies {
                let head =
                    "POST /payments HTTP/1.1\r\nhost: localhost\r\n"
                    + "content-length: \(body.count)\r\n\r\n"
                let answer = try await Self.answer(port, Array(head.utf8) + body)
                #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
                #expect(answer.contains("\"reason\":\"malformed\""), "\(answer)")
            }
        }
        #expect(node.offeredPayments.isEmpty)
    }

    @Test func `a payment that the node refuses is answered with its sentence`() async throws {
        let sentence = "the account holds 3 units, the payment and its fee take 5"
        let node = try FakeNode(answer: .refused(reason: sentence))
        let payment = Payment(
            sender: 0, recipient: 1, amount: Amount(units: 1), fee: .zero, nonce: 0, keyIndex: 0,
            nextSenderKey: .zero, recipientKey: nil, salt: .zero, signature: [], keyPath: [])
        try await serving(node) { port in
            let body = MessageCodec.encode(payment)
            let head =
                "POST /payments HTTP/1.1\r\nhost: localhost\r\ncontent-length: \(body.count)\r\n\r\n"
            let answer = try await Self.answer(port, Array(head.utf8) + body)
            #expect(answer.hasPrefix("HTTP/1.1 422"))
            #expect(answer.contains(sentence))
        }
    }
}
