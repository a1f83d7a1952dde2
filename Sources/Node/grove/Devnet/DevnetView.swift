import Cryptography
import Ledger
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives
import ProofTree
import ProverElection

/// What a devnet shows as it happens: one line an event for people, one line a final block for
/// programs.
struct DevnetView: Sendable {
    let names: DevnetNames
    let asJSON: Bool
    /// The tree of the open slot, as far as it is proven.
    private var assignment: TreeAssignment?
    private var done: Set<LeafRange> = []

    init(names: DevnetNames, asJSON: Bool) {
        self.names = names
        self.asJSON = asJSON
    }

    func say(_ text: String) {
        if asJSON { Output.error(text) } else { Output.line(text) }
    }

    mutating func show(_ report: NodeReport) {
        guard !asJSON else { return }
        switch report {
        case .folded(let height, let events):
            for event in events { show(event, at: height) }
        case .committed(let slot, let range, let prover):
            guard done.insert(range).inserted else { return }
            Output.line(
                "slot \(slot)  proven  leaves \(range) by \(names.name(of: prover))   "
                    + treePicture)
        case .ledgerRootDiffers(let height, let key):
            Output.line("ALARM  another ledger root at height \(height) by \(names.name(of: key))")
        case .equivocation(let slot, let key):
            Output.line("slot \(slot)  \(names.name(of: key)) contradicts itself")
        case .proving, .proven, .obtained, .helping, .submissionRefused, .registration, .level,
            .behind:
            break
        }
    }

    private mutating func show(_ event: LedgerEvent, at height: Height) {
        switch event {
        case .slotOpened(let slot, _, _):
            done = []
            assignment = nil
            Output.line("slot \(slot)  opens at height \(height.advanced(by: 1))")
        case .proposed(let slot, let key, let feeShare):
            Output.line(
                "slot \(slot)  proposal by \(names.name(of: key)), "
                    + "\(feeShare.value / 100) % to provers")
        case .leaderElected(let slot, let key, _, let candidates):
            Output.line(
                "slot \(slot)  leader is \(names.name(of: key)) among \(candidates) candidates")
        case .revealed(let slot, let blockID, let header):
            Output.line(
                "slot \(slot)  block \(blockID.shortName) revealed: \(header.leafCount) leaves, "
                    + "fees \(header.feeSum)")
        case .elected(let slot, _, let assignment):
            self.assignment = assignment
            let provers = assignment.leafProvers.enumerated().map {
                "\($0.offset) \(names.name(of: $0.element))"
            }
            Output.line("slot \(slot)  elected  \(provers.joined(separator: ", "))")
        case .finalised(let block):
            showFinal(block)
        case .skipped(let slot, let reason, _):
            Output.line("slot \(slot)  skipped: \(words(reason))")
        case .slashed(let slashing):
            Output.line(
                "slot \(slashing.slot)  \(names.name(of: slashing.key)) loses \(slashing.amount): "
                    + Words.offence("\(slashing.offence)"))
        default:
            break
        }
    }

    private func showFinal(_ block: FinalBlock) {
        Output.line(
            "slot \(block.slot)  FINAL at height \(block.height): \(block.leafCount) leaves, "
                + "\(block.mergeCount) merges")
        for payout in block.payouts {
            let units = payout.role == .prover ? " for \(payout.units) units" : ""
            Output.line(
                "slot \(block.slot)  pays \(names.name(of: payout.key)) \(payout.amount)\(units)")
        }
        if block.forfeited > .zero {
            Output.line("slot \(block.slot)  forfeited \(block.forfeited)")
        }
    }

    /// `[0 ■ 1 ■ 2 □ 3 □ | 0..<2 ■ 2..<4 □ | 0..<4 □]`
    private var treePicture: String {
        guard let assignment else { return "" }
        let nodes = assignment.shape.nodes
        let parts = nodes.map { node in
            (node.isLeaf ? "\(node.first)" : "\(node)") + (done.contains(node) ? "■" : "□")
        }
        return "[" + parts.joined(separator: " ") + "]"
    }

    private func words(_ reason: SkipReason) -> String {
        if case .noReveal(let leader) = reason {
            return "\(names.name(of: leader)) led and did not reveal its block"
        }
        return Words.skip(reason.name)
    }
}
