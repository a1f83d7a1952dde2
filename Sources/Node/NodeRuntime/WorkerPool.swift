internal import Foundation

/// Runs long synchronous work on threads of its own, so many at a time, and never on the
/// cooperative pool, which every actor of the process shares.
///
/// Work is started in the order of its submission. Cancelling the waiting task does not interrupt
/// the work: what can be interrupted asks `Cancellation` itself.
package final class WorkerPool: Sendable {
    private let queue: OperationQueue

    package init(name: String, threadCount: Int) {
        precondition(threadCount >= 1, "a pool of \(threadCount) threads does nothing")
        queue = OperationQueue()
        queue.name = name
        queue.maxConcurrentOperationCount = threadCount
    }

    package func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.addOperation { continuation.resume(with: Result { try work() }) }
        }
    }
}
