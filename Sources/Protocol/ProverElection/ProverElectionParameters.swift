internal import Primitives

/// How provers are ordered within a pass of the leaf election.
package enum LeafWeighting: Hashable, Sendable {
    /// Every prover alike: by `H("leaf", …)`, descending.
    case uniform
    /// By stake: ascending `−log₂(h/2^64) / stake`, where h is the hash's first eight bytes.
    case stake
}

package struct TreeElectionParameters: Hashable, Sendable {
    /// Above this, electing for one block is more work than a node should do.
    package static let maximumPoolCount = 1 << 16

    package let weighting: LeafWeighting

    package init(weighting: LeafWeighting) { self.weighting = weighting }
}

/// When a node of the tree is due and when helpers may step in, in ticks of the settlement log.
package struct LadderParameters: Hashable, Sendable {
    /// Steps above the elected prover: its sibling, the nearest prover, then the pool.
    package static let stepCount = 5
    /// Helpers that the steps let in together: 1, 1, 1, 2 and 4.
    package static let helperCount = 9

    package let leafTicks: UInt64
    package let mergeTicks: UInt64
    package let stepTicks: UInt64

    /// Throws where the last step of the highest root would open after the proving phase.
    package init(
        leafTicks: UInt64, mergeTicks: UInt64, stepTicks: UInt64, provingTicks: UInt64,
        maximumLeafCount: Int
    ) throws(LadderParametersError) {
        let limit = UInt64(UInt32.max)
        for ticks in [leafTicks, mergeTicks, stepTicks] {
            guard (1...limit).contains(ticks) else { throw .ticks(found: ticks, maximum: limit) }
        }
        guard let widest = LeafRange(first: 0, count: maximumLeafCount) else {
            throw .leafCount(found: maximumLeafCount, maximum: LeafRange.maximumLeafCount)
        }
        let mergesAbove = UInt64(Ladder.level(of: widest)) * mergeTicks
        let length = leafTicks + mergesAbove + UInt64(Self.stepCount) * stepTicks
        guard length <= provingTicks else {
            throw .longerThanProving(ladderTicks: length, provingTicks: provingTicks)
        }
        self.leafTicks = leafTicks
        self.mergeTicks = mergeTicks
        self.stepTicks = stepTicks
    }
}

/// A network file that cannot work: ours, or its author's.
package enum LadderParametersError: Error, Hashable, Sendable {
    case ticks(found: UInt64, maximum: UInt64)
    case leafCount(found: Int, maximum: Int)
    case longerThanProving(ladderTicks: UInt64, provingTicks: UInt64)
}
