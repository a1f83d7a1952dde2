package import NodeProofs
package import Primitives
internal import Synchronization

/// How far the running proofs are: written by the proving threads as often as they like, read by
/// whoever looks. Bounded by the proofs of the slots that are not over.
package final class ProvingActivity: Sendable {
    private struct Table {
        var running: [Slot: [LeafRange: ProofProgress]] = [:]
        var lastEnded: Slot?
    }

    private let table = Mutex(Table())

    package init() {}

    /// Ignored for a slot that is over.
    package func progressed(_ slot: Slot, _ range: LeafRange, _ progress: ProofProgress) {
        table.withLock { table in
            if let ended = table.lastEnded, slot <= ended { return }
            table.running[slot, default: [:]][range] = progress
        }
    }

    package func finished(_ slot: Slot, _ range: LeafRange) {
        table.withLock { table in
            table.running[slot]?[range] = nil
            if table.running[slot]?.isEmpty == true { table.running[slot] = nil }
        }
    }

    package func ended(through slot: Slot) {
        table.withLock { table in
            table.lastEnded = max(table.lastEnded ?? slot, slot)
            table.running = table.running.filter { $0.key > slot }
        }
    }

    /// Ascending by slot and range.
    package var all: [(slot: Slot, range: LeafRange, progress: ProofProgress)] {
        table.withLock { table in
            table.running.sorted { $0.key < $1.key }.flatMap { slot, ranges in
                ranges.sorted { $0.key < $1.key }.map {
                    (slot: slot, range: $0.key, progress: $0.value)
                }
            }
        }
    }
}
