internal import Foundation
internal import Synchronization

/// Runs long synchronous work on threads of its own, so many at a time, and never on the
/// cooperative pool, which every actor of the process shares.
///
/// Work is started in the order of its submission. Cancelling the waiting task does not interrupt
/// the work: what can be interrupted asks `SlotCancellation` itself.
package final class WorkerPool: Sendable {
    private let queue: OperationQueue

    package init(name: String, threadCount: Int) {
        precondition(threadCount >= 1, "a pool of \(threadCount) threads does nothing")
        queue = OperationQueue()
        queue.name = name
        queue.maxConcurrentOperationCount = threadCount
    }

    /// Does `work` after what was asked for before; nobody waits for it.
    package func add(_ work: @escaping @Sendable () -> Void) { queue.addOperation(work) }

    /// Returns when `work` has ended, also in a cancelled task.
    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }

    /// Like `run`, but throws `CancellationError` as soon as the task is cancelled: work that has
    /// not begun is dropped, and the rest ends alone. For work without effects.
    package func runAbandonably<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let answer = WorkAnswer<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                answer.wait(continuation)
                queue.addOperation {
                    guard !answer.isGiven else { return }
                    answer.give(Result { try work() })
                }
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }
}

/// Whoever waits for work, answered exactly once from whichever side comes first.
private final class WorkAnswer<Value: Sendable>: Sendable {
    private typealias Waiter = CheckedContinuation<Value, any Error>

    private struct State {
        var waiter: Waiter?
        /// Given before anybody waited.
        var early: Result<Value, any Error>?
        var isGiven = false
    }

    private let state = Mutex(State())

    var isGiven: Bool { state.withLock { $0.isGiven } }

    func wait(_ waiter: CheckedContinuation<Value, any Error>) {
        let early = state.withLock { state in
            if state.early == nil { state.waiter = waiter }
            return state.early
        }
        if let early { waiter.resume(with: early) }
    }

    func give(_ result: Result<Value, any Error>) {
        let waiter = state.withLock { state -> Waiter? in
            guard !state.isGiven else { return nil }
            state.isGiven = true
            if state.waiter == nil { state.early = result }
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(with: result)
    }
}
