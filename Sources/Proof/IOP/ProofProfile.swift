package import Commitment

/// All numbers that decide how a proof looks and how much it is worth. None has a default.
package struct ProofProfile: Hashable, Sendable {
    /// The degree of the extension that challenges come from: 2 or 3.
    package let extensionDegree: Int
    package let fri: FRIParameters
    /// A bound on the number of (polynomial, point) pairs opened together.
    package let openingLimit: Int
    /// A bound on the number of constraints combined by one challenge.
    package let constraintLimit: Int
    /// A bound on the degree of constraints in the trace, and on the ratio of the permutation
    /// argument's degree to the number of rows.
    package let constraintDegree: Int
    package let routedWireLimit: Int

    package init(
        extensionDegree: Int, fri: FRIParameters, openingLimit: Int, constraintLimit: Int,
        constraintDegree: Int, routedWireLimit: Int
    ) {
        precondition(
            extensionDegree == 2 || extensionDegree == 3, "no extension of \(extensionDegree)")
        precondition(
            openingLimit > 1 && constraintLimit > 0 && constraintDegree > 0
                && routedWireLimit > 0, "a profile's limits are positive")
        self.extensionDegree = extensionDegree
        self.fri = fri
        self.openingLimit = openingLimit
        self.constraintLimit = constraintLimit
        self.constraintDegree = constraintDegree
        self.routedWireLimit = routedWireLimit
    }

    /// log₂ of the number of rows.
    package var degreeBits: Int { fri.degreeBits }

    /// What a transcript absorbs first.
    package var transcriptParameters: [UInt64] {
        [
            extensionDegree, fri.degreeBits, fri.rateBits, fri.capHeight, fri.arityBits,
            fri.finalPolynomialBits, fri.queryCount, fri.proofOfWorkBits, openingLimit,
            constraintLimit, constraintDegree, routedWireLimit,
        ].map { UInt64($0) }
    }

    /// The same profile for another number of rows.
    package func with(degreeBits: Int) -> ProofProfile {
        ProofProfile(
            extensionDegree: extensionDegree,
            fri: FRIParameters(
                degreeBits: degreeBits, rateBits: fri.rateBits, capHeight: fri.capHeight,
                arityBits: fri.arityBits, finalPolynomialBits: fri.finalPolynomialBits,
                queryCount: fri.queryCount, proofOfWorkBits: fri.proofOfWorkBits),
            openingLimit: openingLimit, constraintLimit: constraintLimit,
            constraintDegree: constraintDegree, routedWireLimit: routedWireLimit)
    }
}

extension ProofProfile {
    /// Plonky2's own parameters: 57 bits proven, 100 by the old conjecture.
    package static let fast = ProofProfile(
        extensionDegree: 2,
        fri: FRIParameters(
            degreeBits: 13, rateBits: 3, capHeight: 4, arityBits: 4, finalPolynomialBits: 5,
            queryCount: 28, proofOfWorkBits: 16),
        openingLimit: 320, constraintLimit: 256, constraintDegree: 9, routedWireLimit: 80)

    /// The network's: a hundred bits proven.
    package static let proven100 = ProofProfile(
        extensionDegree: 3,
        fri: FRIParameters(
            degreeBits: 14, rateBits: 3, capHeight: 4, arityBits: 4, finalPolynomialBits: 6,
            queryCount: 54, proofOfWorkBits: 20),
        openingLimit: 320, constraintLimit: 256, constraintDegree: 9, routedWireLimit: 80)

    /// For tests of what surrounds a proof: worth nothing.
    package static let tiny = ProofProfile(
        extensionDegree: 2,
        fri: FRIParameters(
            degreeBits: 6, rateBits: 3, capHeight: 1, arityBits: 4, finalPolynomialBits: 3,
            queryCount: 3, proofOfWorkBits: 0),
        openingLimit: 320, constraintLimit: 256, constraintDegree: 9, routedWireLimit: 80)
}
