package import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// One HTTP server: bounded connections, a watched door, and an end that lets open requests finish.
package struct HTTPService: Sendable {
    package struct Limits: Sendable {
        package var maximumConnectionCount: Int
        package var idleTimeout: Duration
        /// For open requests to end, once the server is told to stop.
        package var maximumShutdownDuration: Duration

        package init(
            maximumConnectionCount: Int, idleTimeout: Duration, maximumShutdownDuration: Duration
        ) {
            self.maximumConnectionCount = maximumConnectionCount
            self.idleTimeout = idleTimeout
            self.maximumShutdownDuration = maximumShutdownDuration
        }
    }

    private let label: String
    private let host: String
    private let port: Int
    private let door: HTTPDoor
    private let limits: Limits

    /// - Parameters:
    ///   - label: of its log, which tells warnings and errors alone.
    ///   - port: 0 lets the system choose.
    package init(label: String, host: String, port: Int, door: HTTPDoor, limits: Limits) {
        self.label = label
        self.host = host
        self.port = port
        self.door = door
        self.limits = limits
    }

    /// Serves until cancelled: then it takes no more connections and lets the open requests end.
    /// Throws what binding throws.
    /// - Parameters:
    ///   - onListening: called once with the bound port.
    ///   - onStop: called when it is cancelled, before open requests are waited for.
    package func run<Context: RequestContext>(
        _ router: Router<Context>, onListening: @escaping @Sendable (Int) async -> Void,
        onStop: @escaping @Sendable () async -> Void = {}
    ) async throws where Context.Source == ApplicationRequestContextSource {
        var logger = Logger(label: label)
        logger.logLevel = .warning
        logger.handler = ServerLogHandler(logger.handler)
        let application = Application(
            responder: router.buildResponder(),
            server: .http1(watchedBy: door, idleTimeout: limits.idleTimeout),
            configuration: ApplicationConfiguration(
                address: .hostname(host, port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    limits.maximumConnectionCount)),
            onServerRunning: { channel in
                await onListening(channel.localAddress?.port ?? 0)
            },
            logger: logger)
        var configuration = ServiceGroupConfiguration(services: [application], logger: logger)
        configuration.maximumGracefulShutdownDuration = limits.maximumShutdownDuration
        let group = ServiceGroup(configuration: configuration)
        // A task of its own, which cancellation does not reach: a listener that is cancelled can
        // drop a connection in the middle of its birth, which NIO answers with a trap.
        let serving = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await serving.value
        } onCancel: {
            Task {
                await onStop()
                await group.triggerGracefulShutdown()
            }
        }
    }
}
