import HTTPSupport
import Synchronization
import Testing

@Suite struct RosterTests {
    /// Who was told to go, in order.
    private final class Evicted: Sendable {
        private let names = Mutex<[String]>([])
        func add(_ name: String) { names.withLock { $0.append(name) } }
        var all: [String] { names.withLock { $0 } }
    }

    @Test func `when all places are taken the oldest holder goes`() {
        let roster = Roster(maximumCount: 2)
        let evicted = Evicted()
        _ = roster.enter { evicted.add("a") }
        let second = roster.enter { evicted.add("b") }
        _ = roster.enter { evicted.add("c") }
        #expect(evicted.all == ["a"])
        #expect(roster.leave(second))
        _ = roster.enter { evicted.add("d") }
        #expect(evicted.all == ["a"] && roster.count == 2 && roster.evictedCount == 1)
    }

    @Test func `weights count too, and one that is too heavy is let in alone`() {
        let roster = Roster(maximumCount: 10, maximumWeight: 10)
        let evicted = Evicted()
        _ = roster.enter(weight: 4) { evicted.add("a") }
        _ = roster.enter(weight: 6) { evicted.add("b") }
        _ = roster.enter(weight: 1) { evicted.add("c") }
        #expect(evicted.all == ["a"])
        let heavy = roster.enter(weight: 99) { evicted.add("heavy") }
        #expect(evicted.all == ["a", "b", "c"] && roster.count == 1)
        _ = roster.enter { evicted.add("d") }
        #expect(evicted.all == ["a", "b", "c", "heavy"])
        #expect(!roster.leave(heavy))
    }

    @Test func `work that loses its place ends, and so does work that is too slow`() async throws {
        let roster = Roster(maximumCount: 1)
        let (starts, started) = AsyncStream<Void>.makeStream()
        let first = Task {
            try await withDeadline(.seconds(60), placeIn: roster) {
                started.yield()
                try await untilCancelled()
            }
        }
        _ = await starts.first { _ in true }
        let answer = try await withDeadline(.seconds(60), placeIn: roster) { 7 }
        #expect(answer == 7)
        await #expect(throws: Displaced.self) { try await first.value }
        await #expect(throws: DeadlineExceeded.self) {
            try await withDeadline(.zero, placeIn: roster) { try await untilCancelled() }
        }
        #expect(roster.count == 0)
    }
}

private func untilCancelled() async throws {
    let (never, keep) = AsyncStream<Void>.makeStream()
    for await _ in never {}
    keep.finish()
    try Task.checkCancellation()
}
