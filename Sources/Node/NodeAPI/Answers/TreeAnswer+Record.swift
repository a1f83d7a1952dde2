import Cryptography
package import Ledger
import NodeCore
package import NodeRuntime
package import Primitives
import ProofTree
import ProverElection

extension TreeAnswer {
    /// Of the open slot.
    package init(open slot: SlotSnapshot) {
        self.init(
            slot: slot.slot.number, state: slot.nodes.isEmpty ? .open : .proving,
            blockId: slot.blockID?.hex, sequencer: slot.leader?.hex, leafCount: slot.leafCount,
            nodes: slot.nodes.map { Node($0) }, payouts: [])
    }

    /// Of a final block.
    package init(_ record: FinalRecord) {
        let block = record.block
        self.init(
            slot: block.slot.number, state: .final, blockId: block.blockID.hex,
            sequencer: block.sequencer.hex, leafCount: block.leafCount,
            nodes: Self.nodes(of: block, assignment: record.assignment),
            payouts: block.payouts.map { PayoutAnswer($0) })
    }

    package init(skipped slot: Slot, _ reason: SkipReason) {
        self.init(
            slot: slot.number, state: .skipped, sequencer: reason.leader?.hex, leafCount: 0,
            nodes: [], payouts: [], reason: reason.name)
    }

    /// Contributions are in the order of `TreeShape.nodes`.
    private static func nodes(of block: FinalBlock, assignment: TreeAssignment?) -> [Node] {
        guard let contributions = block.contributions,
            let shape = TreeShape(leafCount: block.leafCount)
        else { return [] }
        let provers = contributions.leaves.map(\.prover) + contributions.merges
        return zip(shape.nodes, provers).map { range, prover in
            let elected = assignment?.prover(of: range)
            return Node(
                firstLeaf: range.first, leafCount: range.count, elected: elected?.hex,
                prover: prover.hex, state: "included", isPaid: elected.map { $0 == prover })
        }
    }
}

extension TreeAnswer.Node {
    init(_ progress: NodeProgress) {
        self.init(
            firstLeaf: progress.range.first, leafCount: progress.range.count,
            elected: progress.elected?.hex, committed: progress.committed?.hex,
            state: progress.state.rawValue)
    }
}

extension EndedSlot {
    package init(_ entry: BlockHistory.Entry) {
        switch entry {
        case .final(let record): self.init(record)
        case .skipped(let slot, let reason, let height):
            self.init(
                slot: slot.number, outcome: .skipped, height: height.number, reason: reason.name,
                sequencer: reason.leader?.hex, payments: 0, leaves: 0, merges: 0, provers: [],
                feesUnits: 0, rootProofBytes: 0, secondsFromReveal: 0, payouts: [],
                forfeitedUnits: 0)
        }
    }

    private init(_ record: FinalRecord) {
        let block = record.block
        self.init(
            slot: block.slot.number, outcome: .final, height: block.height.number,
            blockId: block.blockID.hex, sequencer: block.sequencer.hex,
            payments: record.paymentCount, leaves: block.leafCount, merges: block.mergeCount,
            provers: block.provers.map(\.hex), feesUnits: block.header.feeSum.units,
            rootProofBytes: record.rootProofByteCount,
            secondsFromReveal: Double(record.millisecondsFromReveal) / 1000,
            payouts: block.payouts.map { PayoutAnswer($0) },
            forfeitedUnits: block.forfeited.units)
    }
}

extension BlockHistory.Entry {
    package var slot: Slot {
        switch self {
        case .final(let record): record.block.slot
        case .skipped(let slot, _, _): slot
        }
    }
}

extension SkipReason {
    fileprivate var leader: OperatorKey? {
        if case .noReveal(let leader) = self { leader } else { nil }
    }
}
