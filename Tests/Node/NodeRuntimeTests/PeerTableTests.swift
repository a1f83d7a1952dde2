import Connection
import Cryptography
import NodeRuntime
import SansIO
import Testing

@Suite struct PeerTableTests {
    private func peer(_ number: UInt8) throws -> PeerID {
        let seed = SecretBytes(copying: [UInt8](repeating: number, count: 32))
        return PeerID(publicKey: try SigningKey(seed: seed).publicKey)
    }

    @Test func `a peer's entry lasts as long as its connection`() throws {
        let (one, two) = (try peer(1), try peer(2))
        var table = PeerTable()
        table.received(9, from: one)
        #expect(table.all.isEmpty)
        table.connected(one, at: .origin)
        table.connected(two, at: .origin + .seconds(1))
        table.opened(one, isOutbound: true)
        table.received(9, from: one)
        table.sent(4, to: one)
        table.faulted(one)
        let entry = try #require(table.all.first { $0.peer == one })
        #expect(entry.isOutbound == true)
        #expect((entry.receivedByteCount, entry.sentByteCount, entry.faultCount) == (9, 4, 1))
        #expect(table.all.map(\.peer) == [one, two].sorted())
        table.disconnected(one)
        table.connected(one, at: .origin + .seconds(2))
        #expect(table.all.first { $0.peer == one }?.receivedByteCount == 0)
    }

    @Test func `what a peer says of itself is cut and moves no cursor`() throws {
        let one = try peer(1)
        var table = PeerTable()
        table.connected(one, at: .origin)
        var message = IdentifyMessage()
        message.agentVersion = "a\u{1B}[2Jé" + String(repeating: "x", count: 1_000)
        message.listenAddresses = try (1...20).map {
            try Multiaddress("/ip4/10.0.0.\($0)/tcp/1")
        }
        table.identified(one, message)
        let entry = try #require(table.all.first)
        #expect(entry.agent?.hasPrefix("a?[2J??xxx") == true)
        #expect(entry.agent?.utf8.count == 64)
        #expect(entry.addresses.count == 4)
    }
}

@Suite struct NodeHealthTests {
    private func health(
        foldedAny: Bool = true, behind: UInt64 = 0, silence: Duration = .zero,
        tick: Duration = .seconds(1), haltReason: String? = nil
    ) -> NodeHealth {
        NodeHealth(
            foldedAny: foldedAny, behind: behind, silence: silence, tick: tick,
            haltReason: haltReason)
    }

    @Test func `a node is well while it folds what the log has`() {
        #expect(health().isOK)
        #expect(health(behind: NodeRuntimeParameters.healthyLagBlockCount).isOK)
        #expect(health(silence: .seconds(15)).isOK)
        #expect(health(silence: .seconds(119), tick: .seconds(12)).isOK)
    }

    @Test func `each illness has its name, the gravest first`() {
        #expect(health(behind: 9) == .behind(blockCount: 9))
        #expect(health(silence: .seconds(16)) == .silentLog(seconds: 16))
        #expect(health(silence: .seconds(121), tick: .seconds(12)) == .silentLog(seconds: 121))
        #expect(health(foldedAny: false, behind: 9) == .noLogBlock)
        #expect(health(foldedAny: false, haltReason: "why") == .halted(reason: "why"))
        #expect("\(health(behind: 9))" == "9 log blocks behind")
    }
}
