internal import Cryptography
package import Ledger
internal import NodeCore
package import NodeProofs
package import Payments
package import Primitives
internal import SettlementLog

/// Answers what a settlement log's own ledger asks: executes bodies, verifies root proofs, on a
/// thread of its own. What it verified before a restart it knows.
package actor RollupJudge: LedgerJudge {
    private let networkID: NetworkID
    private let verifier: NodeVerifier
    private let book: VerdictBook
    private let pool = WorkerPool(name: "judging", threadCount: 1)
    private var rollup: RollupFollower
    private var executed: [Digest: ExecutedBlock] = [:]

    /// - Parameters:
    ///   - rollup: of the genesis.
    ///   - verifier: of the network's keys.
    package init(
        networkID: NetworkID, rollup: RollupState, verifier: NodeVerifier, book: VerdictBook
    ) {
        self.networkID = networkID
        self.rollup = RollupFollower(rollup)
        self.verifier = verifier
        self.book = book
    }

    package func judge(_ judgements: [Judgement]) async throws -> LedgerVerdicts {
        let book = book
        let networkID = networkID
        let state = rollup.state
        let verifier = verifier
        let judgement = try await pool.run {
            let judgement = LogJudge(verifier: verifier, networkID: networkID).judge(
                judgements, on: state, knowing: try book.known(judgements))
            try book.record(judgement.verdicts, on: judgements)
            return judgement
        }
        executed = judgement.executed
        return judgement.verdicts
    }

    package func follow(_ events: [LedgerEvent]) throws {
        for event in events { try rollup.follow(event, executed: executed) }
        executed = [:]
    }
}
