internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Payments
internal import Primitives

/// The last executions, so that nodes which judge the same block on the same state share one:
/// execution is a pure function of both.
struct ExecutionMemory: Sendable {
    private struct Question: Hashable {
        let reveal: BlockReveal
        let state: FieldDigest
    }

    private typealias Outcome = (verdict: RevealVerdict, executed: ExecutedBlock?)

    /// Enough for a node that folds a short log again.
    private static let capacity = 64
    /// Newest last.
    private var known: [(question: Question, outcome: Outcome)] = []

    mutating func execute(
        _ reveal: BlockReveal, on state: RollupState
    ) -> (verdict: RevealVerdict, executed: ExecutedBlock?) {
        let question = Question(reveal: reveal, state: state.root)
        if let same = known.first(where: { $0.question == question }) { return same.outcome }
        let outcome = BlockAssembly.execute(reveal, on: state)
        known.append((question, outcome))
        if known.count > Self.capacity { known.removeFirst() }
        return outcome
    }
}
