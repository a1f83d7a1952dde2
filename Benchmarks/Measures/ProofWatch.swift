package import Circuit

/// When the phases of a proof began, and how long it asks nobody whether to go on; on the thread that
/// proves.
package final class ProofWatch {
    private var begins: [(phase: ProvingPhase, at: ContinuousClock.Instant)] = []
    private var lastQuestion = ContinuousClock.now
    private var end = ContinuousClock.now
    private(set) var longestPause = Duration.zero

    package init() {}

    package func start() {
        begins = []
        lastQuestion = .now
        longestPause = .zero
    }

    package func stop() {
        end = .now
        longestPause = max(longestPause, end - lastQuestion)
    }

    package var progressed: ProvingProgress {
        { phase, fraction in
            if fraction == 0 { self.begins.append((phase, .now)) }
        }
    }

    /// Never; but asks when it was asked last.
    package var isCancelled: () -> Bool {
        {
            let now = ContinuousClock.now
            self.longestPause = max(self.longestPause, now - self.lastQuestion)
            self.lastQuestion = now
            return false
        }
    }

    /// Of the last proof, in order.
    var phases: [BenchmarkLine.Phase] {
        let ends = begins.dropFirst().map(\.at) + [end]
        return zip(begins, ends).map {
            BenchmarkLine.Phase(name: "\($0.phase)", seconds: ($1 - $0.at).seconds)
        }
    }
}
