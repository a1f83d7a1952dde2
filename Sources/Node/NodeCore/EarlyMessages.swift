package import Gossip
package import Primitives

/// Proof messages of a block that this node has not folded yet: their verdict waits until the
/// election is known, so that a node that is one log block behind its peers loses nothing. A
/// prover has room for a few only, so that none can crowd out the others.
package struct EarlyMessages: Sendable {
    package struct Entry: Sendable {
        package let envelope: GossipEnvelope
        package let message: GossipMessage
        package let handle: MessageHandle
        /// Who passed it on to us.
        package let teller: GossipPeer

        package init(
            envelope: GossipEnvelope, message: GossipMessage, handle: MessageHandle,
            teller: GossipPeer
        ) {
            self.envelope = envelope
            self.message = message
            self.handle = handle
            self.teller = teller
        }
    }

    private var entries: [Entry] = []
    private var counts: [OperatorKey: Int] = [:]

    package init() {}

    /// False where too many wait already, of this prover or in all.
    package mutating func hold(_ entry: Entry) -> Bool {
        let prover = entry.envelope.key
        guard entries.count < NodeParameters.maximumEarlyProofMessages,
            counts[prover, default: 0] < NodeParameters.maximumEarlyProofMessagesPerProver
        else { return false }
        entries.append(entry)
        counts[prover, default: 0] += 1
        return true
    }

    /// Everything that waited, in the order of arrival.
    package mutating func release() -> [Entry] {
        defer { self = EarlyMessages() }
        return entries
    }
}
