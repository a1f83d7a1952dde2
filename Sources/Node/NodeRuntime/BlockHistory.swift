package import Ledger
package import Primitives
package import ProverElection

/// The newest ended slots with what the ledger alone does not say: times and sizes.
package struct BlockHistory: Sendable {
    private(set) var entries: [Entry] = []
    private var times: [Height: UInt64] = [:]
    private var paymentCount = 0
    /// Of the block that became final last; nil where that was empty.
    private(set) var lastRootProof: RootProof?
    /// Of the open slot.
    private var assignment: TreeAssignment?

    package enum Entry: Hashable, Sendable {
        case final(FinalRecord)
        case skipped(Slot, SkipReason, at: Height)
    }

    private static let maximumEntries = 256

    /// What one folded log block brought.
    mutating func record(_ block: LogBlock, events: [LedgerEvent], paymentsIn: (BlockID) -> Int) {
        times[block.height] = block.header.header.timeMilliseconds
        for event in events {
            switch event {
            case .slotOpened:
                assignment = nil
            case .revealed(_, let blockID, _):
                paymentCount = paymentsIn(blockID)
            case .elected(_, _, let elected):
                assignment = elected
            case .finalised(let final):
                append(.final(record(final, in: block)))
            case .skipped(let slot, let reason, let height):
                append(.skipped(slot, reason, at: height))
            default:
                break
            }
        }
    }

    private mutating func record(_ final: FinalBlock, in block: LogBlock) -> FinalRecord {
        let start = times[final.revealHeight] ?? block.header.header.timeMilliseconds
        let end = block.header.header.timeMilliseconds
        let proof = block.transactions.lazy.compactMap { transaction -> RootProof? in
            guard case .rootProof(let proof) = transaction.body,
                transaction.key == final.submitter, proof.slot == final.slot
            else { return nil }
            return proof
        }.first
        lastRootProof = proof
        return FinalRecord(
            block: final, assignment: assignment,
            paymentCount: final.leafCount == 0 ? 0 : paymentCount,
            rootProofByteCount: proof?.proof.count ?? 0,
            millisecondsFromReveal: end >= start ? end - start : 0)
    }

    private mutating func append(_ entry: Entry) {
        entries.append(entry)
        if entries.count > Self.maximumEntries { entries.removeFirst() }
        if times.count > 4_096 {
            let newest = times.keys.max() ?? Height(0)
            times = times.filter { $0.key.advanced(by: 2_048) >= newest }
        }
    }
}

/// A final block as people look at it.
package struct FinalRecord: Hashable, Sendable {
    package let block: FinalBlock
    /// Who was elected for which node; nil for an empty block.
    package let assignment: TreeAssignment?
    package let paymentCount: Int
    /// 0 for an empty block.
    package let rootProofByteCount: Int
    /// By the log's clock.
    package let millisecondsFromReveal: UInt64

    package init(
        block: FinalBlock, assignment: TreeAssignment?, paymentCount: Int, rootProofByteCount: Int,
        millisecondsFromReveal: UInt64
    ) {
        self.block = block
        self.assignment = assignment
        self.paymentCount = paymentCount
        self.rootProofByteCount = rootProofByteCount
        self.millisecondsFromReveal = millisecondsFromReveal
    }
}
