internal import Cryptography
package import Ledger
package import Primitives
internal import ProofTree
internal import ProverElection

/// The books of one key: what it was asked for, what it did and what it was paid, as the log tells.
///
/// They are fed with every folded log block, the ledger's events and the balance after it, and with
/// nothing else, so a restart, which folds the same blocks again, comes to the same numbers. Totals
/// are exact, in base units: what the key held at genesis, with `creditUnits` and without
/// `debitUnits`, is its balance. The ledger reports every credit, transfer and stake; what else left
/// the account was burned as fees.
///
/// Bounds: the newest `NodeParameters.maximumBookedSlots` slots. O(leaves) for a final block, else
/// O(transactions).
package struct OperatorBooks: Sendable {
    package let key: OperatorKey
    package private(set) var totals = OperatorTotals()
    /// The newest ended slots, oldest first.
    package private(set) var slots: [BookedSlot] = []
    /// The slot that is not over.
    package private(set) var open: BookedSlot?
    /// Of the open slot.
    private var assignment: TreeAssignment?
    /// After the last recorded block.
    private var balance: Amount

    /// - Parameter balance: at genesis.
    package init(key: OperatorKey, balance: Amount) {
        self.key = key
        self.balance = balance
    }

    /// What one folded log block brought.
    ///
    /// - Parameter balance: the key's after it.
    package mutating func record(_ block: LogBlock, events: [LedgerEvent], balance: Amount) {
        let before = totals
        recordStakes(in: block, events)
        for event in events { record(event) }
        let credits = totals.creditUnits - before.creditUnits
        let debits = totals.debitUnits - before.debitUnits
        let held = UInt128(self.balance.units) + credits
        let left = debits + UInt128(balance.units)
        if held > left { totals.feeUnits += held - left }
        self.balance = balance
    }
}

extension OperatorBooks {
    /// A registration that is neither dropped nor refused moves its stake.
    private mutating func recordStakes(in block: LogBlock, _ events: [LedgerEvent]) {
        for transaction in block.transactions where transaction.key == key {
            guard case .register(let registration) = transaction.body else { continue }
            let id = transaction.id
            let isVoid = events.contains { event in
                switch event {
                case .dropped(id, _, _, _), .refused(id, _, _, _): true
                default: false
                }
            }
            if !isVoid { totals.stakedUnits += UInt128(registration.stake.units) }
        }
    }

    private mutating func record(_ event: LedgerEvent) {
        switch event {
        case .slotOpened(let slot, _, _):
            open = BookedSlot(slot: slot)
            assignment = nil
        case .committed(_, key):
            open?.isSealed = true
            totals.sealedCount += 1
        case .proposed(_, key, _):
            open?.isProposed = true
            totals.proposedCount += 1
        case .leaderElected(_, key, _, _):
            open?.isLeader = true
            totals.ledCount += 1
        case .elected(_, _, let elected):
            assignment = elected
            let units = elected.duties(of: key).count
            open?.electedUnits = units
            totals.electedUnits += units
        case .finalised(let block):
            finalise(block)
        case .skipped(let slot, let reason, let height):
            if case .noReveal(leader: key) = reason { totals.missedRevealCount += 1 }
            end(slot, .skipped(reason), at: height)
        case .slashed(let slashing) where slashing.key == key:
            totals.slashedUnits += UInt128(slashing.amount.units)
            change(slashing.slot) { $0.slashedUnits += slashing.amount.units }
        case .refused(_, key, _, _):
            totals.refusedTransactionCount += 1
        case .rewarded(key, let amount, let kind):
            reward(amount, kind)
        case .exited(_, key, let amount):
            totals.unstakedUnits += UInt128(amount.units)
        case .transferred(_, let sender, let recipient, let amount):
            if sender == key { totals.sentUnits += UInt128(amount.units) }
            if recipient == key { totals.receivedUnits += UInt128(amount.units) }
        default:
            break
        }
    }

    private mutating func finalise(_ block: FinalBlock) {
        if block.sequencer == key { totals.wonCount += 1 }
        if let contributions = block.contributions, let assignment {
            let elected = assignment.leafProvers + assignment.mergeProvers
            let provers = contributions.leaves.map(\.prover) + contributions.merges
            for (assigned, prover) in zip(elected, provers) {
                switch (assigned == key, prover == key) {
                case (true, true): open?.provenUnits += 1
                case (true, false): open?.missedUnits += 1
                case (false, true): open?.helpedUnits += 1
                case (false, false): break
                }
            }
        }
        totals.provenUnits += open?.provenUnits ?? 0
        totals.missedUnits += open?.missedUnits ?? 0
        totals.helpedUnits += open?.helpedUnits ?? 0
        end(block.slot, .final, at: block.height)
    }

    private mutating func end(_ slot: Slot, _ outcome: BookedSlot.Outcome, at height: Height) {
        guard var ended = open, ended.slot == slot else { return }
        ended.outcome = outcome
        ended.height = height
        if ended.isSealed, !ended.isProposed { totals.missedOpeningCount += 1 }
        slots.append(ended)
        if slots.count > NodeParameters.maximumBookedSlots { slots.removeFirst() }
        open = nil
        assignment = nil
    }

    /// Comes after the slot has ended.
    private mutating func reward(_ amount: Amount, _ kind: RewardKind) {
        switch kind {
        case .sequencer(let slot):
            totals.paidAsSequencerUnits += UInt128(amount.units)
            change(slot) { $0.paidAsSequencerUnits += amount.units }
        case .prover(let slot):
            totals.paidAsProverUnits += UInt128(amount.units)
            change(slot) { $0.paidAsProverUnits += amount.units }
        case .report:
            totals.paidForReportsUnits += UInt128(amount.units)
        }
    }

    private mutating func change(_ slot: Slot, _ body: (inout BookedSlot) -> Void) {
        if open?.slot == slot {
            if var changed = open {
                body(&changed)
                open = changed
            }
        } else if let index = slots.lastIndex(where: { $0.slot == slot }) {
            body(&slots[index])
        }
    }
}

/// One key's part in one slot.
package struct BookedSlot: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        case open
        case final
        case skipped(SkipReason)
    }

    package let slot: Slot
    package internal(set) var outcome = Outcome.open
    /// At which it ended.
    package internal(set) var height: Height?
    package internal(set) var isSealed = false
    package internal(set) var isProposed = false
    package internal(set) var isLeader = false
    /// Nodes of the tree that the key was elected for.
    package internal(set) var electedUnits = 0
    /// Of these, those with its own proof in the final tree: they are paid.
    package internal(set) var provenUnits = 0
    /// Of these, those with somebody else's.
    package internal(set) var missedUnits = 0
    /// Others' nodes with its proof in the final tree: they are not paid.
    package internal(set) var helpedUnits = 0
    /// Base units, at most the supply.
    package internal(set) var paidAsSequencerUnits: UInt64 = 0
    package internal(set) var paidAsProverUnits: UInt64 = 0
    package internal(set) var slashedUnits: UInt64 = 0

    package init(slot: Slot) { self.slot = slot }

    package var paidUnits: UInt64 { paidAsSequencerUnits + paidAsProverUnits }
}

/// One key's sums since genesis. Money is in base units.
package struct OperatorTotals: Hashable, Sendable {
    package internal(set) var paidAsSequencerUnits: UInt128 = 0
    package internal(set) var paidAsProverUnits: UInt128 = 0
    package internal(set) var paidForReportsUnits: UInt128 = 0
    package internal(set) var slashedUnits: UInt128 = 0
    package internal(set) var feeUnits: UInt128 = 0
    package internal(set) var sentUnits: UInt128 = 0
    package internal(set) var receivedUnits: UInt128 = 0
    /// Moved from the account to stakes.
    package internal(set) var stakedUnits: UInt128 = 0
    /// Moved back.
    package internal(set) var unstakedUnits: UInt128 = 0

    /// Slots with a sealed proposal of the key, an opened one, that it led, that became final so.
    package internal(set) var sealedCount = 0
    package internal(set) var proposedCount = 0
    package internal(set) var ledCount = 0
    package internal(set) var wonCount = 0
    /// Sealed and never opened.
    package internal(set) var missedOpeningCount = 0
    /// Led and never revealed, which is slashed.
    package internal(set) var missedRevealCount = 0
    package internal(set) var electedUnits = 0
    package internal(set) var provenUnits = 0
    package internal(set) var missedUnits = 0
    package internal(set) var helpedUnits = 0
    /// They used a nonce and a fee and did nothing else.
    package internal(set) var refusedTransactionCount = 0

    package init() {}

    package var paidUnits: UInt128 {
        paidAsSequencerUnits + paidAsProverUnits + paidForReportsUnits
    }

    /// What came into the account, and what left it.
    package var creditUnits: UInt128 { paidUnits + receivedUnits + unstakedUnits }
    package var debitUnits: UInt128 { feeUnits + sentUnits + stakedUnits }
}
