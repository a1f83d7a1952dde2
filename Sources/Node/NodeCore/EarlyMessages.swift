internal import Gossip
internal import Primitives

/// Proof messages of a block that this node has not folded yet: their verdict waits until the
/// election is known, so that a node that is one log block behind its peers loses nothing. A
/// prover has room for a few only, so that none can crowd out the others.
struct EarlyMessages: Sendable {
    struct Entry: Sendable {
        let envelope: GossipEnvelope
        let message: GossipMessage
        let handle: MessageHandle
    }

    private var entries: [Entry] = []
    private var counts: [OperatorKey: Int] = [:]

    /// False where too many wait already, of this prover or in all.
    mutating func hold(_ entry: Entry) -> Bool {
        let prover = entry.envelope.key
        guard entries.count < NodeParameters.maximumEarlyProofMessages,
            counts[prover, default: 0] < NodeParameters.maximumEarlyProofMessagesPerProver
        else { return false }
        entries.append(entry)
        counts[prover, default: 0] += 1
        return true
    }

    /// Everything that waited, in the order of arrival.
    mutating func release() -> [Entry] {
        defer { self = EarlyMessages() }
        return entries
    }
}
