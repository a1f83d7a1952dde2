internal import Field
package import NodeProofs
internal import Recursion
internal import Synchronization
internal import WorkSharing

/// What this machine does with a network's circuits.
package struct Calibration: Hashable, Sendable {
    /// On one thread.
    package var leafSeconds: Double
    package var mergeSeconds: Double
    /// What a proof takes of memory while it is made.
    package var proofMemoryByteCount: Int
    /// Proofs at one time that processors and memory allow.
    package var parallelCount: Int
    /// How much faster so many proofs at one time are than one after the other.
    package var speedUp: Double

    package init(
        leafSeconds: Double, mergeSeconds: Double, proofMemoryByteCount: Int, parallelCount: Int,
        speedUp: Double
    ) {
        self.leafSeconds = leafSeconds
        self.mergeSeconds = mergeSeconds
        self.proofMemoryByteCount = proofMemoryByteCount
        self.parallelCount = parallelCount
        self.speedUp = speedUp
    }

    /// Makes some proofs: a quarter of a minute, on threads that the caller does not need. Nil once
    /// `isCancelled` says so.
    package static func measure(
        _ circuits: ProvingCircuits, tell: (String) -> Void,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> Calibration {
        let stage = try ProofStage(circuits)
        MachineMeter.resetPeakMemory()
        let before = MachineMeter.memoryByteCount
        tell("proving leaves")
        var leaves: [ProvenNode] = []
        let leaf = try Measurement.least(of: 2) {
            leaves.append(
                try stage.proveLeaf(leaves.count, workers: .alone, isCancelled: isCancelled))
        }
        tell("merging them")
        let merge = try Measurement.least(of: 2) {
            _ = try stage.merge(leaves[0], leaves[1], workers: .alone, isCancelled: isCancelled)
        }
        let peak = MachineMeter.peakMemoryByteCount
        let memory =
            before.flatMap { before in peak.map { max(1 << 20, $0 - before) } } ?? 350 << 20
        let room = MachineMeter.availableMemoryByteCount.map { $0 * 4 / 5 / memory } ?? 1
        let count = max(1, min(MachineMeter.processorCount, room))
        tell("proving \(count) leaves at one time")
        let speedUp = try speedUp(
            stage, count: count, aloneSeconds: leaf.wall.seconds, isCancelled: isCancelled)
        return Calibration(
            leafSeconds: leaf.wall.seconds, mergeSeconds: merge.wall.seconds,
            proofMemoryByteCount: memory, parallelCount: count, speedUp: speedUp)
    }

    private static func speedUp(
        _ stage: ProofStage, count: Int, aloneSeconds: Double,
        isCancelled: @escaping @Sendable () -> Bool
    ) throws -> Double {
        guard count > 1 else { return 1 }
        let failure = Mutex<(any Error)?>(nil)
        let start = ContinuousClock.now
        // The proofs are the parts that the threads share.
        ThreadAllowance(threadCount: count).run { workers in
            workers.forEach(count) { _ in
                do {
                    _ = try stage.proveLeaf(0, workers: .alone, isCancelled: isCancelled)
                } catch {
                    failure.withLock { $0 = error }
                }
            }
        }
        if let failure = failure.withLock({ $0 }) { throw failure }
        return Double(count) * aloneSeconds / (ContinuousClock.now - start).seconds
    }
}
