import NodeRuntime
import Synchronization
import Testing

struct WorkTests {
    @Test func `jobs of an ordered queue run one after the other`() async {
        let queue = JobQueue()
        let seen = Mutex<[Int]>([])
        let (done, end) = AsyncStream<Void>.makeStream()
        let running = Task { await queue.runInOrder() }
        for number in 0..<100 {
            queue.add {
                await Task.yield()
                seen.withLock { $0.append(number) }
                if number == 99 { end.finish() }
            }
        }
        for await _ in done {}
        running.cancel()
        await running.value
        #expect(seen.withLock { $0 } == Array(0..<100))
    }

    @Test func `a job of the concurrent queue waits for no other`() async {
        let queue = JobQueue()
        let (signal, send) = AsyncStream<Void>.makeStream()
        let (done, end) = AsyncStream<Void>.makeStream()
        // The first ends only after the second has run.
        queue.add {
            for await _ in signal {}
            end.finish()
        }
        queue.add { send.finish() }
        let running = Task { await queue.runConcurrently() }
        for await _ in done {}
        running.cancel()
        await running.value
    }

    @Test func `a cancelled queue cancels its running jobs and ends`() async {
        let queue = JobQueue()
        let (started, begin) = AsyncStream<Void>.makeStream()
        let (never, keep) = AsyncStream<Void>.makeStream()
        let wasCancelled = Mutex(false)
        queue.add {
            begin.finish()
            for await _ in never {}
            wasCancelled.withLock { $0 = Task.isCancelled }
        }
        let running = Task { await queue.runConcurrently() }
        for await _ in started {}
        running.cancel()
        await running.value
        keep.finish()
        #expect(wasCancelled.withLock { $0 })
    }

    @Test func `a full queue takes no more`() {
        let queue = JobQueue()
        var count = 0
        while count < 1 << 20, queue.add({}) { count += 1 }
        #expect(count == 1 << 16)
    }

    @Test(arguments: [1, 3])
    func `a pool never runs more than its threads`(threadCount: Int) async throws {
        let pool = WorkerPool(name: "test", threadCount: threadCount)
        let load = Load()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<64 {
                group.addTask {
                    try await pool.run {
                        load.begin()
                        let value = (0..<20_000).reduce(0) { ($0 &* 31) ^ $1 } & 1
                        load.end()
                        return number + value * 0
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 64 * 63 / 2)
        #expect((1...threadCount).contains(load.most), "\(load.most)")
    }

    @Test func `who is cancelled waits no longer for work without effects`() async {
        let pool = WorkerPool(name: "test", threadCount: 1)
        let isReleased = Flag()
        let (started, begin) = AsyncStream<Void>.makeStream()
        let hasRun = Flag()
        let busy = Task {
            try await pool.runAbandonably {
                begin.finish()
                while !isReleased.isSet {}
            }
        }
        for await _ in started {}
        let waiting = Task { try await pool.runAbandonably { hasRun.set() } }
        waiting.cancel()
        busy.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
        await #expect(throws: CancellationError.self) { try await busy.value }
        isReleased.set()
        await #expect(throws: Never.self) { try await pool.run {} }
        #expect(!hasRun.isSet, "it was dropped before it began")
    }

    @Test func `work that throws throws to whoever waits`() async {
        struct Failure: Error {}
        let pool = WorkerPool(name: "test", threadCount: 1)
        await #expect(throws: Failure.self) { try await pool.run { throw Failure() } }
    }
}

private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    func set() { value.store(true, ordering: .releasing) }
    var isSet: Bool { value.load(ordering: .acquiring) }
}

/// How much runs at one time, and did at most.
private final class Load: Sendable {
    private let counts = Mutex((running: 0, most: 0))

    func begin() {
        counts.withLock {
            $0.running += 1
            $0.most = max($0.most, $0.running)
        }
    }

    func end() { counts.withLock { $0.running -= 1 } }
    var most: Int { counts.withLock { $0.most } }
}
