import Ledger
package import Measures
package import NetworkFile
import Primitives
import ProverElection

/// What a machine can promise a network.
package struct CalibrationPromise: Sendable {
    private let measured: Calibration
    private let leafWindow: Double
    private let mergeWindow: Double

    /// Of a window so much is counted on: the rest is for fetching, verifying, and whatever else the
    /// machine does.
    private static let countedShare = 0.7

    package init(_ measured: Calibration, under network: NetworkDescription) {
        self.init(
            measured,
            leafWindow: Double(
                network.rules.assignment.ladder.leafTicks * network.tickMilliseconds) / 1000,
            mergeWindow: Double(
                network.rules.assignment.ladder.mergeTicks * network.tickMilliseconds) / 1000)
    }

    /// Seconds.
    package init(_ measured: Calibration, leafWindow: Double, mergeWindow: Double) {
        self.measured = measured
        self.leafWindow = leafWindow
        self.mergeWindow = mergeWindow
    }

    /// Leaves of one slot that are proven before they are late; at least one, for that is the least
    /// that can be offered.
    package var capacity: Int {
        let count = leafWindow * Self.countedShare * max(measured.speedUp, 1) / measured.leafSeconds
        return Int(min(max(count, 1), 65_536))
    }

    package var isLeafInTime: Bool { measured.leafSeconds <= leafWindow * Self.countedShare }
    package var isMergeInTime: Bool { measured.mergeSeconds <= mergeWindow * Self.countedShare }

    package var sentences: [String] {
        let memory = measured.proofMemoryByteCount >> 20
        var sentences = [
            "A leaf takes \(fixed(measured.leafSeconds, 2)) s and a merge "
                + "\(fixed(measured.mergeSeconds, 2)) s on one thread, in \(memory) MiB.",
            measured.parallelCount == 1
                ? "One proof at a time is what processors and memory allow."
                : "\(measured.parallelCount) proofs at a time are what processors and memory allow; "
                    + "together they are \(fixed(measured.speedUp, 2)) times as fast.",
        ]
        sentences.append(
            isLeafInTime
                ? "A leaf is late after \(fixed(leafWindow, 1)) s: this node can promise "
                    + "\(capacity) \(capacity == 1 ? "leaf" : "leaves") of a slot."
                : "A leaf is late after \(fixed(leafWindow, 1)) s: this node cannot promise even "
                    + "one, and others would have to step in for it.")
        sentences.append(
            isMergeInTime
                ? "Each level of merges has \(fixed(mergeWindow, 1)) s: time enough."
                : "Each level of merges has \(fixed(mergeWindow, 1)) s: too short for this node.")
        return sentences
    }
}
