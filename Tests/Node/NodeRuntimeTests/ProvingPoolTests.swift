import Dispatch
import Field
import Foundation
import NodeProofs
import NodeRuntime
import Synchronization
import TestSupport
import Testing

struct ProvingPoolTests {
    private static func control(
        isCancelled: @escaping @Sendable () -> Bool = { false }
    ) -> ProvingControl {
        ProvingControl(progress: { _ in }, isCancelled: isCancelled)
    }

    /// Two parts which wait for each other end only if two threads do them at one time.
    @Test(.enabled(if: ProcessInfo.processInfo.activeProcessorCount > 1))
    func `a proof alone works on all threads`() async throws {
        let pool = ProvingPool(threadCount: 2)
        let proof = try await pool.prove(Self.control()) { control in
            let arrived = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
            control.workers.forEach(2) { part in
                arrived[part].signal()
                arrived[1 - part].wait()
            }
            return [1]
        }
        #expect(proof == [1])
    }

    /// Each of two proofs waits for the other to run, and has then nobody to help it.
    @Test func `two proofs have one thread each`() async throws {
        let pool = ProvingPool(threadCount: 2)
        let started = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
        let ended = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
        @Sendable func prove(_ number: Int) async throws -> [UInt8] {
            try await pool.prove(Self.control()) { control in
                started[number].signal()
                started[1 - number].wait()
                var order: [UInt8] = []
                control.workers.forEach(4) { order.append(UInt8($0)) }
                ended[number].signal()
                ended[1 - number].wait()
                return order
            }
        }
        async let first = prove(0)
        async let second = prove(1)
        #expect(try await first == [0, 1, 2, 3])
        #expect(try await second == [0, 1, 2, 3])
    }

    @Test func `a proof of a slot that is over is not begun`() async throws {
        let pool = ProvingPool(threadCount: 1)
        let isBegun = Atomic<Bool>(false)
        await #expect(throws: CancellationError.self) {
            _ = try await pool.prove(Self.control(isCancelled: { true })) { _ in
                isBegun.store(true, ordering: .relaxed)
                return []
            }
        }
        let wasBegun = isBegun.load(ordering: .relaxed)
        #expect(!wasBegun)
    }

    @Test func `after the last wanted proof its memory is given back, once`() async throws {
        let idleCount = Mutex(0)
        let pool = ProvingPool(threadCount: 2) { idleCount.withLock { $0 += 1 } }
        let started = [DispatchSemaphore(value: 0), DispatchSemaphore(value: 0)]
        let mayEnd = DispatchSemaphore(value: 0)
        let long = Task {
            try await pool.prove(Self.control()) { _ in
                started[0].signal()
                started[1].wait()
                mayEnd.wait()
                return []
            }
        }
        _ = try await pool.prove(Self.control()) { _ in
            started[1].signal()
            started[0].wait()
            return []
        }
        // One thread is free, which does things in turn: what was added before this proof is done.
        _ = try await pool.prove(Self.control()) { _ in [] }
        #expect(idleCount.withLock { $0 } == 0)
        mayEnd.signal()
        _ = try await long.value
        try await until { idleCount.withLock { $0 } > 0 }
        #expect(idleCount.withLock { $0 } == 1)
    }
}
