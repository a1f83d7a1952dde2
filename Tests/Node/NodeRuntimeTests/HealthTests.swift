import Connection
import Cryptography
import NodeRuntime
import Testing

@Suite struct PeerTrafficTests {
    @Test func `bytes are counted while a peer is connected`() throws {
        let seed = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        let peer = PeerID(publicKey: try SigningKey(seed: seed).publicKey)
        var traffic = PeerTraffic()
        traffic.received(9, from: peer)
        #expect(traffic[peer] == nil)
        traffic.connected(peer)
        traffic.received(9, from: peer)
        traffic.sent(4, to: peer)
        #expect(traffic[peer] == .init(receivedByteCount: 9, sentByteCount: 4))
        traffic.disconnected(peer)
        traffic.connected(peer)
        #expect(traffic[peer] == .init())
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
