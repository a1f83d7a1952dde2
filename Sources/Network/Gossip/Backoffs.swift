internal import SansIO

/// Until when which peer and we do not graft each other on a topic. Outlives the connection.
struct Backoffs: Sendable {
    private let capacity: Int
    /// By topic, then peer.
    private var ends: [String: [GossipPeer: Instant]] = [:]
    private var count = 0

    init(capacity: Int) { self.capacity = capacity }

    func isActive(_ peer: GossipPeer, topic: String, at now: Instant) -> Bool {
        guard let end = ends[topic]?[peer] else { return false }
        return now < end
    }

    /// A longer back-off that is already running stays. A full table remembers no newcomer.
    mutating func start(_ peer: GossipPeer, topic: String, for wait: Duration, at now: Instant) {
        let end = now + wait
        if let running = ends[topic]?[peer] {
            ends[topic]?[peer] = max(running, end)
            return
        }
        guard count < capacity else { return }
        ends[topic, default: [:]][peer] = end
        count += 1
    }

    mutating func expire(at now: Instant) {
        for topic in ends.keys.sorted() {
            guard let running = ends[topic] else { continue }
            let left = running.filter { $0.value > now }
            count -= running.count - left.count
            ends[topic] = left.isEmpty ? nil : left
        }
    }
}

extension GossipParameters {
    /// A peer's wish in seconds, any 64-bit number, as a back-off of ours: GHSA-gc42-3jg7-rxr2 was
    /// an overflow here. 0, which py-libp2p's heartbeat sends, means the default.
    func backoff(wishedSeconds seconds: UInt64) -> Duration {
        guard seconds > 0 else { return pruneBackoff }
        guard let whole = Int64(exactly: seconds), whole < maximumBackoff.components.seconds
        else { return maximumBackoff }
        return .seconds(whole)
    }
}
