import NodeRuntime
import Synchronization

/// Work of a command that takes seconds and is no node's: on a thread of its own, so that Ctrl-C ends
/// the command at once.
enum LongWork {
    /// `work` is told how to ask whether it is still wanted. Throws `environment` where the command was
    /// stopped before the end.
    static func run<Value: Sendable>(
        _ work: @escaping @Sendable (_ isCancelled: @escaping @Sendable () -> Bool) throws -> Value
    ) async throws -> Value {
        let state = LongWorkState<Value>()
        try await untilStopped {
            let pool = WorkerPool(name: "work", threadCount: 1)
            let value = try await withTaskCancellationHandler {
                try await pool.runAbandonably { try work { state.isCancelled } }
            } onCancel: {
                state.cancel()
            }
            state.finish(value)
        }
        guard let value = state.value else {
            throw CommandFailure(.environment, "stopped before the end: nothing was written")
        }
        return value
    }
}

private final class LongWorkState<Value: Sendable>: Sendable {
    private let content = Mutex<(value: Value?, isCancelled: Bool)>((nil, false))

    var value: Value? { content.withLock { $0.value } }
    var isCancelled: Bool { content.withLock { $0.isCancelled } }

    func finish(_ value: Value) { content.withLock { $0.value = value } }
    func cancel() { content.withLock { $0.isCancelled = true } }
}
