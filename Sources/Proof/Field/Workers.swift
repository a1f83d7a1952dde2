/// Who shares the work of one computation: the thread that calls, and whoever helps it.
///
/// Work is cut into the same parts whoever does them, and what comes out depends on neither: a proof
/// has the same bytes on any number of threads. Threads are the shell's to give; nothing here knows
/// where they come from.
package struct Workers: Sendable {
    /// Calls `body` with each of `0 ..< count` once, in any order and on any threads, and returns
    /// after the last.
    package typealias Share = @Sendable (_ count: Int, _ body: (Int) -> Void) -> Void

    /// The calling thread, the parts in order.
    package static let alone = Workers { count, body in
        for part in 0..<count { body(part) }
    }

    private let share: Share

    package init(_ share: @escaping Share) { self.share = share }

    /// Parts touch nothing that another part writes.
    package func forEach(_ count: Int, _ body: (Int) -> Void) {
        guard count > 1 else {
            if count == 1 { body(0) }
            return
        }
        share(count, body)
    }

    /// As above until `isCancelled` says so, which is asked before each part, on whatever thread does
    /// it. False where it did: some parts are then not done.
    package func forEach(
        _ count: Int, unless isCancelled: () -> Bool, _ body: (Int) -> Void
    ) -> Bool {
        var isDone = [Bool](repeating: false, count: count)
        isDone.withUnsafeMutableBufferPointer { isDone in
            forEach(count) { part in
                guard !isCancelled() else { return }
                body(part)
                isDone[part] = true
            }
        }
        return isDone.allSatisfy(\.self)
    }

    /// `0 ..< count` in parts of `size`, the last perhaps smaller.
    package func forEach(
        of count: Int, by size: Int, unless isCancelled: () -> Bool = { false },
        _ body: (Range<Int>) -> Void
    ) -> Bool {
        forEach((count + size - 1) / size, unless: isCancelled) { part in
            body(part * size..<min((part + 1) * size, count))
        }
    }
}
