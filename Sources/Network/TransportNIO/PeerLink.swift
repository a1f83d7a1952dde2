import Connection
import NIOCore
import SansIO
import Synchronization

/// The host's hold on one connection, usable from any thread: what it is told is carried out on
/// the connection's event loop, in order.
final class PeerLink: Sendable {
    private struct Outbox {
        var frames: [[UInt8]] = []
        var byteCount = 0
        var isScheduled = false
    }

    let isDialer: Bool
    let openedAt: Instant
    private let channel: any Channel
    var channelNumber: ObjectIdentifier { ObjectIdentifier(channel) }
    private let handler: NIOLoopBound<PeerChannelHandler>
    private let outbox = Mutex(Outbox())

    init(
        _ handler: PeerChannelHandler, channel: any Channel, isDialer: Bool, openedAt: Instant
    ) {
        self.handler = NIOLoopBound(handler, eventLoop: channel.eventLoop)
        self.channel = channel
        self.isDialer = isDialer
        self.openedAt = openedAt
    }

    func handle(_ event: PeerSession.Event) {
        let handler = handler
        channel.eventLoop.execute { handler.value.handle(event) }
    }

    /// False when too much waits already. Many frames cost the event loop one wake-up.
    func sendGossip(_ rpc: [UInt8]) -> Bool {
        let (accepted, mustSchedule) = outbox.withLock { outbox -> (Bool, Bool) in
            guard outbox.byteCount + rpc.count <= TransportParameters.outboxByteCount else {
                return (false, false)
            }
            outbox.frames.append(rpc)
            outbox.byteCount += rpc.count
            defer { outbox.isScheduled = true }
            return (true, !outbox.isScheduled)
        }
        if mustSchedule {
            channel.eventLoop.execute { [self] in
                handler.value.handle(takeOutbox().map { .sendGossip($0) })
            }
        }
        return accepted
    }

    private func takeOutbox() -> [[UInt8]] {
        outbox.withLock { outbox in
            defer { outbox = Outbox() }
            return outbox.frames
        }
    }

    func request(
        _ request: OutboundRequest, _ ticket: Ticket<Result<[UInt8], RequestError>>
    ) {
        let handler = handler
        channel.eventLoop.execute { handler.value.start(request, ticket) }
    }

    func cancel(_ id: UInt64) {
        let handler = handler
        channel.eventLoop.execute { handler.value.cancel(id) }
    }
}
