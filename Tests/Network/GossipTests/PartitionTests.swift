import Gossip
import SansIO
import Testing

@Suite struct PartitionTests {
    @Test func `after a partition heals the mesh heals and new messages arrive`() {
        var network = TestNetwork(nodeCount: 12, seed: 31)
        network.connectAll()
        network.runHeartbeats(3)
        for node in 0..<6 {
            for other in 6..<12 {
                network.perform(.disconnected(TestNetwork.peer(other)), node)
                network.perform(.disconnected(TestNetwork.peer(node)), other)
            }
        }
        network.runHeartbeats(2)
        network.publish(TestNetwork.message(1, byteCount: 5_000), from: 0)
        network.settle()
        #expect(network.deliveries.count == 5)
        for node in 0..<6 { for other in 6..<12 { network.connect(node, other) } }
        network.settle()
        network.publish(TestNetwork.message(2, byteCount: 5_000), from: 0)
        network.settle()
        network.runHeartbeats(2)
        let second = network.deliveries.filter { $0.data[0] == 2 }
        #expect(second.count == 11)
        // The first is still announced: the other half learns it too.
        #expect(network.deliveries.filter { $0.data[0] == 1 }.count == 11)
        #expect(network.faults.isEmpty)
    }

    @Test func `nothing is said to a peer that left`() {
        var router = Crowd(peerCount: 2).router
        let effects = router.handle(.disconnected(TestNetwork.peer(0)), at: .origin + .seconds(1))
        let isTold = effects.contains {
            guard case .send(let peer, _) = $0 else { return false }
            return peer == TestNetwork.peer(0)
        }
        #expect(!isTold)
        #expect(router.mesh(of: TestNetwork.topic) == [TestNetwork.peer(1)])
    }
}
