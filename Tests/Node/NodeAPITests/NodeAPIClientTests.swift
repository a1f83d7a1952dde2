import Cryptography
import NodeAPI
import NodeCore
import Primitives
import Testing

@Suite struct NodeAPIClientTests {
    @Test func `an order to leave reaches the node, and its progress the operator`() async throws {
        let signature = try #require(Signature([UInt8](repeating: 7, count: 64)))
        let recipient = OperatorKey(Bytes32(words: 1, 2, 3, 4))
        try await serving(try FakeNode()) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            let answer = try await client.leave(
                LeaveOrderBody(
                    LeaveRequest(
                        height: Height(9), withdrawTo: recipient, signature: signature)))
            #expect(answer.roles.map(\.state) == ["exiting"])
            #expect(answer.roles.first?.paidAtHeight == 259)
            #expect(answer.withdrawTo == recipient.hex)
            let error = await #expect(throws: NodeAPIClientError.self) {
                _ = try await client.leave(
                    LeaveOrderBody(
                        LeaveRequest(height: Height(8), withdrawTo: nil, signature: signature)))
            }
            guard case .refused(403, "wrongHeight", _) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    private func sendOrder(height: UInt64, amount: UInt64) throws -> SendOrderBody {
        SendOrderBody(
            SendRequest(
                height: Height(height), recipient: OperatorKey(Bytes32(words: 1, 2, 3, 4)),
                amount: Amount(units: amount),
                signature: try #require(Signature([UInt8](repeating: 7, count: 64)))))
    }

    @Test func `an order to send reaches the node, and where it stands the operator`() async throws
    {
        let recipient = OperatorKey(Bytes32(words: 1, 2, 3, 4))
        try await serving(try FakeNode()) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            let answer = try await client.send(try sendOrder(height: 9, amount: 2))
            #expect(answer.state == .paid && answer.settledAtHeight == 11)
            #expect(answer.recipient == recipient.hex && answer.amountUnits == 2)
            #expect(answer.feeUnits == 1 && answer.balanceUnits == 3 && !answer.isNew)
            for (refused, status, reason, words) in [
                (try sendOrder(height: 3, amount: 2), UInt(503), "behind", "just started"),
                (try sendOrder(height: 8, amount: 2), 403, "wrongHeight", "nothing is sent"),
                (
                    try sendOrder(height: 9, amount: 7), 403, "insufficientBalance",
                    "0.000000005 IDE are free"
                ),
            ] {
                let error = await #expect(throws: NodeAPIClientError.self) {
                    _ = try await client.send(refused)
                }
                guard case .refused(status, reason, let detail) = error else {
                    Issue.record("\(String(describing: error))")
                    return
                }
                #expect(detail.contains(words), "\(detail)")
            }
        }
    }

    @Test(arguments: [
        ("http://127.0.0.1:8100", "127.0.0.1", 8100), ("http://127.0.0.1:8100/", "127.0.0.1", 8100),
        ("localhost:81", "localhost", 81), ("http://node.example", "node.example", 80),
        ("http://[::1]:9", "::1", 9),
    ])
    func `an address is read as it is written`(text: String, host: String, port: Int) throws {
        let address = try NodeAPIAddress(text)
        #expect(address.host == host)
        #expect(address.port == port)
    }

    @Test(arguments: [
        "", "https://127.0.0.1:1", "http://", "http://a:0", "http://a:70000", "http://a/path",
        "http://a?b", "http://user@a", "ftp://a", "not an address",
    ])
    func `what is no address is named`(text: String) {
        #expect(throws: NodeAPIClientError.badURL(text)) { try NodeAPIAddress(text) }
    }

    @Test func `where nobody listens the client asks whether the node is running`() async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        // A server that has come and gone.
        try await serving(FakeNode()) { found.yield($0) }
        let port = try #require(await ports.first { _ in true })
        do {
            _ = try await NodeAPIClient(host: "127.0.0.1", port: port).status()
            Issue.record("a closed port answered")
        } catch {
            #expect(
                error.description
                    == "no node answers at http://127.0.0.1:\(port) (Connection refused): is it "
                    + "running, with --api-listen? Another address is given by --api or GROVE_API")
        }
    }

    @Test func `a silent server is given up`() async throws {
        try await answering(nil) { port in
            let client = NodeAPIClient(
                host: "127.0.0.1", port: port, timeout: .milliseconds(50))
            await #expect(
                throws: NodeAPIClientError.timedOut(
                    url: "http://127.0.0.1:\(port)", limit: .milliseconds(50))
            ) { try await client.status() }
        }
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        "HTTP/1.1 500 No\r\ncontent-length: 2\r\n\r\nhi",
        "220 mail.example ESMTP\r\n",
    ])
    func `another server is not taken for a node`(answer: String) async throws {
        try await answering(answer) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            let error = await #expect(throws: NodeAPIClientError.self) {
                try await client.status()
            }
            guard case .notANode(let url, _) = error else {
                Issue.record("\(error as Any)")
                return
            }
            #expect(url == client.address.url)
        }
    }
}
