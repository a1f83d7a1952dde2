package import Field

/// That committed polynomials have the values claimed for them.
package struct FRIProof<Element: ExtensionField>: Hashable, Sendable {
    /// One for each round, of the tree over that round's values.
    package var roundCaps: [MerkleCap]
    /// Coefficients, `FRIParameters.finalPolynomialCount` of them.
    package var finalPolynomial: [Element]
    package var proofOfWorkNonce: Goldilocks
    /// One for each query, in the order of their indices' challenges.
    package var queries: [FRIQuery<Element>]

    package init(
        roundCaps: [MerkleCap], finalPolynomial: [Element], proofOfWorkNonce: Goldilocks,
        queries: [FRIQuery<Element>]
    ) {
        self.roundCaps = roundCaps
        self.finalPolynomial = finalPolynomial
        self.proofOfWorkNonce = proofOfWorkNonce
        self.queries = queries
    }
}

/// What one query opens.
package struct FRIQuery<Element: ExtensionField>: Hashable, Sendable {
    /// One for each oracle: the row at the query's index.
    package var oracleRows: [RowOpening]
    /// One for each round.
    package var rounds: [FRIRoundOpening<Element>]

    package init(oracleRows: [RowOpening], rounds: [FRIRoundOpening<Element>]) {
        self.oracleRows = oracleRows
        self.rounds = rounds
    }
}

/// A row of an oracle's extension with its path.
package struct RowOpening: Hashable, Sendable {
    package var row: [Goldilocks]
    package var path: MerklePath

    package init(row: [Goldilocks], path: MerklePath) {
        self.row = row
        self.path = path
    }
}

/// The values which one folding joins, in bit-reversed order, with their path.
package struct FRIRoundOpening<Element: ExtensionField>: Hashable, Sendable {
    package var values: [Element]
    package var path: MerklePath

    package init(values: [Element], path: MerklePath) {
        self.values = values
        self.path = path
    }
}

// MARK: - Bytes

extension FRIProof {
    /// In this order: round caps, final polynomial, nonce; then for each query each oracle's row and
    /// path, and each round's values and path. No lengths: the parameters give them.
    package func write(to writer: inout ProofWriter) {
        for cap in roundCaps { writer.write(cap) }
        writer.write(finalPolynomial)
        writer.write(proofOfWorkNonce)
        for query in queries {
            for opening in query.oracleRows {
                writer.write(opening.row)
                writer.write(opening.path)
            }
            for opening in query.rounds {
                writer.write(opening.values)
                writer.write(opening.path)
            }
        }
    }

    /// The proof of the shape that the parameters and the oracles' column counts give.
    package init(
        from reader: inout ProofReader, parameters: FRIParameters, columnCounts: [Int]
    ) throws(CommitmentError) {
        var roundCaps: [MerkleCap] = []
        for round in 0..<parameters.roundCount {
            roundCaps.append(try reader.cap(height: parameters.capHeight(round: round)))
        }
        let finalPolynomial = try reader.extensionElements(
            Element.self, count: parameters.finalPolynomialCount)
        let nonce = try reader.element()
        var queries: [FRIQuery<Element>] = []
        for _ in 0..<parameters.queryCount {
            queries.append(
                try FRIQuery(from: &reader, parameters: parameters, columnCounts: columnCounts))
        }
        self.init(
            roundCaps: roundCaps, finalPolynomial: finalPolynomial, proofOfWorkNonce: nonce,
            queries: queries)
    }

    /// The number of field elements of such a proof.
    package static func elementCount(parameters: FRIParameters, columnCounts: [Int]) -> Int {
        let rounds = 0..<parameters.roundCount
        let caps = rounds.reduce(0) { $0 + 4 << parameters.capHeight(round: $1) }
        let rows = columnCounts.reduce(0) { $0 + $1 + 4 * parameters.oraclePathLength }
        let folds = rounds.reduce(0) {
            $0 + parameters.arity * Element.degree + 4 * parameters.pathLength(round: $1)
        }
        return caps + parameters.finalPolynomialCount * Element.degree + 1
            + parameters.queryCount * (rows + folds)
    }
}

extension FRIQuery {
    fileprivate init(
        from reader: inout ProofReader, parameters: FRIParameters, columnCounts: [Int]
    ) throws(CommitmentError) {
        var oracleRows: [RowOpening] = []
        for count in columnCounts {
            let row = try reader.elements(count)
            let path = try reader.path(length: parameters.oraclePathLength)
            oracleRows.append(RowOpening(row: row, path: path))
        }
        var rounds: [FRIRoundOpening<Element>] = []
        for round in 0..<parameters.roundCount {
            let values = try reader.extensionElements(Element.self, count: parameters.arity)
            let path = try reader.path(length: parameters.pathLength(round: round))
            rounds.append(FRIRoundOpening(values: values, path: path))
        }
        self.init(oracleRows: oracleRows, rounds: rounds)
    }
}
