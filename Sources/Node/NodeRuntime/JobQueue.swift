/// Work for later, bounded; one task runs it.
package final class JobQueue: Sendable {
    package typealias Job = @Sendable () async -> Void

    private let jobs: AsyncStream<Job>
    private let continuation: AsyncStream<Job>.Continuation

    package init() {
        (jobs, continuation) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(NodeRuntimeParameters.jobBufferCount))
    }

    /// False where too many wait already. Once the queue has ended, jobs are forgotten.
    @discardableResult
    package func add(_ job: @escaping Job) -> Bool {
        if case .dropped = continuation.yield(job) { false } else { true }
    }

    /// Forgets what waits, which may hold whoever owns the queue, and whatever comes. Nobody may run
    /// the queue any more.
    package func end() async {
        continuation.finish()
        for await _ in jobs {}
    }

    /// Until the task is cancelled.
    package func runInOrder() async {
        for await job in jobs { await job() }
    }

    /// Until the task is cancelled; running jobs are cancelled with it.
    package func runConcurrently() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await job() } }
            group.cancelAll()
        }
    }
}
