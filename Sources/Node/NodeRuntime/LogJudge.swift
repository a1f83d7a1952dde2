internal import Bundle
internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Payments
internal import Primitives

/// Finds out what the ledger asks about a log block: executes bodies, verifies root proofs.
struct LogJudge {
    let core: BundleProvingCore
    let networkID: NetworkID

    func judge(_ judgements: [Judgement], on state: RollupState) -> LogJudgement {
        var verdicts = LedgerVerdicts.none
        var executed: [Digest: ExecutedBlock] = [:]
        for judgement in judgements {
            switch judgement {
            case .reveal(let id, let reveal):
                let outcome = BlockAssembly.execute(reveal, on: state)
                verdicts.reveals[id] = outcome.verdict
                executed[reveal.header.commitment] = outcome.executed
            case .rootProof(let id, let rootProof, let header):
                verdicts.rootProofs[id] = verdict(on: rootProof, header)
            }
        }
        return LogJudgement(verdicts: verdicts, executed: executed)
    }

    private func verdict(on rootProof: RootProof, _ header: BlockHeader) -> RootProofVerdict {
        do throws(BundleError) {
            let node = try ProofMeter.verifying(.root) { () throws(BundleError) in
                try core.verifyRoot(rootProof, of: header, networkID: networkID)
            }
            return .valid(node.statement)
        } catch {
            return .invalid("\(error)")
        }
    }
}
