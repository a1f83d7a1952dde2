internal import Cryptography
package import Ledger
package import Primitives

/// Looks through the log for keys that contradict themselves, so that somebody reports them.
///
/// Of every sequencer that a recent slot admits, the first proposal on the log is kept, and of the
/// slot's leader the first reveal; a second one that says something else is evidence. Whether the
/// ledger could use either does not matter, only that the key signed both.
///
/// Bounds: `maximumWatchedSlots` slots and no longer than evidence counts;
/// `maximumWatchedStatements` statements, of which one a slot is a whole block. What is not on the
/// log is not seen here: gossip carries no ledger transactions, and nothing that it carries decides
/// anything. Source: `docs/protocol/rewards.md`.
package struct EquivocationLookout: Sendable {
    /// A key that contradicts itself.
    package struct Finding: Hashable, Sendable {
        package let act: Act
        package let evidence: Evidence
    }

    private struct WatchedSlot: Sendable {
        let slot: Slot
        let opening: Height
        let sequencers: Set<OperatorKey>
        var leader: OperatorKey?
        var firsts: [Act: LedgerTransaction] = [:]
        var contradicted: Set<Act> = []
    }

    private let networkID: NetworkID
    /// Ticks after a slot's opening for which evidence counts.
    private let expiryTicks: UInt64
    /// In ascending order of slots.
    private var watched: [WatchedSlot] = []
    private var statementCount = 0

    package init(networkID: NetworkID, expiryTicks: UInt64) {
        self.networkID = networkID
        self.expiryTicks = expiryTicks
    }

    package mutating func opened(_ slot: Slot, at height: Height, sequencers: [OperatorKey]) {
        watched.append(
            WatchedSlot(slot: slot, opening: height, sequencers: Set(sequencers)))
        while let oldest = watched.first,
            watched.count > NodeParameters.maximumWatchedSlots
                || oldest.opening.advanced(by: expiryTicks) < height
        {
            forgetOldest()
        }
    }

    package mutating func elected(_ leader: OperatorKey, in slot: Slot) {
        guard let index = index(of: slot) else { return }
        watched[index].leader = leader
    }

    /// Who contradicts itself with one of these, in their order; each act is found once.
    package mutating func look(through transactions: [LedgerTransaction]) -> [Finding] {
        transactions.compactMap { look(at: $0) }
    }

    /// The signature comes last: it is what costs.
    private mutating func look(at transaction: LedgerTransaction) -> Finding? {
        guard transaction.networkID == networkID, let statement = Statement(transaction),
            let index = index(of: statement.slot),
            isWatched(statement.duty, of: transaction.key, in: watched[index])
        else { return nil }
        let act = Act(slot: statement.slot, key: transaction.key, duty: statement.duty)
        guard !watched[index].contradicted.contains(act) else { return nil }
        let first = watched[index].firsts[act]
        if let first, Statement(first) == statement { return nil }
        guard
            Ed25519.verify(
                transaction.signature, message: transaction.signedBytes, key: transaction.key)
        else { return nil }
        guard let first else {
            keep(transaction, for: act)
            return nil
        }
        watched[index].contradicted.insert(act)
        return Finding(act: act, evidence: Evidence(first: first, second: transaction))
    }

    /// A reveal is as large as a block, so only the one who may reveal is watched.
    private func isWatched(
        _ duty: Act.Duty, of key: OperatorKey, in slot: WatchedSlot
    ) -> Bool {
        switch duty {
        case .proposal: slot.sequencers.contains(key)
        case .reveal: slot.leader == key
        }
    }

    private mutating func keep(_ transaction: LedgerTransaction, for act: Act) {
        while statementCount >= NodeParameters.maximumWatchedStatements,
            let oldest = watched.first, oldest.slot < act.slot
        {
            forgetOldest()
        }
        guard statementCount < NodeParameters.maximumWatchedStatements,
            let index = index(of: act.slot)
        else { return }
        watched[index].firsts[act] = transaction
        statementCount += 1
    }

    private mutating func forgetOldest() {
        statementCount -= watched.removeFirst().firsts.count
    }

    private func index(of slot: Slot) -> Int? { watched.firstIndex { $0.slot == slot } }
}
