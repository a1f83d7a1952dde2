import Connection
import Dispatch
import NodeCore
import NodeRuntime
import Primitives
import SettlementLog
import Testing

/// A settlement log that listens; its clock starts when it is told.
actor RunningLog {
    nonisolated let log: EmbeddedLog
    nonisolated let port: Int
    private let serving: Task<Void, any Error>
    private var clock: Task<Void, any Error>?
    private var timer: (any DispatchSourceTimer)?

    init(_ log: EmbeddedLog) async throws {
        self.log = log
        let (ports, found) = AsyncStream<Int>.makeStream()
        let server = LogServer(log: log, host: "127.0.0.1", port: 0)
        serving = Task { try await server.serve { found.yield($0) } }
        var iterator = ports.makeAsyncIterator()
        port = await iterator.next() ?? 0
    }

    /// A block every 50 ms, but never before `hasFolded` says that all who take part have folded the
    /// last one: on a busy machine phases take longer, and nobody misses them.
    func startClock(
        once hasFolded: @escaping @Sendable (Height) async -> Bool = { _ in true }
    ) {
        let log = log
        let (ticks, tick) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let timer = DispatchSource.makeTimerSource()
        timer.schedule(deadline: .now(), repeating: .milliseconds(50))
        timer.setEventHandler { tick.yield() }
        timer.resume()
        self.timer = timer
        clock = Task {
            var time: UInt64 = 1_000
            var last: Height?
            for await _ in ticks {
                if let last, await !hasFolded(last) { continue }
                time += 50
                last = try await log.produceBlock(timeMilliseconds: time).height
            }
        }
    }

    func stop() async {
        timer?.cancel()
        clock?.cancel()
        _ = await clock?.result
        serving.cancel()
        _ = await serving.result
    }
}

extension [RunningNode] {
    func haveFolded(_ height: Height) async -> Bool {
        for node in self {
            guard let folded = await node.snapshot().height, folded >= height else { return false }
        }
        return true
    }
}

/// Nodes that know each other, all running.
struct RunningNodes {
    let nodes: [RunningNode]
    private let tasks: [Task<Void, any Error>]

    init(
        _ network: SmallNetwork, settlementPort: Int,
        members: Range<Int> = 0..<SmallNetwork.memberCount
    ) async throws {
        var nodes: [RunningNode] = []
        var peers: [Multiaddress] = []
        for member in members {
            let node = try network.node(
                network.configuration(member, settlementPort: settlementPort, peers: peers),
                member: member)
            peers += try await node.listen()
            nodes.append(node)
        }
        self.nodes = nodes
        tasks = nodes.map { node in Task { try await node.run() } }
    }

    func watchAll() async throws -> [AsyncStream<NodeReport>] {
        var watches: [AsyncStream<NodeReport>] = []
        for node in nodes { watches.append(try await #require(node.watch())) }
        return watches
    }

    func snapshots() async -> [NodeSnapshot] {
        var snapshots: [NodeSnapshot] = []
        for node in nodes { snapshots.append(await node.snapshot()) }
        return snapshots
    }

    func haveFolded(_ height: Height) async -> Bool { await nodes.haveFolded(height) }

    /// What the member's node ends with; nil where it ends without an error.
    func failure(of member: Int) async -> (any Error)? {
        guard case .failure(let error) = await tasks[member].result else { return nil }
        return error
    }

    /// Cancels these, or all; how long the slowest took.
    func stop(_ members: Range<Int>? = nil) async throws -> Duration {
        let start = ContinuousClock.now
        let tasks = tasks[members ?? tasks.indices]
        for task in tasks { task.cancel() }
        for task in tasks {
            if case .failure(let error) = await task.result {
                #expect(error is CancellationError, "\(error)")
            }
        }
        return ContinuousClock.now - start
    }
}
