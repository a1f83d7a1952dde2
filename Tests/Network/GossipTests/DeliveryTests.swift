import Gossip
import SansIO
import Testing

@Suite struct DeliveryTests {
    private static let large = 5_000

    @Test(arguments: [200, large])
    func `twenty routers all deliver every message once`(byteCount: Int) {
        var network = TestNetwork(nodeCount: 20, seed: 1)
        network.connectAll()
        network.runHeartbeats(3)
        for name in UInt8(1)...20 {
            network.publish(
                TestNetwork.message(name, byteCount: byteCount), from: Int(name) - 1)
            network.settle()
        }
        #expect(network.deliveries.count == 20 * 19)
        #expect(Set(network.deliveries).count == 20 * 19)
        #expect(network.faults.isEmpty)
    }

    @Test func `routers in a ring deliver to the far side`() {
        var network = TestNetwork(nodeCount: 20, seed: 2)
        for node in 0..<20 { network.connect(node, (node + 1) % 20) }
        network.settle()
        network.publish(TestNetwork.message(1, byteCount: 300), from: 0)
        network.settle()
        #expect(network.deliveries.count == 19)
    }

    @Test func `a message that was lost everywhere is repaired by IHAVE and IWANT`() {
        var network = TestNetwork(nodeCount: 20, seed: 3)
        network.connectAll()
        network.runHeartbeats(2)
        // Every push to node 19 is lost; what it asks for arrives.
        nonisolated(unsafe) var asked = Set<Int>()
        network.loses = { sender, receiver, rpc in
            if sender == 19, !rpc.wanted.isEmpty { asked.insert(receiver) }
            return receiver == 19 && !rpc.publications.isEmpty && !asked.contains(sender)
        }
        network.publish(TestNetwork.message(1, byteCount: Self.large), from: 0)
        network.settle()
        #expect(!network.deliveries.contains { $0.node == 19 })
        network.runHeartbeats(3)
        #expect(network.deliveries.filter { $0.node == 19 }.count == 1)
    }

    @Test func `a broken promise is penalised and the next announcer asked`() {
        var network = TestNetwork(nodeCount: 20, seed: 4)
        network.connectAll()
        network.runHeartbeats(2)
        nonisolated(unsafe) var asked: [Int] = []
        network.loses = { sender, receiver, rpc in
            if sender == 19, !rpc.wanted.isEmpty { asked.append(receiver) }
            return receiver == 19 && !rpc.publications.isEmpty && sender == asked.first
                || receiver == 19 && !rpc.publications.isEmpty && asked.isEmpty
        }
        network.publish(TestNetwork.message(1, byteCount: Self.large), from: 0)
        network.settle()
        network.runHeartbeats(6)
        #expect(asked.count >= 2)
        #expect(network.faults[.brokenPromise] == 1)
        #expect(network.deliveries.filter { $0.node == 19 }.count == 1)
    }

    @Test(arguments: [Acceptance.reject, .ignore])
    func `what is rejected or ignored is not forwarded`(acceptance: Acceptance) {
        var network = TestNetwork(nodeCount: 12, seed: 5)
        network.connectAll()
        network.runHeartbeats(2)
        network.verdict = { _, _ in acceptance }
        let before = network.copyCount
        network.publish(TestNetwork.message(1, byteCount: 300), from: 0)
        network.settle()
        // Flooded by its author to eleven peers, and no further.
        #expect(network.copyCount - before == 11)
        #expect(network.deliveries.isEmpty)
        #expect((network.faults[.invalidMessage] ?? 0) == (acceptance == .reject ? 11 : 0))
        network.runHeartbeats(3)
        #expect(network.deliveries.isEmpty)
    }

    @Test func `a duplicate is counted and not forwarded`() {
        var network = TestNetwork(nodeCount: 3, seed: 6)
        network.connectAll()
        network.runHeartbeats(2)
        let message = TestNetwork.message(1, byteCount: 300)
        network.publish(message, from: 0)
        network.settle()
        let before = network.copyCount
        var rpc = GossipRPC()
        rpc.publications = [message]
        network.perform(.received(TestNetwork.peer(1), rpc: rpc.encoded()), 2)
        network.settle()
        #expect(network.copyCount == before)
        #expect(network.deliveries.count == 2)
        #expect((network.drops[.duplicate] ?? 0) >= 1)
    }

    @Test func `the copies of a large message stay near the size of the mesh`() {
        var network = TestNetwork(nodeCount: 40, seed: 7)
        network.connectAll()
        network.runHeartbeats(5)
        let before = network.copyCount
        network.publish(TestNetwork.message(1, byteCount: Self.large), from: 0)
        network.settle()
        #expect(network.deliveries.count == 39)
        #expect(network.copyCount - before <= 39 * 12)
    }

    @Test func `the same seed gives the same run`() {
        func run() -> [TestNetwork.Delivery] {
            var network = TestNetwork(nodeCount: 15, seed: 8)
            network.connectAll()
            network.runHeartbeats(4)
            network.publish(TestNetwork.message(1, byteCount: Self.large), from: 3)
            network.settle()
            return network.deliveries
        }
        #expect(run() == run())
    }

    @Test func `who is not subscribed publishes by fanout`() {
        var network = TestNetwork(nodeCount: 20, seed: 9)
        network.connectAll()
        network.perform(.unsubscribe(topic: TestNetwork.topic), 0)
        network.settle()
        network.publish(TestNetwork.message(1, byteCount: Self.large), from: 0)
        network.settle()
        #expect(network.deliveries.count == 19)
    }
}
