internal import Dispatch
package import Field
internal import Synchronization

/// The threads that proofs may work on, shared among the proofs of a process.
///
/// A proof has a thread of its own. What no proof needs is idle, and helps whichever proof has work to
/// share; a helper leaves between two parts of the work as soon as another proof wants its thread.
/// So many proofs run one thread each, and the last one at the top of a tree runs on all of them.
package final class ThreadAllowance: Sendable {
    package let threadCount: Int
    /// Idle threads, less those that proofs wait for helpers to give back.
    private let idleCount: Mutex<Int>

    package init(threadCount: Int) {
        precondition(threadCount >= 1, "\(threadCount) threads do nothing")
        self.threadCount = threadCount
        idleCount = Mutex(threadCount)
    }

    /// Does `work`, the work of a proof, on the calling thread; its workers are that thread and
    /// whatever is idle. At most `threadCount` of these at a time.
    package func run<Value, Failure>(
        _ work: (Workers) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        idleCount.withLock { $0 -= 1 }
        defer { idleCount.withLock { $0 += 1 } }
        return try work(Workers { self.share($0, $1) })
    }

    /// How many threads would help now.
    package var helperCount: Int { max(0, idleCount.withLock { $0 }) }

    private func share(_ count: Int, _ body: (Int) -> Void) {
        let helpers = idleCount.withLock { idle in
            let helpers = max(0, min(idle, count - 1))
            idle -= helpers
            return helpers
        }
        guard helpers > 0 else {
            for part in 0..<count { body(part) }
            return
        }
        withoutActuallyEscaping(body) { body in
            share(count, with: helpers, body)
        }
    }

    /// The calling thread is one of those that do parts. Whichever is number zero stays until no part is
    /// left, so that all are done whoever leaves.
    private func share(_ count: Int, with helpers: Int, _ body: @escaping (Int) -> Void) {
        // Parts touch nothing that another part writes: who calls `forEach` answers for that.
        nonisolated(unsafe) let body = body
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: helpers + 1) { number in
            let isHelper = number > 0
            while !(isHelper && isWantedBack) {
                let part = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard part < count else { break }
                body(part)
            }
            if isHelper { idleCount.withLock { $0 += 1 } }
        }
    }

    private var isWantedBack: Bool { idleCount.withLock { $0 < 0 } }
}
