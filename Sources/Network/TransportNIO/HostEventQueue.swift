import Synchronization

/// Events on their way to the node: bounded in number and bytes, for one consumer.
///
/// What comes and goes with a connection is always kept; gossip and requests are refused when the
/// queue is full, for the caller to count. Cancelling the consumer ends its loop.
package final class HostEventQueue: AsyncSequence, Sendable {
    package typealias Element = HostEvent

    fileprivate struct State {
        var events: [HostEvent] = []
        var head = 0
        var byteCount = 0
        var isFinished = false
        var waiter: CheckedContinuation<HostEvent?, Never>?
    }

    private let state = Mutex(State())

    package struct Iterator: AsyncIteratorProtocol {
        let queue: HostEventQueue
        package mutating func next() async -> HostEvent? { await queue.next() }
    }

    package func makeAsyncIterator() -> Iterator { Iterator(queue: self) }

    /// The next event; nil at the end or when the task is cancelled.
    package func next() async -> HostEvent? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready: HostEvent?? = state.withLock { state in
                    if let event = state.pop() { return .some(event) }
                    if state.isFinished || Task.isCancelled { return .some(nil) }
                    precondition(state.waiter == nil, "two consumers of one event queue")
                    state.waiter = continuation
                    return .none
                }
                if let ready { continuation.resume(returning: ready) }
            }
        } onCancel: {
            takeWaiter()?.resume(returning: nil)
        }
    }

    /// False when the event was droppable and there was no room.
    func offer(_ event: HostEvent) -> Bool {
        let (accepted, waiter) = state.withLock {
            state -> (Bool, CheckedContinuation<HostEvent?, Never>?) in
            guard !state.isFinished else { return (false, nil) }
            if let waiter = state.waiter {
                state.waiter = nil
                return (true, waiter)
            }
            return (state.push(event), nil)
        }
        waiter?.resume(returning: event)
        return accepted
    }

    func finish() {
        state.withLock { $0.isFinished = true }
        takeWaiter()?.resume(returning: nil)
    }

    private func takeWaiter() -> CheckedContinuation<HostEvent?, Never>? {
        state.withLock { state in
            defer { state.waiter = nil }
            return state.waiter
        }
    }
}

extension HostEventQueue.State {
    fileprivate mutating func push(_ event: HostEvent) -> Bool {
        if let bytes = event.droppableByteCount {
            guard events.count - head < TransportParameters.eventQueueCount,
                byteCount + bytes <= TransportParameters.eventQueueByteCount
            else { return false }
            byteCount += bytes
        }
        events.append(event)
        return true
    }

    fileprivate mutating func pop() -> HostEvent? {
        guard head < events.count else { return nil }
        let event = events[head]
        byteCount -= event.droppableByteCount ?? 0
        head += 1
        if head == events.count {
            events.removeAll(keepingCapacity: true)
            head = 0
        } else if head > 1_024, head > events.count / 2 {
            events.removeFirst(head)
            head = 0
        }
        return event
    }
}
