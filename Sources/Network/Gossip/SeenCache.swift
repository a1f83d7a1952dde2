internal import SansIO

/// The ids of the messages of the last while. All entries live equally long, so the oldest
/// expires first. Beyond its capacity the oldest entry goes.
struct SeenCache: Sendable {
    private let lifetime: Duration
    private let capacity: Int
    private var expiries: [GossipMessageID: Instant] = [:]
    /// In order of insertion; `head` is the oldest. May hold entries that were removed since.
    private var queue: [(id: GossipMessageID, expiry: Instant)] = []
    private var head = 0

    init(lifetime: Duration, capacity: Int) {
        self.lifetime = lifetime
        self.capacity = capacity
    }

    var count: Int { expiries.count }

    func contains(_ id: GossipMessageID) -> Bool { expiries[id] != nil }

    mutating func insert(_ id: GossipMessageID, at now: Instant) {
        let expiry = now + lifetime
        expiries[id] = expiry
        queue.append((id, expiry))
        while expiries.count > capacity || queue.count - head > 2 * capacity { dropOldest() }
    }

    mutating func remove(_ id: GossipMessageID) { expiries[id] = nil }

    mutating func expire(at now: Instant) {
        while head < queue.count, queue[head].expiry <= now { dropOldest() }
        if head > queue.count / 2 {
            queue.removeFirst(head)
            head = 0
        }
    }

    private mutating func dropOldest() {
        let (id, expiry) = queue[head]
        head += 1
        // An id that was removed and inserted again has a later expiry and stays.
        if expiries[id] == expiry { expiries[id] = nil }
    }
}
