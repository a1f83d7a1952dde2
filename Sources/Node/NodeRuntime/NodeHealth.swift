/// Whether a node runs and follows the log, for whoever restarts what does not.
package enum NodeHealth: Hashable, Sendable, CustomStringConvertible {
    case ok
    /// Nothing is folded: the log does not answer, or has no block yet.
    case noLogBlock
    case behind(blockCount: UInt64)
    case silentLog(seconds: Int)
    case halted(reason: String)

    /// - Parameter silence: since a log block came last, or since the start.
    package init(
        foldedAny: Bool, behind: UInt64, silence: Duration, tick: Duration, haltReason: String?
    ) {
        if let haltReason {
            self = .halted(reason: haltReason)
        } else if !foldedAny {
            self = .noLogBlock
        } else if behind > NodeRuntimeParameters.healthyLagBlockCount {
            self = .behind(blockCount: behind)
        } else if silence > Self.maximumSilence(tick: tick) {
            self = .silentLog(seconds: Int(silence.components.seconds))
        } else {
            self = .ok
        }
    }

    private static func maximumSilence(tick: Duration) -> Duration {
        max(tick * NodeRuntimeParameters.healthySilenceTicks, .seconds(15))
    }

    package var isOK: Bool { self == .ok }

    package var description: String {
        switch self {
        case .ok: "ok"
        case .noLogBlock: "no log block has come yet: does the settlement log run?"
        case .behind(let count): "\(count) log blocks behind"
        case .silentLog(let seconds): "no log block for \(seconds) s"
        case .halted(let reason): "the node stopped itself: \(reason)"
        }
    }
}
