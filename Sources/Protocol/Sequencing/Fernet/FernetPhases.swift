package import Primitives

/// Where a slot stands at a height.
package enum FernetPhase: Hashable, Sendable {
    /// Sealed proposals are taken.
    case propose
    /// Proposals that match their seal are taken.
    case open
    /// The leader's block and election are awaited.
    case reveal
    /// Reveal and election are on the log; a root proof is awaited.
    case proving
    /// Nothing more can make this slot's block final.
    case ended
}

/// The clock of one Fernet slot, in heights of the settlement log.
///
/// `propose`, `open` and `reveal` follow each other from the opening height on; `proving` counts
/// from the height that holds BlockReveal and Election, whichever is later, and starts after it.
/// All bounds here are inclusive heights.
package struct FernetPhases: Hashable, Sendable {
    package let parameters: FernetParameters
    package let openingHeight: Height

    package init(parameters: FernetParameters, openingHeight: Height) {
        self.parameters = parameters
        self.openingHeight = openingHeight
    }

    package var proposeHeights: ClosedRange<Height> {
        heights(after: 0, ticks: parameters.proposeTicks)
    }

    package var openHeights: ClosedRange<Height> {
        heights(after: parameters.proposeTicks, ticks: parameters.openTicks)
    }

    package var revealHeights: ClosedRange<Height> {
        heights(
            after: parameters.proposeTicks + parameters.openTicks, ticks: parameters.revealTicks)
    }

    /// The heights at which a root proof counts.
    package func provingHeights(revealedAt reveal: Height) -> ClosedRange<Height> {
        reveal.advanced(by: 1)...reveal.advanced(by: parameters.provingTicks)
    }

    /// - Parameter reveal: the height that holds the valid reveal and election; nil before.
    package func phase(at height: Height, revealedAt reveal: Height?) -> FernetPhase {
        if height <= proposeHeights.upperBound { return .propose }
        if height <= openHeights.upperBound { return .open }
        if let reveal, height > reveal {
            return height <= provingHeights(revealedAt: reveal).upperBound ? .proving : .ended
        }
        return height <= revealHeights.upperBound ? .reveal : .ended
    }

    private func heights(after start: UInt64, ticks: UInt64) -> ClosedRange<Height> {
        openingHeight.advanced(by: start)...openingHeight.advanced(by: start + ticks - 1)
    }
}
