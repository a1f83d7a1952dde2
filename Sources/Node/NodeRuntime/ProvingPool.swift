package import NodeProofs
internal import Synchronization
internal import WorkSharing

/// Where a node's proofs are made: so many at a time, the others in the order in which they were asked
/// for. Each has a thread of its own; threads without a proof help the others, so that independent
/// proofs take one thread each and the last one of a tree takes them all.
///
/// Memory: a proof takes some hundred megabytes while it is made, and a proof that waits next to none.
/// When nobody wants a proof any more, what the last ones took is given back to the system.
package final class ProvingPool: Sendable {
    private let pool: WorkerPool
    private let allowance: ThreadAllowance
    /// Proofs that were asked for and have not ended.
    private let wantedCount = Mutex(0)
    private let whenIdle: @Sendable () -> Void

    /// - Parameter whenIdle: what is done, on a thread of the pool, after the last of the proofs that
    ///   were wanted.
    package init(
        threadCount: Int, whenIdle: @escaping @Sendable () -> Void = { FreeMemory.giveBack() }
    ) {
        pool = WorkerPool(name: "proving", threadCount: threadCount)
        allowance = ThreadAllowance(threadCount: threadCount)
        self.whenIdle = whenIdle
    }

    /// Makes a proof with the given control, helped by idle threads. Throws `CancellationError` as
    /// soon as the task is cancelled, or once the control says that nobody wants the proof: within
    /// milliseconds, which proofs ask every so often.
    package func prove(
        _ control: ProvingControl,
        _ body: @escaping @Sendable (ProvingControl) throws -> [UInt8]
    ) async throws -> [UInt8] {
        wantedCount.withLock { $0 += 1 }
        defer { ended() }
        let allowance = allowance
        return try await pool.runAbandonably {
            guard !control.isCancelled() else { throw CancellationError() }
            return try allowance.run { workers in try body(control.with(workers)) }
        }
    }

    private func ended() {
        let isIdle = wantedCount.withLock { count in
            count -= 1
            return count == 0
        }
        guard isIdle else { return }
        pool.add { [self] in
            if wantedCount.withLock({ $0 == 0 }) { whenIdle() }
        }
    }
}
