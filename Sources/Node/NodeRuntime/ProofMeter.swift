internal import Metrics
internal import NodeCore
internal import Primitives
internal import SansIO

/// What this node's proofs and verifications took: their number for the operator, their seconds as
/// metrics. Written by the working threads.
package enum ProofMeter {
    /// What was worked on, as metrics label it.
    enum Work: String {
        case leaf
        case merge
        case node
        case root
    }

    static func proving<Value, Failure>(
        _ work: Work, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try measure("grove_proof_seconds", work, body)
    }

    static func verifying<Value, Failure>(
        _ work: Work, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try measure("grove_verification_seconds", work, body)
    }

    /// What failed took its time as well, but tells nothing of how long proofs take.
    private static func measure<Value, Failure>(
        _ label: String, _ work: Work, _ body: () throws(Failure) -> Value
    ) throws(Failure) -> Value {
        let clock = ContinuousClock()
        let start = clock.now
        let value = try body()
        Timer(label: label, dimensions: [("kind", work.rawValue)])
            .recordNanoseconds(Int64(clamping: start.duration(to: clock.now).clampedNanoseconds))
        return value
    }
}

/// Proofs that this node has made since it was started; those that were on disk are not.
package struct ProofCounts: Hashable, Sendable {
    package var leafCount = 0
    package var mergeCount = 0
    package var failureCount = 0

    package init() {}

    mutating func finished(_ task: ProvingTask) {
        if task.range.isLeaf { leafCount += 1 } else { mergeCount += 1 }
    }
}
