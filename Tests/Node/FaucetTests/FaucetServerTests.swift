import Cryptography
import Faucet
import Foundation
import HTTPSupport
import NIOCore
import NIOHTTP1
import NIOPosix
import Primitives
import TestSupport
import Testing

@Suite struct FaucetServerTests {
    let fixture = FaucetFixture()

    /// Serves a faucet while `work` runs.
    private func serving(
        _ door: HTTPDoor.Limits = FaucetParameters.door,
        _ work: @escaping @Sendable (FaucetClient, Int) async throws -> Void
    ) async throws {
        let desk = try fixture.desk { _ in }
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await FaucetServer(
                    desk: desk, networkFile: Array("{\"a\":1}".utf8), host: "127.0.0.1", port: 0,
                    door: door
                ).run { found.yield($0) }
            }
            group.addTask {
                guard let port = await ports.first(where: { _ in true }) else { return }
                try await work(FaucetClient(url: "http://127.0.0.1:\(port)"), port)
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Sends text and reads to the end.
    private func raw(_ port: Int, _ text: String) async throws -> String {
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
            for try await buffer in inbound { answer += String(buffer: buffer) }
            return answer
        }
    }

    private func post(_ port: Int, _ body: String, length: Int? = nil) async throws -> String {
        try await raw(
            port,
            "POST /faucet HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                + "Content-Length: \(length ?? body.utf8.count)\r\n\r\n\(body)")
    }

    @Test(.timeLimit(.minutes(1)))
    func `strangers that idle or dribble make room for whoever asks`() async throws {
        let impatient = HTTPDoor.Limits(
            maximumWaiting: 8, headTimeout: .seconds(2), stallTimeout: .seconds(2))
        try await serving(impatient) { _, port in
            var idlers: [RawClient] = []
            for number in 0..<300 {
                let idler = try await RawClient(port: port)
                if number % 2 == 0 { idler.push(Array("GET /faucet HTTP/1.1\r\nx".utf8)) }
                idlers.append(idler)
            }
            let health = try await raw(
                port, "GET /health HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(health.hasPrefix("HTTP/1.1 200"))
            for idler in idlers { #expect(try await idler.untilClosed() == "") }
        }
    }

    @Test func `a key asks twice and is promised one payment`() async throws {
        try await serving { client, _ in
            let key = try FaucetFixture.key(1)
            let first = try await client.pay(key)
            #expect(first.isNew)
            #expect(first.operatorKey == key.hex)
            #expect(first.amountUnits == FaucetFixture.amount.units)
            let second = try await client.pay(key)
            #expect(!second.isNew)
            #expect(second.transactionId == first.transactionId)
            let terms = try await client.terms()
            #expect(terms.networkId == FaucetFixture.networkID.hex)
            #expect(terms.grantCount == 1)
            #expect(terms.amountUnits == FaucetFixture.amount.units)
        }
    }

    @Test func `the faucet serves the network file`() async throws {
        try await serving { _, port in
            let answer = try await raw(
                port, "GET /network.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(answer.hasSuffix("{\"a\":1}"))
        }
    }

    @Test(arguments: [
        ("", "malformed"), ("null", "malformed"), ("[]", "malformed"), ("{}", "malformed"),
        ("{\"operatorKey\":7}", "malformed"), ("{\"operatorKey\":\"\"}", "badKey"),
        ("{\"operatorKey\":\"zz\"}", "badKey"), ("\u{0}\u{1}\u{2}", "malformed"),
        ("{\"operatorKey\":\"\(String(repeating: "0", count: 64))\"}", "badKey"),
    ])
    func `what is no operator key is refused with a reason`(
        body: String, reason: String
    ) async throws {
        try await serving { _, port in
            let answer = try await post(port, body)
            #expect(answer.contains(" 400 "))
            #expect(answer.contains("\"reason\":\"\(reason)\""))
        }
    }

    @Test func `bodies are bounded before they are read`() async throws {
        try await serving { _, port in
            let large = try await post(port, "", length: 1 << 40)
            #expect(large.contains(" 413 "))
            let unannounced = try await raw(
                port,
                "POST /faucet HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")
            #expect(unannounced.contains(" 411 "))
            let unknown = try await raw(
                port, "DELETE /faucet HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(unknown.contains("\"reason\":\"notFound\""))
        }
    }

    @Test func `a client says what is wrong with an address`() async throws {
        for text in ["", "ftp://a", "http://", "a:b", "http://u@h:1", "http://h:99999"] {
            let error = #expect(throws: FaucetClientError.self) { _ = try FaucetClient(url: text) }
            #expect(error == .badURL(text))
        }
        let client = try FaucetClient(url: "http://127.0.0.1:1")
        let error = await #expect(throws: FaucetClientError.self) {
            _ = try await client.pay(FaucetFixture.key(1))
        }
        #expect(error?.isTemporary == true)
    }
}
