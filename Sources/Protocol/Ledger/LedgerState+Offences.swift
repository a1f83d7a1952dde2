internal import Cryptography
internal import Primitives

extension LedgerState {
    /// Two statements of one key for one duty that contradict each other. Self-contained: neither
    /// needs to be on the log.
    mutating func accept(
        _ evidence: Evidence, by reporter: OperatorKey, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        guard evidence.first.networkID == rules.networkID,
            evidence.second.networkID == rules.networkID,
            evidence.first.key == evidence.second.key,
            let first = Statement(evidence.first), let second = Statement(evidence.second)
        else { return .evidenceMalformed }
        guard first.duty == second.duty, first.slot == second.slot, first != second else {
            return .notContradictory
        }
        let act = Act(slot: first.slot, key: evidence.first.key, duty: first.duty)
        if let refusal = refusal(ofEquivocationIn: act, at: fold.height) { return refusal }
        for statement in [evidence.first, evidence.second] {
            let isSigned = Ed25519.verify(
                statement.signature, message: statement.signedBytes, key: statement.key)
            guard isSigned else { return .evidenceUnsigned }
        }
        try punish(
            act, for: .equivocation, role: .sequencer, reporter: reporter, in: &fold)
        return nil
    }

    /// Whether evidence of equivocation in `act` would still count in the next log block.
    package func isPunishable(_ act: Act) -> Bool {
        refusal(ofEquivocationIn: act, at: nextHeight) == nil
    }

    private func refusal(ofEquivocationIn act: Act, at height: Height) -> Refusal? {
        guard let opening = openings[act.slot],
            height <= opening.advanced(by: rules.evidenceExpiryTicks)
        else { return .evidenceExpired }
        if let known = punishments[act], known >= rules.penalties.penalty(for: .equivocation) {
            return .alreadyPunished
        }
        guard treasury.balance(of: .stake(.sequencer, act.key)) > .zero else {
            return .nothingAtStake
        }
        return nil
    }

    /// Takes the offence's penalty from the stake. An act that has been punished pays only what
    /// the larger penalty has more: one act is punished once, by the largest.
    mutating func punish(
        _ act: Act, for offence: OffenceKind, role: Role, reporter: OperatorKey?,
        in fold: inout Fold
    ) throws(LedgerHalt) {
        let penalty = rules.penalties.penalty(for: offence)
        let earlier = punishments[act] ?? .zero
        guard punishments[act] == nil || penalty > earlier else {
            throw .punishedTwice(act.key, act.slot)
        }
        punishments[act] = penalty
        let stake = Purse.stake(role, act.key)
        let minimum = rules.stakes.minimum(for: role)
        let due = minimum.share(penalty).units - minimum.share(earlier).units
        let amount = Amount(units: min(due, treasury.balance(of: stake).units))
        // Who reports itself gets nothing back.
        let rewarded = reporter == act.key ? nil : reporter
        let reward = rewarded == nil ? .zero : amount.share(rules.penalties.reporterShare)
        try treasury.burn(Amount(units: amount.units - reward.units), from: stake)
        fold.report(
            .slashed(
                Slashing(
                    role: role, key: act.key, slot: act.slot, offence: offence, amount: amount,
                    reporter: reporter)))
        guard let rewarded else { return }
        try treasury.move(reward, from: stake, to: .account(rewarded))
        fold.report(.rewarded(key: rewarded, amount: reward, .report))
    }
}
