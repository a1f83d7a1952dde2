package import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Watches the connections of one HTTP server: whoever has a connection must say what it wants,
/// and read what it is answered.
///
/// A connection *waits* while none of its requests is being answered: before its first head is
/// complete, and between requests. It may do so for `headTimeout`, and when more than
/// `maximumWaiting` do, the one that has waited longest is closed: idlers, half-open and slow
/// senders make room for whoever asks. A request must be read and answered within its route's own
/// deadlines. A peer that takes nothing of an answer for `stallTimeout` is cut off.
package final class HTTPDoor: Sendable {
    package struct Limits: Hashable, Sendable {
        package var maximumWaiting: Int
        package var headTimeout: Duration
        package var stallTimeout: Duration

        package init(maximumWaiting: Int, headTimeout: Duration, stallTimeout: Duration) {
            self.maximumWaiting = maximumWaiting
            self.headTimeout = headTimeout
            self.stallTimeout = stallTimeout
        }
    }

    private struct Waiting {
        let place: Roster.Place
        let timer: Scheduled<Void>
    }

    package let limits: Limits
    private let roster: Roster
    private let waiting = Mutex<[ObjectIdentifier: Waiting]>([:])

    package init(limits: Limits) {
        self.limits = limits
        roster = Roster(maximumCount: limits.maximumWaiting)
    }

    /// Connections that wait now.
    package var waitingCount: Int { roster.count }
    /// Connections that were closed to make room.
    package var evictedCount: UInt64 { roster.evictedCount }

    func beginWaiting(_ channel: any Channel) {
        let close: @Sendable () -> Void = { [weak self] in
            self?.endWaiting(channel)
            channel.close(promise: nil)
        }
        let place = roster.enter(evict: close)
        let timer = channel.eventLoop.scheduleTask(in: TimeAmount(limits.headTimeout), close)
        let old = waiting.withLock {
            $0.updateValue(Waiting(place: place, timer: timer), forKey: ObjectIdentifier(channel))
        }
        old?.timer.cancel()
        // It may have closed meanwhile: nobody would say so again.
        if !channel.isActive { endWaiting(channel) }
    }

    func endWaiting(_ channel: any Channel) {
        let entry = waiting.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
        guard let entry else { return }
        entry.timer.cancel()
        roster.leave(entry.place)
    }
}

extension HTTPServerBuilder {
    /// An HTTP/1.1 server whose connections `door` watches.
    package static func http1(watchedBy door: HTTPDoor, idleTimeout: Duration) -> HTTPServerBuilder
    {
        HTTPServerBuilder { responder in
            WatchedHTTP1(
                base: HTTP1Channel(
                    responder: { request, writer, channel in
                        door.endWaiting(channel)
                        defer { door.beginWaiting(channel) }
                        try await responder(request, writer, channel)
                    },
                    configuration: .init(idleTimeout: TimeAmount(idleTimeout))),
                door: door)
        }
    }
}

/// Hummingbird's HTTP/1.1 with a `DoorHandler` before everything else.
private struct WatchedHTTP1: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel
    let door: HTTPDoor

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(DoorHandler(door))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Value, logger: Logger) async {
        await base.handle(value: value, logger: logger)
    }
}

/// Sees a connection come and go, and whether its peer reads.
private final class DoorHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let door: HTTPDoor
    private var stallTimer: Scheduled<Void>?

    init(_ door: HTTPDoor) { self.door = door }

    func channelActive(context: ChannelHandlerContext) {
        door.beginWaiting(context.channel)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        door.endWaiting(context.channel)
        context.fireChannelInactive()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stallTimer?.cancel()
            stallTimer = nil
        } else if stallTimer == nil {
            watch(context, buffered: Self.bufferedByteCount(context))
        }
        context.fireChannelWritabilityChanged()
    }

    /// Closes the connection unless fewer bytes than `buffered` wait after the next pause.
    private func watch(_ context: ChannelHandlerContext, buffered: Int) {
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        stallTimer = context.eventLoop.scheduleTask(in: TimeAmount(door.limits.stallTimeout)) {
            let (handler, context) = bound.value
            let left = Self.bufferedByteCount(context)
            guard left < buffered else { return context.close(promise: nil) }
            handler.watch(context, buffered: left)
        }
    }

    private static func bufferedByteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
