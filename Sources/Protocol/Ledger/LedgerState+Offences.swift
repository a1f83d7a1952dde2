internal import Cryptography
internal import Primitives

/// What a key is answerable for: one duty in one slot.
struct Act: Hashable, Comparable, Sendable {
    enum Duty: UInt8, Sendable {
        case proposal = 1
        case reveal = 2
    }

    let slot: Slot
    let key: OperatorKey
    let duty: Duty

    static func < (lhs: Act, rhs: Act) -> Bool {
        (lhs.slot, lhs.key, lhs.duty.rawValue) < (rhs.slot, rhs.key, rhs.duty.rawValue)
    }
}

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
        guard let opening = openings[first.slot],
            fold.height <= opening.advanced(by: rules.evidenceExpiryTicks)
        else { return .evidenceExpired }
        let act = Act(slot: first.slot, key: evidence.first.key, duty: first.duty)
        if let known = punishments[act], known >= rules.penalties.penalty(for: .equivocation) {
            return .alreadyPunished
        }
        guard treasury.balance(of: .stake(.sequencer, act.key)) > .zero else {
            return .nothingAtStake
        }
        for statement in [evidence.first, evidence.second] {
            let isSigned = Ed25519.verify(
                statement.signature, message: statement.signedBytes, key: statement.key)
            guard isSigned else { return .evidenceUnsigned }
        }
        try punish(
            act, for: .equivocation, role: .sequencer, reporter: reporter, in: &fold)
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

/// What a signed transaction says about a duty, decoded and without the VRF proof, which can take
/// many forms and mean the same.
enum Statement: Equatable {
    case proposal(Slot, parent: BlockID, blockCommitment: Digest, feeShare: BasisPoints)
    case reveal(BlockReveal)

    /// Nil for the kinds that cannot be equivocal.
    init?(_ transaction: LedgerTransaction) {
        switch (transaction.kind, transaction.body) {
        case (.fernetProposal, .fernetProposal(let proposal)):
            self = .proposal(
                proposal.slot, parent: proposal.parent,
                blockCommitment: proposal.blockCommitment, feeShare: proposal.feeShare)
        case (.blockReveal, .blockReveal(let reveal)):
            self = .reveal(reveal)
        default:
            return nil
        }
    }

    var slot: Slot {
        switch self {
        case .proposal(let slot, _, _, _): slot
        case .reveal(let reveal): reveal.header.slot
        }
    }

    var duty: Act.Duty {
        switch self {
        case .proposal: .proposal
        case .reveal: .reveal
        }
    }
}
