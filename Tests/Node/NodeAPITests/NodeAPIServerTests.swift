import Foundation
import Messages
import NodeAPI
import NodeCore
import Payments
import Primitives
import Testing

@Suite struct NodeAPIServerTests {
    @Test func `the client reads what the node says of itself`() async throws {
        let node = try FakeNode()
        try await serving(node) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            let status = try await client.status()
            #expect(status == Example.status)
            #expect(try await client.earnings(slots: 1) == Example.earnings)
            #expect(try await client.health().isOK)
            let trees = [try await client.tree(of: nil), try await client.tree(of: 7)]
            #expect(trees == [Example.openTree, Example.finalTree])
            let (all, newest) = (
                try await client.blocks(limit: 20), try await client.blocks(limit: 1)
            )
            #expect(all == Example.ended)
            #expect(newest == Array(Example.ended.suffix(1)))
            let accounts = [try await client.account(3), try await client.account(4)]
            #expect(accounts == [Example.account, nil])
        }
    }

    @Test func `an unwell node says so by status and reason`() async throws {
        let node = try FakeNode(illness: "9 log blocks behind")
        try await serving(node) { port in
            let answer = try await raw(
                port: port, "GET /health HTTP/1.1\r\nhost: [::1]:9\r\nconnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 503"), "\(answer)")
            let health = try await NodeAPIClient(host: "127.0.0.1", port: port).health()
            #expect(health == HealthAnswer(health: "unwell", reason: "9 log blocks behind"))
        }
    }

    @Test(arguments: ["host: evil.example\r\n", "host: evil.example:8101\r\n", ""])
    func `a request in another host's name is refused`(field: String) async throws {
        try await serving(FakeNode()) { port in
            let answer = try await raw(
                port: port, "GET /status HTTP/1.1\r\n\(field)connection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 4"), "\(answer)")
            #expect(!answer.contains("ledgerRoot"))
        }
    }

    @Test func `an accepted payment is answered with its digest`() async throws {
        let node = try FakeNode()
        let payment = try Example.payment(node.rollupParameters)
        let digest = try VerifiedPayment(
            checking: payment, parameters: node.rollupParameters
        ).digest
        try await serving(node) { port in
            let accepted = try await NodeAPIClient(host: "127.0.0.1", port: port).submit(payment)
            #expect(accepted.digest == digest.hex)
        }
        #expect(node.offeredPayments == [payment])
    }

    @Test func `a refused payment is answered with the node's reason`() async throws {
        let node = try FakeNode(answer: .refused(reason: "the nonce is used"))
        let payment = try Example.payment(node.rollupParameters)
        try await serving(node) { port in
            await #expect(
                throws: NodeAPIClientError.refused(
                    status: 422, reason: "paymentRefused", detail: "the nonce is used")
            ) {
                try await NodeAPIClient(host: "127.0.0.1", port: port).submit(payment)
            }
        }
    }

    @Test(arguments: [
        ("POST /payments HTTP/1.1\r\ncontent-length: 3\r\n", "abc", "400", "malformed"),
        ("POST /payments HTTP/1.1\r\ncontent-length: 99999999\r\n", "", "413", "tooLarge"),
        ("POST /payments HTTP/1.1\r\ncontent-length: 16385\r\n", "", "413", "tooLarge"),
        (
            "POST /payments HTTP/1.1\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n", "411",
            "lengthRequired"
        ),
        ("GET /payments HTTP/1.1\r\n", "", "404", "notFound"),
        ("GET /tree HTTP/1.1\r\n", "", "404", "notFound"),
        ("GET /tree/8 HTTP/1.1\r\n", "", "404", "slot 8 is not open"),
        ("GET /tree/-1 HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /tree/99999999999999999999 HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /blocks?limit=0 HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /blocks?limit=257 HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /blocks?limit=x HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /earnings?slots=0 HTTP/1.1\r\n", "", "400", "slots is a number"),
        ("GET /duties HTTP/1.1\r\n", "", "200", "mustReveal"),
        (
            "POST /payments HTTP/1.1\r\norigin: http://evil.example\r\ncontent-length: 3\r\n",
            "abc", "403", "strangeOrigin"
        ),
        (
            "POST /payments HTTP/1.1\r\norigin: http://127.0.0.1\r\ncontent-length: 3\r\n",
            "abc", "400", "malformed"
        ),
        ("GET /accounts/4 HTTP/1.1\r\n", "", "404", "nobody has opened account 4"),
        ("GET /accounts/4294967296 HTTP/1.1\r\n", "", "400", "badRequest"),
        ("GET /nothing HTTP/1.1\r\n", "", "404", "there is no GET /nothing"),
        ("GET /health HTTP/1.1\r\n", "", "200", "ok"),
        (
            "POST /leave HTTP/1.1\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n", "411",
            "lengthRequired"
        ),
        ("POST /leave HTTP/1.1\r\ncontent-length: 1025\r\n", "", "413", "tooLarge"),
        ("POST /leave HTTP/1.1\r\ncontent-length: 2\r\n", "{}", "400", "malformed"),
        (
            "POST /send HTTP/1.1\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n", "411",
            "lengthRequired"
        ),
        ("POST /send HTTP/1.1\r\ncontent-length: 1025\r\n", "", "413", "tooLarge"),
        ("POST /send HTTP/1.1\r\ncontent-length: 2\r\n", "{}", "400", "malformed"),
        (
            "POST /send HTTP/1.1\r\ncontent-length: 63\r\n",
            #"{"height":9,"recipient":"00","amountUnits":-1,"signature":"00"}"#, "400", "malformed"
        ),
        (
            "POST /leave HTTP/1.1\r\ncontent-length: 29\r\n", #"{"height":9,"signature":"00"}"#,
            "400", "malformed"
        ),
    ])
    func `requests are answered with a status and a reason in JSON`(
        head: String, body: String, status: String, reason: String
    ) async throws {
        let node = try FakeNode()
        try await serving(node) { port in
            let answer = try await raw(
                port: port, head + "host: 127.0.0.1\r\nconnection: close\r\n\r\n" + body
            ) { $0.contains("\r\n\r\n") && $0.contains(reason) }
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
            #expect(answer.contains(reason), "\(answer)")
            #expect(answer.contains("application/json"), "\(answer)")
        }
        #expect(node.offeredPayments.isEmpty)
    }

    @Test func `events come one by one as the node reports them`() async throws {
        let node = try FakeNode()
        let range = try #require(LeafRange(first: 2, count: 2))
        try await serving(node) { port in
            let answer = try await raw(
                port: port, "GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n"
            ) {
                text in
                if text.contains(": events"), !text.contains("proving") {
                    node.reports.yield(.proving(Slot(4), range))
                }
                return text.contains("\"slot\":4")
            }
            #expect(answer.contains("text/event-stream"))
            #expect(
                answer.contains(
                    "event: proving\ndata: "
                        + #"{"event":"proving","firstLeaf":2,"leafCount":2,"slot":4}"# + "\n\n"))
        }
    }

    @Test func `one watcher too many is told to come again`() async throws {
        let node = try FakeNode()
        let first = await node.watch()
        try await serving(node) { port in
            let answer = try await raw(
                port: port, "GET /events HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
            #expect(answer.hasPrefix("HTTP/1.1 503"), "\(answer)")
        }
        withExtendedLifetime(first) {}
    }

    @Test func `a server that is told to stop ends the events of its watchers`() async throws {
        let node = try FakeNode()
        let (texts, found) = AsyncStream.makeStream(of: String.self)
        try await serving(node) { port in
            let (connected, seen) = AsyncStream.makeStream(of: Void.self)
            Task {
                defer { found.finish() }
                found.yield(
                    try await raw(port: port, "GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n") {
                        if $0.contains(": events") { seen.yield() }
                        return false
                    })
            }
            for await _ in connected { break }
        }
        let text = try #require(await texts.first { _ in true })
        // The empty chunk: the end of an answer, not a connection cut off.
        #expect(text.hasSuffix("0\r\n\r\n"), "\(text)")
    }
}
