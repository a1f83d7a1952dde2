import Field
import Hash

extension FRIProof {
    /// Throws `wrongCount` at the first part that has another size than the parameters and the
    /// oracles' column counts give it: no arithmetic before this.
    package func checkShape(
        parameters: FRIParameters, columnCounts: [Int]
    ) throws(CommitmentError) {
        try expect(.caps, parameters.roundCount, roundCaps.count)
        for (round, cap) in roundCaps.enumerated() {
            try expect(.capDigests, 1 << parameters.capHeight(round: round), cap.digests.count)
        }
        try expect(.finalCoefficients, parameters.finalPolynomialCount, finalPolynomial.count)
        try expect(.queries, parameters.queryCount, queries.count)
        for query in queries {
            try expect(.oracleRows, columnCounts.count, query.oracleRows.count)
            for (count, opening) in zip(columnCounts, query.oracleRows) {
                try expect(.rowElements, count, opening.row.count)
                try expect(
                    .pathDigests, parameters.oraclePathLength, opening.path.siblings.count)
            }
            try expect(.rounds, parameters.roundCount, query.rounds.count)
            for (round, opening) in query.rounds.enumerated() {
                try expect(.foldedValues, parameters.arity, opening.values.count)
                try expect(
                    .pathDigests, parameters.pathLength(round: round),
                    opening.path.siblings.count)
            }
        }
    }
}

func expect(
    _ part: ProofPart, _ expected: Int, _ found: Int
) throws(CommitmentError) {
    guard expected == found else {
        throw .wrongCount(of: part, expected: expected, found: found)
    }
}
