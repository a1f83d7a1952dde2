import Field
import Synchronization
import Testing
import WorkSharing

struct ThreadAllowanceTests {
    @Test(arguments: [1, 2, 5], [0, 1, 2, 7, 100])
    func `each part is done once`(threads: Int, count: Int) {
        let done = Mutex([Int](repeating: 0, count: count))
        ThreadAllowance(threadCount: threads).run { workers in
            workers.forEach(count) { part in done.withLock { $0[part] += 1 } }
        }
        #expect(done.withLock { $0 } == [Int](repeating: 1, count: count))
    }

    @Test func `a proof alone has all threads, and none but its own beside as many others`() {
        let allowance = ThreadAllowance(threadCount: 2)
        allowance.run { _ in
            #expect(allowance.helperCount == 1)
            allowance.run { _ in #expect(allowance.helperCount == 0) }
            #expect(allowance.helperCount == 1)
        }
        #expect(allowance.helperCount == 2)
    }

    @Test func `a helper leaves when another proof wants its thread`() {
        let allowance = ThreadAllowance(threadCount: 2)
        allowance.run { workers in
            workers.forEach(8) { part in
                // Whoever works on the first part starts another proof: its thread is the helper's.
                if part == 0 {
                    allowance.run { _ in #expect(allowance.helperCount == 0) }
                }
            }
            #expect(allowance.helperCount == 1)
        }
        #expect(allowance.helperCount == 2)
    }

    @Test func `work that nobody wants any more is left`() {
        let count = Atomic<Int>(0)
        let finished = ThreadAllowance(threadCount: 2).run { workers in
            workers.forEach(
                100, unless: { count.load(ordering: .relaxed) >= 10 },
                { _ in count.add(1, ordering: .relaxed) })
        }
        #expect(!finished)
        // One part more at most for each thread that had asked already.
        #expect((10...12).contains(count.load(ordering: .relaxed)))
    }
}
