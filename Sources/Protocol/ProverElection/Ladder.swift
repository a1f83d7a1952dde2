package import Primitives
internal import ProofTree

/// Who may stand in for an elected prover, and from which height.
///
/// A node of level ℓ is due at `D(ℓ) = reveal + leafTicks + ℓ·mergeTicks`; step k opens at
/// `D + k·stepTicks`. Steps 1 to 3 let in one helper each, later ones twice as many as the step
/// before: see `TreeAssignment.helpers(of:)`. `reveal` is the height that holds BlockReveal and
/// Election, whichever is later.
package struct Ladder: Hashable, Sendable {
    package let parameters: LadderParameters
    package let revealHeight: Height

    package init(parameters: LadderParameters, revealHeight: Height) {
        self.parameters = parameters
        self.revealHeight = revealHeight
    }

    /// The height by which the elected prover's commitment is expected.
    package func dueHeight(of node: LeafRange) -> Height {
        revealHeight.advanced(
            by: parameters.leafTicks + UInt64(Self.level(of: node)) * parameters.mergeTicks)
    }

    /// The first height at which a proof by a helper of `step` counts.
    package func height(ofStep step: Int, on node: LeafRange) -> Height {
        dueHeight(of: node).advanced(by: UInt64(step) * parameters.stepTicks)
    }

    /// The highest step that is open at `height`, in `0...LadderParameters.stepCount`; 0 while only
    /// the elected prover's proof counts.
    package func openStep(on node: LeafRange, at height: Height) -> Int {
        (1...LadderParameters.stepCount).last { height >= self.height(ofStep: $0, on: node) } ?? 0
    }

    /// The step that lets in the helper at `place`, from 0: 1, 2, 3, 4, 4, 5, 5, 5, 5.
    package static func step(ofHelperAt place: Int) -> Int {
        precondition((0..<LadderParameters.helperCount).contains(place), "no helper's place")
        guard place > 1 else { return place + 1 }
        return 2 + (Int.bitWidth - (place - 1).leadingZeroBitCount)
    }

    package static func level(of node: LeafRange) -> Int { TreeShape.level(of: node) }
}
