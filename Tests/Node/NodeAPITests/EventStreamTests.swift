import HTTPSupport
import NodeAPI
import NodeCore
import Primitives
import Testing

@Suite struct EventStreamTests {
    private struct Enough: Error {}

    @Test func `the client hears each event once, in order`() async throws {
        let node = try FakeNode()
        let range = try #require(LeafRange(first: 2, count: 2))
        try await serving(node) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            var slots: [UInt64?] = []
            await #expect(throws: Enough.self) {
                try await client.followEvents {
                    for slot in 1...3 { node.reports.yield(.proving(Slot(UInt64(slot)), range)) }
                } _: { event in
                    #expect(event.event == .proving)
                    slots.append(event.slot)
                    if slots.count == 3 { throw Enough() }
                }
            }
            #expect(slots == [1, 2, 3])
        }
    }

    @Test func `a node that ends its events ends the following`() async throws {
        let node = try FakeNode()
        try await serving(node) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            try await client.followEvents {
                node.reports.finish()
            } _: { _ in
                Issue.record("nothing happened")
            }
        }
    }

    @Test func `one watcher too many hears why`() async throws {
        let node = try FakeNode()
        let first = await node.watch()
        try await serving(node) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            await #expect(
                throws: NodeAPIClientError.refused(
                    status: 503, reason: "busy", detail: "try again")
            ) { try await client.followEvents { _ in } }
        }
        withExtendedLifetime(first) {}
    }

    @Test func `an event of another form is no node's`() async throws {
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: 12\r\n\r\ndata: what\n\n"
        try await answering(answer) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            await #expect(throws: NodeAPIClientError.self) {
                try await client.followEvents { _ in Issue.record("an event") }
            }
        }
    }

    @Test func `an event that this program has no name for is passed over`() async throws {
        let body = #"data: {"event":"somethingNew","slot":1}"# + "\n\n"
        let answer = "HTTP/1.1 200 OK\r\ncontent-length: \(body.count)\r\n\r\n\(body)"
        try await answering(answer) { port in
            let client = NodeAPIClient(host: "127.0.0.1", port: port)
            try await client.followEvents { _ in Issue.record("an event") }
        }
    }

    @Test func `lines are cut wherever the bytes are`() throws {
        var splitter = LineSplitter(maximumByteCount: 4)
        #expect(try splitter.add(Array("a\r\nb".utf8)) == ["a"])
        #expect(try splitter.add(Array("c\n\n".utf8)) == ["bc", ""])
        #expect(try splitter.add(Array("abcd\n".utf8)) == ["abcd"])
        #expect(throws: HTTPLineFeed.Failure.self) { try splitter.add(Array("abcde".utf8)) }
    }

    /// 192.0.2.0/24 is for documents: nobody answers there.
    @Test(.timeLimit(.minutes(1)))
    func `a cancelled attempt to connect ends at once`() async throws {
        let client = NodeAPIClient(host: "192.0.2.1", port: 9)
        let start = ContinuousClock.now
        let attempt = Task { try await client.followEvents { _ in } }
        attempt.cancel()
        _ = await attempt.result
        #expect(ContinuousClock.now - start < .seconds(2))
    }
}
