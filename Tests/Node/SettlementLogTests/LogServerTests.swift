import Cryptography
import Foundation
import NIOCore
import NIOPosix
import Primitives
import SettlementLog
import Testing

@Suite struct LogServerTests {
    let fixture: LogFixture
    let alice: Signer

    init() throws {
        fixture = try LogFixture()
        alice = try Signer("alice")
    }

    private func client(
        port: Int, policyHash: Digest? = nil, authority: Signer? = nil,
        submissionDeadline: Duration = .seconds(20)
    ) -> SettlementClient {
        SettlementClient(
            parameters: SettlementClientParameters(
                host: "127.0.0.1", port: port, networkID: fixture.networkID,
                policyHash: policyHash ?? fixture.policyHash,
                authority: (authority ?? fixture.authority).operatorKey,
                requestTimeout: .seconds(20), pollWait: .seconds(5),
                submissionDeadline: submissionDeadline, minimumBackOff: .milliseconds(5),
                maximumBackOff: .milliseconds(50)))
    }

    /// Serves `log` while `work` runs. The port is chosen by the system unless given.
    private func serving(
        _ log: EmbeddedLog, port: Int = 0, _ work: @escaping @Sendable (Int) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await LogServer(log: log, host: "127.0.0.1", port: port).serve { port in
                    found.yield(port)
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

    /// Sends bytes and reads until `isDone`, or until the other side closes.
    private func raw(
        port: Int, _ text: String, until isDone: @Sendable (String) -> Bool = { _ in false }
    ) async throws -> String {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await buffer in inbound {
                answer += String(buffer: buffer)
                if isDone(answer) { break }
            }
            return answer
        }
    }

    @Test func `a submission is acknowledged and comes back in a verified block`() async throws {
        let log = try fixture.open()
        let transaction = fixture.transaction(alice, nonce: 1)
        try await serving(log) { port in
            let client = client(port: port)
            let receipt = try await client.submit(transaction)
            #expect(receipt.transactionID == transaction.id)
            #expect(try await client.submit(transaction) == receipt)
            try await log.produceBlock(timeMilliseconds: 0)
            try await log.produceBlock(timeMilliseconds: 1)
            var blocks: [LogBlock] = []
            for try await block in client.blocks(from: Height(0)) {
                blocks.append(block)
                // The third comes only while the reader waits for it.
                if blocks.count == 2 {
                    Task { try await log.produceBlock(timeMilliseconds: 2) }
                }
                if blocks.count == 3 { break }
            }
            #expect(blocks[0].transactions == [transaction])
            #expect(blocks.map(\.height.number) == [0, 1, 2])
            let last = try await client.blocks(from: Height(2)).first { _ in true }
            #expect(last == blocks[2])
        }
    }

    @Test func `the reader outlives a restart of the log`() async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let first = try fixture.open()
        try await first.produceBlock(timeMilliseconds: 0)
        let (heights, seen) = AsyncStream.makeStream(of: UInt64.self)
        var reader: Task<Void, any Error>?
        try await serving(first) { port in
            found.yield(port)
            try await first.produceBlock(timeMilliseconds: 1)
        }
        let port = try #require(await ports.first { _ in true })
        // Nobody listens now: the reader begins with refused connections.
        reader = Task {
            for try await block in client(port: port).blocks(from: Height(0)) {
                seen.yield(block.height.number)
            }
        }
        try await first.close()
        let second = try fixture.open()
        try await serving(second, port: port) { _ in
            var iterator = heights.makeAsyncIterator()
            #expect(await iterator.next() == 0)
            #expect(await iterator.next() == 1)
            try await second.produceBlock(timeMilliseconds: 2)
            #expect(await iterator.next() == 2)
        }
        reader?.cancel()
        try await reader?.value
    }

    @Test func `a log of another policy or authority is refused by name`() async throws {
        let log = try fixture.open()
        try await log.produceBlock(timeMilliseconds: 0)
        try await serving(log) { port in
            let other = taggedHash("other-policy")
            await #expect(
                throws: SettlementClientError.wrongPolicy(
                    expected: other.hex, found: fixture.policyHash.hex)
            ) {
                for try await _ in client(port: port, policyHash: other).blocks(from: Height(0)) {
                    break
                }
            }
            let impostor = client(port: port, authority: alice)
            await #expect(throws: SettlementClientError.self) {
                for try await _ in impostor.blocks(from: Height(0)) { break }
            }
            let transaction = fixture.transaction(alice, nonce: 1)
            await #expect(
                throws: SettlementClientError.falseReceipt(transactionID: transaction.id)
            ) { try await impostor.submit(transaction) }
        }
    }

    @Test func `a final refusal is thrown with its reason, a temporary one is tried again`()
        async throws
    {
        let log = try fixture.open()
        try await serving(log) { port in
            _ = try await client(port: port).submit(fixture.transaction(alice, nonce: 1))
            await #expect(
                throws: SettlementClientError.refused(
                    reason: "nonceUsed", detail: "another has this nonce", expectedNonce: 2)
            ) {
                try await client(port: port).submit(
                    fixture.transaction(alice, nonce: 1, units: 5))
            }
            await log.stop()
            await #expect(throws: SettlementClientError.unreachable("stopping")) {
                try await client(port: port, submissionDeadline: .milliseconds(30)).submit(
                    fixture.transaction(alice, nonce: 2))
            }
        }
    }

    @Test(arguments: [
        ("POST /transactions HTTP/1.1\r\ncontent-length: 3\r\n", "abc", "400", "malformed"),
        ("POST /transactions HTTP/1.1\r\ncontent-length: 99999999\r\n", "", "413", "tooLarge"),
        (
            "POST /transactions HTTP/1.1\r\ntransfer-encoding: chunked\r\n", "0\r\n\r\n", "411",
            "lengthRequired"
        ),
        ("GET /blocks HTTP/1.1\r\n", "", "400", "badQuery"),
        ("GET /blocks?from=-1 HTTP/1.1\r\n", "", "400", "badQuery"),
        ("GET /blocks?from=0&limit=0 HTTP/1.1\r\n", "", "400", "badQuery"),
        ("GET /blocks?from=0&wait=99999999999 HTTP/1.1\r\n", "", "400", "badQuery"),
        ("GET /health HTTP/1.1\r\n", "", "200", "ok"),
        ("GET /nothing HTTP/1.1\r\n", "", "404", "Not Found"),
    ])
    func `requests are answered with a status and a reason`(
        head: String, body: String, status: String, reason: String
    ) async throws {
        let log = try fixture.open()
        try await serving(log) { port in
            let request = head + "host: a\r\nconnection: close\r\n\r\n" + body
            let answer = try await raw(port: port, request) {
                $0.contains("\r\n\r\n") && $0.contains(reason)
            }
            #expect(answer.hasPrefix("HTTP/1.1 \(status)"), "\(answer)")
            #expect(answer.contains(reason), "\(answer)")
        }
    }

    @Test func `events name the height of each block`() async throws {
        let log = try fixture.open()
        try await log.produceBlock(timeMilliseconds: 0)
        try await serving(log) { port in
            let answer = try await raw(port: port, "GET /events HTTP/1.1\r\nhost: a\r\n\r\n") {
                text in
                if text.contains("{\"height\":0}"), !text.contains("{\"height\":1}") {
                    Task { try await log.produceBlock(timeMilliseconds: 1) }
                }
                return text.contains("{\"height\":1}")
            }
            #expect(answer.contains("text/event-stream"))
            #expect(answer.contains("event: block\ndata: {\"height\":1}\n\n"))
        }
    }

    @Test func `status tells network, policy, authority and height`() async throws {
        let log = try fixture.open()
        try await log.produceBlock(timeMilliseconds: 0)
        try await serving(log) { port in
            let status = try await client(port: port).status()
            #expect(status.networkId == fixture.networkID.hex)
            #expect(status.policyHash == fixture.policyHash.hex)
            #expect(status.authority == fixture.authority.operatorKey.hex)
            #expect(status.height == 0)
            #expect(status.tickMilliseconds == 100)
        }
    }

    @Test func `the server makes a block each tick`() async throws {
        let log = try fixture.open()
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = Task {
            try await LogServer(log: log, host: "127.0.0.1", port: 0).run { found.yield($0) }
        }
        let port = try #require(await ports.first { _ in true })
        var heights: [UInt64] = []
        for try await block in client(port: port).blocks(from: Height(0)) {
            heights.append(block.height.number)
            if heights.count == 3 { break }
        }
        #expect(heights == [0, 1, 2])
        server.cancel()
        _ = await server.result
        await #expect(throws: SettlementLogError.stopped) {
            try await log.produceBlock(timeMilliseconds: 0)
        }
    }
}
