internal import Gossip
internal import NodeCore
internal import Synchronization

/// What was dropped or refused, by name, since the start.
package final class NodeCounters: Sendable {
    private let counts = Mutex<[String: UInt64]>([:])

    func count(_ name: String) {
        counts.withLock { $0[name, default: 0] += 1 }
    }

    func count(_ drop: NodeDrop) { count("node.\(drop.rawValue)") }
    func count(_ drop: GossipDrop) { count("gossip.\(drop.rawValue)") }

    /// Sorted by name.
    package var all: [(name: String, count: UInt64)] {
        counts.withLock { counts in
            counts.sorted { $0.key < $1.key }.map { (name: $0.key, count: $0.value) }
        }
    }
}
