package import Primitives
internal import ProofTree

/// Who may stand in for an elected prover, and from which height.
///
/// A node of level ℓ is due at `D(ℓ) = reveal + leafTicks + ℓ·mergeTicks`; step k opens at
/// `D + k·stepTicks`. Step 1 is the sibling. `reveal` is the height that holds BlockReveal and
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

    /// The first height at which a proof of the node's sibling counts.
    package func siblingHeight(of node: LeafRange) -> Height {
        dueHeight(of: node).advanced(by: parameters.stepTicks)
    }

    package static func level(of node: LeafRange) -> Int { TreeShape.level(of: node) }
}
