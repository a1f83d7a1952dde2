import NIOCore
import NodeAPI
import NodeRuntime

/// Runs a node with its API, and whatever watches it, until one of them ends.
enum NodeRunner {
    /// - Parameters:
    ///   - onListening: told the API's port.
    ///   - watchers: cancelled with the node; only their errors end it.
    static func run(
        _ node: RunningNode, api: HostAndPort?,
        onListening: @escaping @Sendable (Int) async -> Void,
        watchers: [@Sendable () async throws -> Void] = []
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await node.run() }
            if let api { group.addTask { try await serve(node, at: api, onListening) } }
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

    private static func serve(
        _ node: RunningNode, at api: HostAndPort,
        _ onListening: @escaping @Sendable (Int) async -> Void
    ) async throws {
        do {
            try await NodeAPIServer(node: node, host: api.host, port: api.port).run(
                onListening: onListening)
        } catch let error as IOError {
            throw CommandFailure(
                .environment,
                "cannot serve the API at \(api): \(error); stop what listens there, or choose "
                    + "another address by \(Setting.apiListen.flag)")
        }
    }
}
