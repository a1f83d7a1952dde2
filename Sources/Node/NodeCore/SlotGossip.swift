internal import Primitives

/// What gossip brought already during the open slot: one proposal of a key, one header and one
/// election, few intents and little evidence. It starts anew with every slot.
///
/// Only messages that passed every check are noted, so its keys are admitted or registered ones.
struct SlotGossip: Sendable {
    private struct Intents {
        var count: Int
        var highestSequence: UInt64
    }

    private var proposers: Set<OperatorKey> = []
    private(set) var header: BlockHeader?
    private(set) var hasElection = false
    private var intents: [OperatorKey: Intents] = [:]
    /// How often, by the accused.
    private var evidence: [OperatorKey: Int] = [:]

    func hasProposal(of key: OperatorKey) -> Bool { proposers.contains(key) }

    mutating func noteProposal(of key: OperatorKey) { proposers.insert(key) }

    mutating func note(_ header: BlockHeader) { self.header = header }

    mutating func noteElection() { hasElection = true }

    /// 0 where none was heard in this slot.
    func highestSequence(of key: OperatorKey) -> UInt64 { intents[key]?.highestSequence ?? 0 }

    func mayBringIntent(_ key: OperatorKey) -> Bool {
        (intents[key]?.count ?? 0) < NodeParameters.maximumIntentsPerSlot
    }

    mutating func note(_ intent: Intent, of key: OperatorKey) {
        intents[key] = Intents(
            count: (intents[key]?.count ?? 0) + 1, highestSequence: intent.sequence)
    }

    func mayBringEvidence(against key: OperatorKey) -> Bool {
        (evidence[key] ?? 0) < NodeParameters.maximumEvidencePerSlot
    }

    mutating func noteEvidence(against key: OperatorKey) { evidence[key, default: 0] += 1 }
}
