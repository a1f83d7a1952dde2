internal import SansIO

/// Messages that wait for the application's verdict.
struct UndecidedMessages: Sendable {
    struct Entry: Sendable {
        let id: GossipMessageID
        let publication: GossipPublication
        /// Who sent exactly these bytes; the first sender first.
        var senders: [GossipPeer]
        /// Others under the same id, with their senders.
        var alternates: [(publication: GossipPublication, sender: GossipPeer)] = []
        let expiry: Instant
    }

    private static let maximumSenders = 64
    private let lifetime: Duration
    private let capacity: Int
    private let alternatesPerMessage: Int
    private var entries: [MessageHandle: Entry] = [:]
    private var handles: [GossipMessageID: MessageHandle] = [:]
    private var lastNumber: UInt64 = 0

    init(lifetime: Duration, capacity: Int, alternatesPerMessage: Int) {
        self.lifetime = lifetime
        self.capacity = capacity
        self.alternatesPerMessage = alternatesPerMessage
    }

    var isFull: Bool { entries.count >= capacity }

    mutating func insert(
        _ publication: GossipPublication, id: GossipMessageID, from sender: GossipPeer,
        alternates: [(publication: GossipPublication, sender: GossipPeer)] = [],
        at now: Instant
    ) -> MessageHandle {
        lastNumber += 1
        let handle = MessageHandle(number: lastNumber)
        entries[handle] = Entry(
            id: id, publication: publication, senders: [sender], alternates: alternates,
            expiry: now + lifetime)
        handles[id] = handle
        return handle
    }

    /// Another copy arrived before the verdict.
    mutating func noteCopy(
        _ publication: GossipPublication, id: GossipMessageID, from sender: GossipPeer
    ) {
        guard let handle = handles[id], let entry = entries[handle] else { return }
        if entry.publication == publication {
            if entry.senders.count < Self.maximumSenders, !entry.senders.contains(sender) {
                entries[handle]?.senders.append(sender)
            }
        } else if entry.alternates.count < alternatesPerMessage,
            !entry.senders.contains(sender),
            !entry.alternates.contains(where: { $0.sender == sender })
        {
            entries[handle]?.alternates.append((publication, sender))
        }
    }

    mutating func remove(_ handle: MessageHandle) -> Entry? {
        guard let entry = entries.removeValue(forKey: handle) else { return nil }
        handles[entry.id] = nil
        return entry
    }

    /// Gives up those that never got a verdict; returns how many.
    mutating func expire(at now: Instant) -> Int {
        let overdue = entries.keys.filter { entries[$0].map { $0.expiry <= now } ?? false }
        for handle in overdue.sorted() { _ = remove(handle) }
        return overdue.count
    }
}
