import Connection
import Cryptography
import NodeRuntime
import Testing

@Suite struct ServingGateTests {
    private func peer(_ number: Int) throws -> PeerID {
        let seed = [UInt8](repeating: UInt8(number), count: 32)
        return PeerID(publicKey: try SigningKey(seed: SecretBytes(copying: seed)).publicKey)
    }

    @Test func `a peer is served so much at a time, and all peers together so much`() throws {
        var gate = ServingGate()
        let greedy = try peer(1)
        for _ in 0..<NodeRuntimeParameters.maximumServingsPerPeer {
            #expect(gate.enter(greedy) == true)
        }
        #expect(gate.enter(greedy) == false)
        gate.leave(greedy)
        #expect(gate.enter(greedy) == true)
        var count = NodeRuntimeParameters.maximumServingsPerPeer
        for number in 2..<50 {
            let other = try peer(number)
            while gate.enter(other) { count += 1 }
        }
        #expect(count == NodeRuntimeParameters.maximumServings)
        gate.leave(greedy)
        let newcomers = try (60...62).map(peer)
        #expect(gate.enter(newcomers[0]) == true)
        // Whoever was never let in leaves nothing.
        gate.leave(newcomers[1])
        #expect(gate.enter(newcomers[2]) == false)
    }
}
