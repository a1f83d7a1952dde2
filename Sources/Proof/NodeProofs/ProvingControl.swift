package import Circuit
package import Field

/// How a shell follows, helps and ends a proof in the making.
package struct ProvingControl: Sendable {
    /// Called on the thread that asked for the proof.
    package let progress: @Sendable (ProofProgress) -> Void
    /// Asked on any of the threads that work; what it once says it says ever after.
    package let isCancelled: @Sendable () -> Bool
    /// Who shares the work with that thread.
    package let workers: Workers

    package init(
        progress: @escaping @Sendable (ProofProgress) -> Void,
        isCancelled: @escaping @Sendable () -> Bool, workers: Workers = .alone
    ) {
        self.progress = progress
        self.isCancelled = isCancelled
        self.workers = workers
    }

    /// Nobody watches, nobody ends it.
    package static let unattended = ProvingControl(progress: { _ in }, isCancelled: { false })

    /// The same with others to share the work.
    package func with(_ workers: Workers) -> ProvingControl {
        ProvingControl(progress: progress, isCancelled: isCancelled, workers: workers)
    }

    /// `progress` as the proof system tells it: a fraction of each phase in turn.
    var phases: ProvingProgress {
        { progress(ProofProgress(phase: $0, fractionOfPhase: $1)) }
    }
}

/// How far a proof in the making is.
package struct ProofProgress: Hashable, Sendable {
    package let phase: ProvingPhase
    /// Of the whole proof, in `0...1`.
    package let fraction: Double

    package init(phase: ProvingPhase, fraction: Double) {
        self.phase = phase
        self.fraction = fraction
    }

    /// Done are the phases before, and a fraction of this one.
    init(phase: ProvingPhase, fractionOfPhase: Double) {
        let before = ProvingPhase.allCases.prefix { $0 != phase }.map(\.percent).reduce(0, +)
        let done = Double(before) + fractionOfPhase * Double(phase.percent)
        self.init(phase: phase, fraction: min(max(done / 100, 0), 1))
    }
}

extension ProvingPhase {
    /// What the phase takes of a proof's time, as grove-bench measures it; 100 together.
    fileprivate var percent: Int {
        switch self {
        case .witness: 5
        case .wires: 46
        case .products: 12
        case .quotient: 25
        case .openings: 2
        case .fri: 10
        }
    }
}
