import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

typealias ClientChannel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

/// Connects for HTTP; cancelling the task ends the attempt at once.
///
/// - Parameter silence: how long the server may say nothing before the connection is closed; nil
///   leaves that to the caller.
func connectForHTTP(
    host: String, port: Int, closingAfter silence: Duration? = nil
) async throws -> ClientChannel {
    let attempts = ConnectAttempts()
    return try await withTaskCancellationHandler {
        do {
            return try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connectTimeout(.seconds(5))
                .connect(host: host, port: port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard attempts.add(channel) else { throw CancellationError() }
                        let pipeline = channel.pipeline.syncOperations
                        if let silence {
                            let limit = TimeAmount.seconds(silence.components.seconds)
                            try pipeline.addHandler(IdleStateHandler(readTimeout: limit))
                            try pipeline.addHandler(IdleCloser())
                        }
                        try pipeline.addHTTPClientHandlers()
                        return try ClientChannel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch {
            try Task.checkCancellation()
            throw error
        }
    } onCancel: {
        attempts.cancel()
    }
}

/// The sockets of one attempt: a name may have several addresses.
private final class ConnectAttempts: Sendable {
    private struct State {
        var channels: [any Channel] = []
        var isCancelled = false
    }

    private let state = Mutex(State())

    /// False where the attempt is cancelled already.
    func add(_ channel: any Channel) -> Bool {
        state.withLock { state in
            guard !state.isCancelled else { return false }
            state.channels.append(channel)
            return true
        }
    }

    func cancel() {
        let channels = state.withLock { state in
            state.isCancelled = true
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }
}

/// Closes a connection over which nothing came for too long.
private final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
