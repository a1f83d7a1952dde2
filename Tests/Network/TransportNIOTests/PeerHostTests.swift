import Connection
import Cryptography
import Logging
import NIOCore
import NIOPosix
import SansIO
import Synchronization
import TestSupport
import Testing
import TransportNIO

@Suite(.timeLimit(.minutes(1))) struct `Hosts on one machine` {
    private func pair() async throws -> (TestNode, TestNode) {
        let listener = try TestNode(1)
        let address = try #require(try await listener.start())
        let dialer = try TestNode(2, peers: [address])
        _ = try await dialer.start()
        async let first = listener.gossipOpened(with: dialer.id)
        async let second = dialer.gossipOpened(with: listener.id)
        let (isOutboundHere, isOutboundThere) = try await (first, second)
        #expect(!isOutboundHere && isOutboundThere)
        return (listener, dialer)
    }

    private func stop(_ nodes: TestNode...) async throws {
        for node in nodes { try await node.stop() }
    }

    @Test func `gossip travels both ways`() async throws {
        let (one, two) = try await pair()
        #expect(one.host.connectedPeers == [two.id] && two.host.connectedPeers == [one.id])
        let large = [UInt8](repeating: 7, count: 900_000)
        one.host.sendGossip([1, 2, 3], to: two.id)
        one.host.sendGossip(large, to: two.id)
        #expect(try await two.nextGossip() == [1, 2, 3])
        #expect(try await two.nextGossip() == large)
        two.host.sendGossip([], to: one.id)
        #expect(try await one.nextGossip() == [])
        #expect(one.host.drops.total.isEmpty && two.host.drops.total.isEmpty)
        try await stop(one, two)
    }

    @Test func `a response of five megabytes arrives whole beside gossip`() async throws {
        let (one, two) = try await pair()
        let body = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
        async let served: Void = {
            let answer: ([UInt8]) -> (ResponseStatus, [UInt8]) = { _ in (.ok, body) }
            try await one.next(answer: answer) { if case .request = $0 { true } else { false } }
            for index in 0..<20 { one.host.sendGossip([UInt8(index)], to: two.id) }
        }()
        let answer = try await two.host.request(
            one.id, protocolID: "/grove/1/echo", payload: [1], limit: 8 << 20,
            timeout: .seconds(20))
        #expect(answer == body)
        try await served
        for index in 0..<20 { #expect(try await two.nextGossip() == [UInt8(index)]) }
        try await stop(one, two)
    }

    @Test func `requests fail with their reason`() async throws {
        let (one, two) = try await pair()
        let serving = Task {
            let answer: ([UInt8]) -> (ResponseStatus, [UInt8]) = {
                ($0.first == 0 ? .notFound : .ok, $0)
            }
            return try await one.next(answer: answer) { _ in false }
        }
        await #expect(throws: RequestError.status(.notFound)) {
            try await two.host.request(
                one.id, protocolID: "/grove/1/echo", payload: [0], limit: 10,
                timeout: .seconds(5))
        }
        await #expect(throws: RequestError.responseTooLong(limit: 2, found: 3)) {
            try await two.host.request(
                one.id, protocolID: "/grove/1/echo", payload: [1, 2, 3], limit: 2,
                timeout: .seconds(5))
        }
        await #expect(throws: RequestError.notServed) {
            try await two.host.request(
                one.id, protocolID: "/grove/1/none", payload: [9], limit: 2,
                timeout: .seconds(5))
        }
        await #expect(throws: RequestError.notConnected) {
            try await two.host.request(
                two.id, protocolID: "/grove/1/echo", payload: [], limit: 2, timeout: .seconds(5))
        }
        serving.cancel()
        _ = await serving.result
        let waiting = Task {
            try await two.host.request(
                one.id, protocolID: "/grove/1/echo", payload: [5], limit: 2,
                timeout: .seconds(50))
        }
        let withdraw: ([UInt8]) -> (ResponseStatus, [UInt8]) = { _ in
            waiting.cancel()
            return (.failed, [])
        }
        try await one.next(answer: withdraw) { if case .request = $0 { true } else { false } }
        await #expect(throws: RequestError.self) { try await waiting.value }
        try await stop(one, two)
    }

    @Test func `a peer that went away is dialled until it is back`() async throws {
        let (one, two) = try await pair()
        let port = try #require(one.host.listenAddresses.first?.endpoint?.port)
        try await one.stop()
        try await two.disconnected(from: one.id)
        let again = try TestNode(1, port: port)
        _ = try await again.start()
        try await two.gossipOpened(with: again.id)
        try await again.gossipOpened(with: two.id)
        two.host.sendGossip([4], to: again.id)
        #expect(try await again.nextGossip() == [4])
        try await stop(again, two)
    }

    @Test func `two that dial each other end with one connection`() async throws {
        let one = try TestNode(1)
        let two = try TestNode(2)
        let (first, second) = (try await one.start(), try await two.start())
        try one.host.addPeer(try #require(second))
        try two.host.addPeer(try #require(first))
        // Whoever gets a gossip stream uses it, until both have heard the other.
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (node, other) in [(one, two), (two, one)] {
                group.addTask { await node.greet(other.id) }
            }
            try await until { one.greetings > 0 && two.greetings > 0 }
            group.cancelAll()
        }
        #expect(one.host.connectedPeers == [two.id] && two.host.connectedPeers == [one.id])
        try await stop(one, two)
    }

    @Test func `garbage, silence and half-open sockets do no harm`() async throws {
        let (one, two) = try await pair()
        let port = Int(try #require(one.host.listenAddresses.first?.endpoint?.port))
        var strangers: [any Channel] = []
        for index in 0..<10 {
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            strangers.append(channel)
            if index % 2 == 0 {
                let bytes = (0..<10_000).map { _ in UInt8.random(in: 0...255) }
                channel.writeAndFlush(ByteBuffer(bytes: bytes), promise: nil)
            } else if index == 1 {
                channel.close(promise: nil)
            }
        }
        for index in stride(from: 0, to: 10, by: 2) {
            try await strangers[index].closeFuture.get()
        }
        one.host.sendGossip([6], to: two.id)
        #expect(try await two.nextGossip() == [6])
        try await stop(one, two)
        for channel in strangers { try await channel.closeFuture.get() }
    }

    @Test func `sockets above the limit are closed and counted`() async throws {
        let limits = ConnectionLimits(
            maximumConnections: 2, maximumPerAddress: 2, maximumUnproved: 2)
        let node = try TestNode(1, limits: limits)
        let address = try #require(try await node.start())
        // Two that have proved who they are; a third finds no place.
        var others: [TestNode] = []
        for name in 2...3 as ClosedRange<UInt8> {
            let other = try TestNode(name, port: nil, peers: [address])
            _ = try await other.start()
            others.append(other)
        }
        try await until { node.host.connectedPeers.count >= 2 }
        let stranger = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: Int(address.endpoint?.port ?? 0)).get()
        try await stranger.closeFuture.get()
        #expect(node.host.drops.total["connectionLimit"] == 1)
        #expect(node.host.connectedPeers.count == 2)
        for other in others { try await other.stop() }
        try await node.stop()
    }

    @Test func `the oldest that has not proved who it is makes room for whoever comes`()
        async throws
    {
        let limits = ConnectionLimits(
            maximumConnections: 8, maximumPerAddress: 8, maximumUnproved: 4)
        let node = try TestNode(1, limits: limits)
        let address = try #require(try await node.start())
        var strangers: [any Channel] = []
        for _ in 0..<60 {
            strangers.append(
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: Int(address.endpoint?.port ?? 0)).get())
        }
        // All places are taken by those who say nothing; one that keeps the rules gets in.
        let honest = try TestNode(2, port: nil, peers: [address])
        _ = try await honest.start()
        try await honest.gossipOpened(with: node.id)
        try await node.gossipOpened(with: honest.id)
        #expect(node.host.drops.total["unprovedEvicted", default: 0] >= 56)
        try await honest.stop()
        try await node.stop()
        for channel in strangers { try await channel.closeFuture.get() }
    }

    @Test func `a node that takes no events loses gossip by count, not connections`()
        async throws
    {
        let (one, two) = try await pair()
        let limit = TransportParameters.eventQueueCount
        for _ in 0..<(limit + 10) { one.host.sendGossip([1], to: two.id) }
        try await until {
            two.host.drops.total(of: one.id)["eventQueueFull", default: 0] >= 9
        }
        var taken = 0
        while taken < limit - 1 {
            _ = try await two.nextGossip()
            taken += 1
        }
        #expect(two.host.connectedPeers == [one.id])
        #expect(one.host.drops.total.isEmpty)
        try await stop(one, two)
    }

    @Test func `gossip to nobody is counted`() throws {
        let node = try TestNode(1, port: nil)
        node.host.sendGossip([1], to: node.id)
        #expect(node.host.drops.total == ["notConnected": 1])
        #expect(throws: TransportError.self) {
            try node.host.addPeer(Multiaddress("/tcp/1"))
        }
    }
}
