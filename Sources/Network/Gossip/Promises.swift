internal import SansIO

/// What peers announced and we asked them for: one question is open for each id, and who else
/// announced it is asked when the first fails (several askers at once are most of gossipsub's
/// duplicates).
struct Promises: Sendable {
    private struct Promise: Sendable {
        var peer: GossipPeer
        var deadline: Instant
        var others: [GossipPeer]
    }

    struct Broken: Sendable {
        let id: GossipMessageID
        let peer: GossipPeer
        /// Who is asked now.
        let next: GossipPeer?
    }

    private static let maximumOthers = 3
    private let timeout: Duration
    private let capacity: Int
    private var open: [GossipMessageID: Promise] = [:]

    init(timeout: Duration, capacity: Int) {
        self.timeout = timeout
        self.capacity = capacity
    }

    var count: Int { open.count }

    /// Whether `peer`, which announced `id`, is to be asked for it now.
    mutating func shouldAsk(
        _ peer: GossipPeer, for id: GossipMessageID, at now: Instant
    ) -> Bool {
        if var promise = open[id] {
            if promise.peer != peer, promise.others.count < Self.maximumOthers,
                !promise.others.contains(peer)
            {
                promise.others.append(peer)
                open[id] = promise
            }
            return false
        }
        guard open.count < capacity else { return false }
        open[id] = Promise(peer: peer, deadline: now + timeout, others: [])
        return true
    }

    mutating func fulfil(_ id: GossipMessageID) { open[id] = nil }

    /// In ascending order of id.
    mutating func breakOverdue(at now: Instant) -> [Broken] {
        breakAll(open.keys.filter { open[$0].map { $0.deadline <= now } ?? false }, at: now)
    }

    /// Questions to a peer that left go to the next one; it owes nothing.
    mutating func forget(_ peer: GossipPeer, at now: Instant) -> [Broken] {
        for id in open.keys.sorted() { open[id]?.others.removeAll { $0 == peer } }
        return breakAll(open.keys.filter { open[$0]?.peer == peer }, at: now)
    }

    private mutating func breakAll(_ ids: [GossipMessageID], at now: Instant) -> [Broken] {
        var broken: [Broken] = []
        for id in ids.sorted() {
            guard var promise = open.removeValue(forKey: id) else { continue }
            let next = promise.others.first
            broken.append(Broken(id: id, peer: promise.peer, next: next))
            if let next {
                promise.peer = next
                promise.others.removeFirst()
                promise.deadline = now + timeout
                open[id] = promise
            }
        }
        return broken
    }
}
