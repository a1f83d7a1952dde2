package import NodeProofs
internal import WorkSharing

/// Where a node's proofs are made: so many at a time, the others in the order in which they were asked
/// for. Each has a thread of its own; threads without a proof help the others, so that independent
/// proofs take one thread each and the last one of a tree takes them all.
///
/// Memory: a proof takes some hundred megabytes while it is made, and a proof that waits next to none.
package struct ProvingPool: Sendable {
    private let pool: WorkerPool
    private let allowance: ThreadAllowance

    package init(threadCount: Int) {
        pool = WorkerPool(name: "proving", threadCount: threadCount)
        allowance = ThreadAllowance(threadCount: threadCount)
    }

    /// Makes a proof with the given control, helped by idle threads. Throws `CancellationError` as
    /// soon as the task is cancelled, or once the control says that nobody wants the proof: within
    /// milliseconds, which proofs ask every so often.
    package func prove(
        _ control: ProvingControl,
        _ body: @escaping @Sendable (ProvingControl) throws -> [UInt8]
    ) async throws -> [UInt8] {
        let allowance = allowance
        return try await pool.runAbandonably {
            guard !control.isCancelled() else { throw CancellationError() }
            return try allowance.run { workers in try body(control.with(workers)) }
        }
    }
}
