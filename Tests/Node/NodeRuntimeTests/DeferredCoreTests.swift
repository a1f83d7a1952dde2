import NodeCore
import NodeProofs
import NodeRuntime
import Primitives
import Testing

/// Circuits that are built while the node already runs.
@Suite struct DeferredCoreTests {
    private struct NoCircuits: Error {}

    @Test(.timeLimit(.minutes(1)))
    func `a prover that cannot build its circuits stops and says why`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let node = try network.node(
            network.configuration(1, settlementPort: server.port), member: 1,
            core: DeferredCore { throw NoCircuits() })
        await #expect(throws: NoCircuits.self) { try await node.run() }
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `who has no part in proving runs without circuits`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let node = try network.node(
            network.configuration(0, settlementPort: server.port), member: 0,
            core: DeferredCore { throw NoCircuits() })
        let reports = try #require(await node.watch())
        let running = Task { try await node.run() }
        await server.startClock()
        var height: Height?
        for await report in reports {
            guard case .folded(let folded, _) = report, folded >= Height(2) else { continue }
            height = folded
            break
        }
        #expect(height == Height(2))
        running.cancel()
        _ = await running.result
        await server.stop()
    }
}
