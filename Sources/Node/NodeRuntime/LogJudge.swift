package import Cryptography
package import Ledger
package import NodeCore
package import NodeProofs
package import Payments
package import Primitives

/// Finds out what the ledger asks about a log block: executes bodies, verifies root proofs.
package struct LogJudge: Sendable {
    private let verifier: NodeVerifier
    private let networkID: NetworkID

    package init(verifier: NodeVerifier, networkID: NetworkID) {
        self.verifier = verifier
        self.networkID = networkID
    }

    /// - Parameter known: what root proofs state that were verified before, by transaction id.
    package func judge(
        _ judgements: [Judgement], on state: RollupState,
        knowing known: [Digest: NodeStatement] = [:]
    ) -> LogJudgement {
        var verdicts = LedgerVerdicts.none
        var executed: [Digest: ExecutedBlock] = [:]
        for judgement in judgements {
            switch judgement {
            case .reveal(let id, let reveal):
                let outcome = BlockAssembly.execute(reveal, on: state)
                verdicts.reveals[id] = outcome.verdict
                executed[reveal.header.commitment] = outcome.executed
            case .rootProof(let id, let rootProof, let header):
                verdicts.rootProofs[id] =
                    known[id].map(RootProofVerdict.valid) ?? verdict(on: rootProof, header)
            }
        }
        return LogJudgement(verdicts: verdicts, executed: executed)
    }

    private func verdict(on rootProof: RootProof, _ header: BlockHeader) -> RootProofVerdict {
        do throws(NodeProofError) {
            let node = try ProofMeter.verifying(.root) { () throws(NodeProofError) in
                try verifier.verifyRoot(rootProof, of: header, networkID: networkID)
            }
            return .valid(node.statement)
        } catch {
            return .invalid("\(error)")
        }
    }
}
