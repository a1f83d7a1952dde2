import CoreMetrics
import Glibc
import HTTPSupport
import NIOCore
import NodeAPI
import NodeRuntime

/// Runs a node with its API, and whatever watches it, until one of them ends.
enum NodeRunner {
    /// To be called once in a process: what it measures goes to the API's metrics.
    ///
    /// - Parameters:
    ///   - mayMove: whether any free port will do where the API's is taken.
    ///   - apiNames: host names under which the API is asked.
    ///   - onListening: told the API's port.
    ///   - watchers: cancelled with the node; only their errors end it.
    static func run(
        _ node: RunningNode, api: HostAndPort?, mayMove: Bool = false, apiNames: [String] = [],
        onListening: @escaping @Sendable (Int) async -> Void,
        watchers: [@Sendable () async throws -> Void] = []
    ) async throws {
        let metrics = MetricsRegistry()
        MetricsSystem.bootstrap(metrics)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await node.run() }
            if let api {
                let server = { (port: Int) in
                    NodeAPIServer(
                        node: node, host: api.host, port: port, names: apiNames, metrics: metrics)
                }
                group.addTask {
                    do {
                        try await server(api.port).run(onListening: onListening)
                    } catch let error as IOError where mayMove && error.errnoCode == EADDRINUSE {
                        try await server(0).run(onListening: onListening)
                    } catch let error as IOError {
                        throw cannotServe(at: api, error)
                    }
                }
            }
            for watcher in watchers {
                group.addTask {
                    try await watcher()
                    // The node's own end is what counts.
                    try await Task.sleep(for: .seconds(1 << 30))
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private static func cannotServe(at api: HostAndPort, _ error: IOError) -> CommandFailure {
        CommandFailure(
            .environment,
            "cannot serve the API at \(api): \(HTTPExchange.words(for: error)); stop what listens "
                + "there, or choose another address by \(Setting.apiListen.flag)")
    }
}
