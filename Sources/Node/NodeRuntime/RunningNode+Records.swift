internal import Ledger
internal import NetworkFile
package import NodeProofs
package import Primitives

/// What ended, for those who ask later.
extension RunningNode {
    /// The newest ended slots, oldest first.
    package var finalRecords: [BlockHistory.Entry] { history.entries }

    /// Nil for slots that were skipped or ended too long ago.
    package func finalRecord(of slot: Slot) -> FinalRecord? {
        for case .final(let record) in history.entries.reversed() where record.block.slot == slot {
            return record
        }
        return nil
    }

    /// The root proof of the block that became final last, verified once more; nil for any other.
    package func verifiedRootProof(
        of slot: Slot
    ) async throws -> (proof: [UInt8], node: VerifiedNode)? {
        guard let rootProof = history.lastRootProof, rootProof.slot == slot,
            let record = finalRecord(of: slot)
        else { return nil }
        let verifier = verifier
        let networkID = configuration.network.networkID
        let node = try await checkingPool.runAbandonably {
            try verifier.verifyRoot(rootProof, of: record.block.header, networkID: networkID)
        }
        return (rootProof.proof, node)
    }
}
