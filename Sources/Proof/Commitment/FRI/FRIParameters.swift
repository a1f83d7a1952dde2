/// The sizes of a FRI proof. They fix the shape of everything in it.
///
/// Degree 2^`degreeBits` is folded by 2^`arityBits` until it is at most 2^`finalPolynomialBits`.
package struct FRIParameters: Hashable, Sendable {
    /// log₂ of the bound on the committed polynomials' degrees.
    package let degreeBits: Int
    /// −log₂ of the rate.
    package let rateBits: Int
    package let capHeight: Int
    package let arityBits: Int
    package let finalPolynomialBits: Int
    package let queryCount: Int
    package let proofOfWorkBits: Int

    /// Traps on values beyond `CommitmentParameters`: parameters are ours, never a peer's.
    package init(
        degreeBits: Int, rateBits: Int, capHeight: Int, arityBits: Int, finalPolynomialBits: Int,
        queryCount: Int, proofOfWorkBits: Int
    ) {
        precondition(
            (0...CommitmentParameters.maximumDegreeBits).contains(degreeBits)
                && (1...CommitmentParameters.maximumRateBits).contains(rateBits)
                && (0...CommitmentParameters.maximumCapHeight).contains(capHeight)
                && (1...CommitmentParameters.maximumArityBits).contains(arityBits)
                && (arityBits - 1...CommitmentParameters.maximumDegreeBits).contains(
                    finalPolynomialBits)
                && (1...CommitmentParameters.maximumQueryCount).contains(queryCount)
                && (0...CommitmentParameters.maximumProofOfWorkBits).contains(proofOfWorkBits),
            "FRI parameters out of bounds")
        self.degreeBits = degreeBits
        self.rateBits = rateBits
        self.capHeight = capHeight
        self.arityBits = arityBits
        self.finalPolynomialBits = finalPolynomialBits
        self.queryCount = queryCount
        self.proofOfWorkBits = proofOfWorkBits
    }

    package var arity: Int { 1 << arityBits }
    /// log₂ of the evaluation domain.
    package var domainBits: Int { degreeBits + rateBits }

    /// How often the degree is folded.
    package var roundCount: Int {
        max(0, (degreeBits - finalPolynomialBits + arityBits - 1) / arityBits)
    }

    /// The number of coefficients left after the last round.
    package var finalPolynomialCount: Int { 1 << (degreeBits - roundCount * arityBits) }

    /// log₂ of the domain before round `round`, a leaf of whose tree holds `arity` values.
    package func domainBits(round: Int) -> Int { domainBits - round * arityBits }

    /// The length of a path in the trees of the committed polynomials.
    package var oraclePathLength: Int {
        MerkleTree.pathLength(leafBits: domainBits, capHeight: capHeight)
    }

    /// The length of a path in the tree of round `round`.
    package func pathLength(round: Int) -> Int {
        MerkleTree.pathLength(
            leafBits: domainBits(round: round) - arityBits, capHeight: capHeight)
    }

    /// The height of the cap of the committed polynomials' trees.
    package var oracleCapHeight: Int {
        MerkleTree.capHeight(leafBits: domainBits, capHeight: capHeight)
    }

    /// The height of the cap of round `round`.
    package func capHeight(round: Int) -> Int {
        MerkleTree.capHeight(
            leafBits: domainBits(round: round) - arityBits, capHeight: capHeight)
    }
}
