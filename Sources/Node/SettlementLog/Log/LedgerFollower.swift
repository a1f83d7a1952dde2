package import Ledger
import Primitives

/// Finds out what the log's ledger asks about a block: executes bodies, verifies root proofs. It is
/// asked for one block after the other, from the first on.
package protocol LedgerJudge: Sendable {
    func judge(_ judgements: [Judgement]) async throws -> LedgerVerdicts

    /// What the block did that was judged last, or that needed no judgement.
    func follow(_ events: [LedgerEvent]) async throws
}

/// Folds the log's own blocks, apart from the log: a block takes as long as its signatures and
/// proofs do.
actor LedgerFollower {
    private var ledger: LedgerState
    private let judge: any LedgerJudge

    init(ledger: LedgerState, judge: any LedgerJudge) {
        self.ledger = ledger
        self.judge = judge
    }

    /// The ledger after `block`, which must be the next one.
    func fold(_ block: LogBlock) async throws(SettlementLogError) -> LedgerState {
        let needed = ledger.judgements(neededFor: block)
        do {
            let verdicts = needed.isEmpty ? .none : try await judge.judge(needed)
            let events = try ledger.apply(block, verdicts: verdicts)
            try await judge.follow(events)
        } catch let error as SettlementLogError {
            throw error
        } catch let halt as LedgerHalt {
            switch halt {
            case .height, .previousHash, .transactionsHash:
                throw .corrupt("block \(block.height) does not follow: \(halt)")
            default: throw .unfoldable(block.height, "\(halt)")
            }
        } catch {
            throw .unfoldable(block.height, "\(error)")
        }
        return ledger
    }
}
