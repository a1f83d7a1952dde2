import Cryptography
import Ledger
package import NodeCore
import NodeProofs
package import NodeRuntime
package import Primitives

extension DutiesAnswer {
    package init(_ node: NodeSnapshot) {
        let tick = node.log.tick
        let duties = node.duties
        self.init(
            height: node.height?.number, tickMilliseconds: UInt64(tick / .milliseconds(1)),
            sequencing: duties.sequencing.map { standing in
                Sequencing(
                    slot: standing.slot.number, stage: standing.stage.rawValue,
                    due: standing.dueHeight.map { Due($0, after: node.height, tick: tick) })
            },
            proving: duties.proving.map { standing in
                let running = node.proving.first {
                    $0.slot == standing.slot && $0.range == standing.range
                }
                return Proving(
                    standing, progress: running?.progress,
                    due: Due(standing.dueHeight, after: node.height, tick: tick))
            })
    }
}

extension DutiesAnswer.Proving {
    init(_ standing: ProvingStanding, progress: ProofProgress?, due: DutiesAnswer.Due) {
        self.init(
            slot: standing.slot.number, firstLeaf: standing.range.first,
            leafCount: standing.range.count, elected: standing.elected.hex,
            isHelper: standing.isHelper, state: standing.state.rawValue,
            percent: progress.map { Int($0.fraction * 100) },
            phase: progress.map { "\($0.phase)" },
            startedAt: standing.startedAt?.number, isLate: standing.isLate, due: due,
            helperHeight: standing.helperHeight.number, openStep: standing.openStep)
    }
}

extension DutiesAnswer.Due {
    /// - Parameter folded: the last folded height; nil counts as 0.
    package init(_ due: Height, after folded: Height?, tick: Duration) {
        let ticks = Int64(clamping: due.number) - Int64(clamping: folded?.number ?? 0)
        let milliseconds = Double(ticks) * (tick / .milliseconds(1))
        self.init(
            height: due.number, ticksLeft: ticks,
            secondsLeft: (milliseconds / 100).rounded() / 10)
    }
}

extension EarningsAnswer.Totals {
    package init(_ totals: OperatorTotals) {
        func clamped(_ units: UInt128) -> UInt64 { UInt64(clamping: units) }
        self.init(
            paidUnits: clamped(totals.paidUnits),
            paidAsSequencerUnits: clamped(totals.paidAsSequencerUnits),
            paidAsProverUnits: clamped(totals.paidAsProverUnits),
            paidForReportsUnits: clamped(totals.paidForReportsUnits),
            slashedUnits: clamped(totals.slashedUnits), feeUnits: clamped(totals.feeUnits),
            sentUnits: clamped(totals.sentUnits), receivedUnits: clamped(totals.receivedUnits),
            stakedUnits: clamped(totals.stakedUnits),
            unstakedUnits: clamped(totals.unstakedUnits), sealed: totals.sealedCount,
            proposed: totals.proposedCount, led: totals.ledCount, won: totals.wonCount,
            missedOpenings: totals.missedOpeningCount, missedReveals: totals.missedRevealCount,
            electedUnits: totals.electedUnits, provenUnits: totals.provenUnits,
            missedUnits: totals.missedUnits, helpedUnits: totals.helpedUnits,
            refusedTransactions: totals.refusedTransactionCount)
    }
}

extension EarningsAnswer.SlotEntry {
    package init(_ booked: BookedSlot) {
        self.init(
            slot: booked.slot.number, outcome: "open", height: booked.height?.number,
            isProposed: booked.isProposed, isLeader: booked.isLeader,
            electedUnits: booked.electedUnits, provenUnits: booked.provenUnits,
            missedUnits: booked.missedUnits, helpedUnits: booked.helpedUnits,
            paidAsSequencerUnits: booked.paidAsSequencerUnits,
            paidAsProverUnits: booked.paidAsProverUnits, slashedUnits: booked.slashedUnits)
        switch booked.outcome {
        case .open: break
        case .final: outcome = "final"
        case .skipped(let skipReason):
            outcome = "skipped"
            reason = skipReason.name
        }
    }
}
