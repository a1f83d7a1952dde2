import Audit
import Cryptography
import Ledger
package import NetworkFile
import NodeAPI
import NodeCore
import NodeProofs
import NodeRuntime
package import Payments
package import Primitives

/// Folds a settlement log from its first block on, believing nobody, up to the reveal of one slot's
/// block.
package struct WitnessSearch {
    private let slot: Slot
    private var audit: LogAudit
    private let judge: LogJudge
    /// The block of the slot, once it was revealed.
    package private(set) var found: (block: ExecutedBlock, header: BlockHeader)?

    package init(slot: Slot, of network: NetworkDescription) throws {
        self.slot = slot
        audit = try LogAudit(of: network)
        judge = LogJudge(verifier: NodeVerifier(network: network), networkID: network.networkID)
    }

    /// Folds the next block; false once there is nothing left to look for. Throws `CommandFailure`
    /// where the log does not hold, or the slot has ended without a block to prove.
    package mutating func take(_ block: LogBlock) throws -> Bool {
        let judgement = judge.judge(audit.judgements(neededFor: block), on: audit.rollup)
        guard audit.add(block, judgement) else {
            let reason = audit.report().findings.first.map(\.description) ?? "it ends"
            throw CommandFailure(
                .mismatch, "the log does not hold, see grove audit: \(reason)")
        }
        for event in audit.events {
            switch event {
            case .revealed(slot, _, let header):
                guard let executed = judgement.executed[header.commitment],
                    !executed.leaves.isEmpty
                else { throw nothing("its block has no payments") }
                found = (executed, header)
                return false
            case .skipped(slot, let reason, _):
                throw nothing("it was skipped: \(Words.skip(reason.name))")
            case .finalised(let final) where final.slot == slot: throw nothing("it ended empty")
            default: break
            }
        }
        return true
    }

    /// Throws `CommandFailure` where the log has ended before the block came.
    package func result() throws -> (block: ExecutedBlock, header: BlockHeader) {
        if let found { return found }
        throw nothing("the log has not come to its block yet")
    }

    private func nothing(_ reason: String) -> CommandFailure {
        CommandFailure(.mismatch, "slot \(slot) has nothing to prove: \(reason)")
    }
}
