import Foundation
import Ledger
import NodeCore
import Primitives
import ProofTree
import ProverElection

/// Says what happens to a node that joins, one line a step, with the time.
///
/// What the log did before the node was level with it is not told: only from the first word about
/// its own registration on.
actor JoinView {
    private let asJSON: Bool
    private var isLevel = false
    private var elected: [Slot: [LeafRange]] = [:]

    init(asJSON: Bool) { self.asJSON = asJSON }

    func say(_ step: JoinStep) {
        if asJSON {
            try? Output.json(step)
        } else {
            let time = Date().formatted(
                Date.VerbatimFormatStyle(
                    format: """
                        \(hour: .twoDigits(clock: .twentyFourHour, hourCycle: .zeroBased)):\
                        \(minute: .twoDigits):\(second: .twoDigits)
                        """, timeZone: .current, calendar: .current))
            Output.line("\(time)  \(step.text)")
        }
    }

    func show(
        _ report: NodeReport, of key: OperatorKey, rules: LedgerRules, tickMilliseconds: UInt64,
        height: Height?
    ) {
        switch report {
        case .registration(let role, let step, let ticks):
            isLevel = true
            say(
                .registration(
                    role, step, at: height,
                    seconds: ticks.map { $0 * tickMilliseconds / 1_000 }))
        case .folded(let height, let events):
            guard isLevel else { return }
            for event in events {
                show(event, of: key, rules: rules, tick: tickMilliseconds, at: height)
            }
        case .proving(let slot, let range):
            say(.working("proving", "proving \(Self.name(range)) of slot \(slot)", slot))
        case .proven(let slot, let range):
            say(.working("proven", "the proof of \(Self.name(range)) is done", slot))
        case .helping(let slot, let range, _):
            say(
                .working(
                    "helping", "proving \(Self.name(range)) of slot \(slot) in place of another",
                    slot))
        case .committed, .obtained, .ledgerRootDiffers, .equivocation, .submissionRefused:
            break
        }
    }

    private func show(
        _ event: LedgerEvent, of key: OperatorKey, rules: LedgerRules, tick: UInt64,
        at height: Height
    ) {
        switch event {
        case .leaderElected(let slot, key, _, _):
            say(.leads(slot))
        case .elected(let slot, _, let assignment):
            let nodes = assignment.shape.nodes.filter { assignment.prover(of: $0) == key }
            elected = [slot: nodes]
            guard !nodes.isEmpty else { return }
            let ladder = rules.assignment.ladder(revealedAt: height)
            say(
                .elected(
                    slot, nodes.map { (Self.name($0), ladder.dueHeight(of: $0)) }, at: height,
                    tickMilliseconds: tick))
        case .finalised(let block):
            showFinal(block, of: key)
        case .skipped(let slot, let reason, _):
            if let nodes = elected.removeValue(forKey: slot), !nodes.isEmpty {
                say(.skipped(slot, reason))
            }
        case .slashed(let slashing) where slashing.key == key:
            say(.slashed(slashing))
        default:
            break
        }
    }

    private func showFinal(_ block: FinalBlock, of key: OperatorKey) {
        let payouts = block.payouts.filter { $0.key == key }
        for payout in payouts { say(.paid(payout.amount, for: block, units: payout.units)) }
        let nodes = elected.removeValue(forKey: block.slot) ?? []
        if payouts.isEmpty, !nodes.isEmpty { say(.unpaid(block)) }
    }

    /// `leaf 2` or `merge 0..<4`.
    private static func name(_ node: LeafRange) -> String {
        node.isLeaf ? "leaf \(node.first)" : "merge \(node)"
    }
}
