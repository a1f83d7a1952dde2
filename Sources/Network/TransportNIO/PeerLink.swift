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

    func request(_ request: OutboundRequest, _ ticket: RequestTicket) {
        let handler = handler
        channel.eventLoop.execute { handler.value.start(request, ticket) }
    }

    func cancel(_ id: UInt64) {
        let handler = handler
        channel.eventLoop.execute { handler.value.cancel(id) }
    }
}

/// The caller of one request, answered exactly once from whichever side comes first.
final class RequestTicket: Sendable {
    typealias Outcome = Result<[UInt8], RequestError>

    private enum State {
        case idle
        case waiting(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    private let state = Mutex(State.idle)

    var isSettled: Bool {
        state.withLock { if case .settled = $0 { true } else { false } }
    }

    func wait() async -> Outcome {
        await withCheckedContinuation { continuation in
            let outcome = state.withLock { state -> Outcome? in
                if case .settled(let outcome) = state { return outcome }
                state = .waiting(continuation)
                return nil
            }
            if let outcome { continuation.resume(returning: outcome) }
        }
    }

    func settle(_ outcome: Outcome) {
        let waiter = state.withLock { state -> CheckedContinuation<Outcome, Never>? in
            switch state {
            case .settled: return nil
            case .idle:
                state = .settled(outcome)
                return nil
            case .waiting(let continuation):
                state = .settled(outcome)
                return continuation
            }
        }
        waiter?.resume(returning: outcome)
    }
}
