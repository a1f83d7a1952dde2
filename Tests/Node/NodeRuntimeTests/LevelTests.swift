import NodeCore
import NodeRuntime
import Primitives
import SettlementLog
import Testing

/// What a node tells of itself and the log: history, and from when on it is news.
@Suite struct LevelTests {
    private struct Told {
        /// Of the folded blocks before the node was level.
        var history: [Height] = []
        var standing: LevelStanding?
    }

    /// Until the node is level with the log.
    private func run(_ node: RunningNode) async throws -> Told {
        let reports = try #require(await node.watch())
        let running = Task { try await node.run() }
        var told = Told()
        loop: for await report in reports {
            switch report {
            case .folded(let height, _): told.history.append(height)
            case .level(let standing):
                told.standing = standing
                break loop
            default: break
            }
        }
        running.cancel()
        _ = await running.result
        return told
    }

    private func grow(_ log: EmbeddedLog, to height: UInt64) async throws {
        var next = await log.height.map { $0.number + 1 } ?? 0
        while next <= height {
            _ = try await log.produceBlock(timeMilliseconds: 1_000 + 50 * next)
            next += 1
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node is level once it has folded all that the log has, after a restart as well`()
        async throws
    {
        let network = try SmallNetwork()
        let log = try network.openLog()
        let server = try await RunningLog(log)
        let configuration = try network.configuration(0, settlementPort: server.port)
        // More than one page of blocks, then some that are on disk and some that are not.
        for height in [150 as UInt64, 151, 260] {
            try await grow(log, to: height)
            let told = try await run(try network.node(configuration, member: 0))
            #expect(told.history == (0...height).map { Height($0) })
            let standing = try #require(told.standing)
            #expect(standing.height == Height(height))
            #expect(standing.registrations.count == 1)
        }
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a log that grows while a node catches up makes it no sooner level`() async throws {
        let network = try SmallNetwork()
        let log = try network.openLog()
        let server = try await RunningLog(log)
        try await grow(log, to: 200)
        let node = try network.node(
            network.configuration(0, settlementPort: server.port), member: 0)
        let reports = try #require(await node.watch())
        let running = Task { try await node.run() }
        var behind = false
        loop: for await report in reports {
            switch report {
            case .folded(let height, _) where height == Height(100):
                try await grow(log, to: 400)
            case .level(let standing):
                #expect(standing.height >= Height(399))
                break loop
            case .behind: behind = true
            default: break
            }
        }
        #expect(!behind)
        running.cancel()
        _ = await running.result
        await server.stop()
    }
}
