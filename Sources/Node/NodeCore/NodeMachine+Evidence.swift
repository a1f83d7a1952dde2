internal import Cryptography
internal import Ledger
internal import Messages
internal import Primitives

/// Reporting who contradicts itself.
///
/// Everybody sees the same log and finds the same evidence, but one report is enough, and it can be
/// as large as two blocks. So the admitted keys take turns, in an order that differs from case to
/// case; whoever's turn has come reports unless the ledger has punished the act by then.
extension NodeMachine {
    /// Evidence of acts that expired long ago is not looked for: a node that starts folds the whole
    /// log again.
    mutating func lookThrough(_ block: LogBlock) -> [NodeEffect] {
        let newest = max(follower.head, block.height)
        guard block.height.advanced(by: ledger.rules.evidenceExpiryTicks) >= newest else {
            return []
        }
        let found = lookout.look(through: block.transactions)
        for finding in found where finding.act.key != identity.key {
            guard dueReports.count < NodeParameters.maximumPendingEvidence,
                let turn = turn(of: identity.key, for: finding.act)
            else { continue }
            let wait = turn * NodeParameters.evidenceTurnTicks
            dueReports.append((finding, dueHeight: block.height.advanced(by: wait)))
        }
        return found.map { .report(.equivocation($0.act.slot, key: $0.act.key)) }
    }

    /// What is due at the end of `height`, as far as the fees can be paid.
    mutating func reportFindings(at height: Height) -> [NodeEffect] {
        guard !dueReports.isEmpty else { return [] }
        dueReports = dueReports.filter { ledger.isPunishable($0.finding.act) }
        guard ledger.balance(of: identity.key) >= ledger.rules.fees.evidence else { return [] }
        let due = dueReports.filter { $0.dueHeight <= height }
        dueReports = dueReports.filter { $0.dueHeight > height }
        return due.map { report in
            let act = report.finding.act
            let duty = "evidence/\(act.slot)/\(act.key.hex)/\(act.duty)"
            return submit(.evidence(report.finding.evidence), duty: duty)
        }
    }

    /// The place of `key` among those who may report `act`, from 0; nil where it is not admitted. The
    /// last turn is that of everybody who is left.
    private func turn(of key: OperatorKey, for act: Act) -> UInt64? {
        let keys = stakes.map(\.key)
        guard keys.contains(key) else { return nil }
        func draw(_ key: OperatorKey) -> Digest {
            taggedHash(
                "evidence-turn", .integer(act.slot.number), .key(act.key),
                .integer(UInt64(act.duty.rawValue)), .key(key))
        }
        let own = draw(key)
        // A key with two roles is counted twice, by everybody alike.
        let before = keys.count { $0 != act.key && draw($0) < own }
        return min(UInt64(before), NodeParameters.maximumEvidenceTurns - 1)
    }
}
