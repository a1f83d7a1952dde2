/// Why bytes are no proof, or a proof proves nothing. Every case is the fault of whoever made the
/// proof: reject.
package enum CommitmentError: Error, Hashable, Sendable {
    /// `offset` and the counts are bytes.
    case truncated(offset: Int, expected: Int, found: Int)
    case trailingBytes(count: Int)
    /// The eight bytes at `offset` are not below the modulus.
    case nonCanonicalElement(offset: Int)
    /// A part of the proof has another size than the parameters give it.
    case wrongCount(of: ProofPart, expected: Int, found: Int)
    /// The path from the row of `index` does not lead to the cap.
    case wrongMerklePath(index: Int)
    /// The grinding challenge is not zero in its low `required` bits.
    case missingProofOfWork(required: Int)
    /// An opening point lies in the evaluation domain.
    case pointInDomain
    /// Query `query`: the value folded so far is not among those opened in `round`.
    case inconsistentFold(query: Int, round: Int)
    /// Query `query`: the final polynomial has another value.
    case wrongFinalValue(query: Int)
    /// A polynomial to be opened does not exist.
    case unknownPolynomial(oracle: Int, column: Int)
}

/// What `CommitmentError.wrongCount` counts.
package enum ProofPart: Hashable, Sendable {
    case caps, capDigests, pathDigests, rowElements, oracleRows, queries, rounds
    case foldedValues, finalCoefficients, openingBatches, openings
}
