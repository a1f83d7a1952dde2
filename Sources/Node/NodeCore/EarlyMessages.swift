internal import Gossip
internal import Primitives

/// Proof messages of a block that this node has not folded yet: their verdict waits until the
/// election is known, so that a node that is one log block behind its peers loses nothing.
struct EarlyMessages: Sendable {
    struct Entry: Sendable {
        let envelope: GossipEnvelope
        let message: GossipMessage
        let handle: MessageHandle
    }

    private var entries: [Entry] = []

    /// False where too many wait already.
    mutating func hold(_ entry: Entry) -> Bool {
        guard entries.count < NodeParameters.maximumEarlyProofMessages else { return false }
        entries.append(entry)
        return true
    }

    /// Everything that waited, in the order of arrival.
    mutating func release() -> [Entry] {
        defer { entries.removeAll() }
        return entries
    }
}
