/// How many ticks each phase of a Fernet slot lasts.
package struct FernetParameters: Hashable, Sendable {
    /// For one phase: a slot's heights must stay far from overflow.
    package static let maximumTicks: UInt64 = 1 << 20

    package let proposeTicks: UInt64
    package let openTicks: UInt64
    package let revealTicks: UInt64
    /// Counted from the height that holds reveal and election.
    package let provingTicks: UInt64

    /// Throws unless each phase lasts `1...maximumTicks`.
    package init(
        proposeTicks: UInt64, openTicks: UInt64, revealTicks: UInt64, provingTicks: UInt64
    ) throws(FernetParametersError) {
        for ticks in [proposeTicks, openTicks, revealTicks, provingTicks] {
            guard (1...Self.maximumTicks).contains(ticks) else {
                throw .phaseLength(found: ticks, maximum: Self.maximumTicks)
            }
        }
        self.proposeTicks = proposeTicks
        self.openTicks = openTicks
        self.revealTicks = revealTicks
        self.provingTicks = provingTicks
    }

    /// From a slot's opening to the last height at which it can end.
    package var longestSlotTicks: UInt64 { proposeTicks + openTicks + revealTicks + provingTicks }
}

/// A network file that cannot work: ours, or its author's.
package enum FernetParametersError: Error, Hashable, Sendable {
    case phaseLength(found: UInt64, maximum: UInt64)
}

/// How proposals are ranked.
package enum FernetScoreRule: Hashable, Sendable {
    /// `u · (10_000 + feeShareBps)`, the highest leads. Blind to stake.
    case literal
    /// The smallest `−log₂(u/2^64) / (stake · (10_000 + feeShareWeight · feeShareBps))`: the
    /// chance is exactly proportional to the divisor, and neutral to splitting stake.
    case exponentialRace(feeShareWeight: UInt32)
}
