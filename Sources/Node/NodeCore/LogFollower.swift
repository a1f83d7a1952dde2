package import Primitives

/// The log blocks that wait for their judgement, oldest first; one is judged at a time.
package struct LogFollower: Sendable {
    private var queue: [LogBlock] = []
    package private(set) var judging: LogBlock?
    private var folded = Height(0)
    /// The newest height that the log is known to have, from blocks that it signed.
    package private(set) var head = Height(0)
    /// What it last said that it has: unsigned, so that the next word replaces it.
    private var claimed = Height(0)
    /// Heights above `head` whose headers were gossiped; at most
    /// `NodeParameters.maximumHeightsAhead`.
    package private(set) var announced: Set<Height> = []

    package init() {}

    /// Whether everything that is known of the log is folded: duties of slots long past are not
    /// performed while a node catches up.
    package var isLive: Bool {
        queue.isEmpty && folded.advanced(by: 1) >= max(head, claimed)
    }

    package mutating func heard(_ height: Height) { claimed = height }

    package mutating func saw(_ height: Height) {
        guard height > head else { return }
        head = height
        let known = announced.filter { $0 > height }
        announced = known
    }

    package mutating func announce(_ height: Height) { announced.insert(height) }

    /// False where the queue is full: the shell must not read on before it is drained.
    package mutating func enqueue(_ block: LogBlock) -> Bool {
        guard queue.count < NodeParameters.maximumQueuedLogBlocks else { return false }
        queue.append(block)
        saw(block.height)
        return true
    }

    /// The next block to be judged, unless one is.
    package mutating func next() -> LogBlock? {
        guard judging == nil, !queue.isEmpty else { return nil }
        judging = queue.removeFirst()
        return judging
    }

    /// The block whose judgement has come; nil where the answer is to something else.
    package mutating func finish(_ height: Height) -> LogBlock? {
        guard let block = judging, block.height == height else { return nil }
        judging = nil
        folded = height
        return block
    }
}
