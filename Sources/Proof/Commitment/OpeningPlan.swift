package import Field

/// Which polynomials are opened at which points; known to both sides before the openings are.
package struct OpeningPlan<Element: ExtensionField>: Sendable {
    package let batches: [OpeningBatch<Element>]

    package init(_ batches: [OpeningBatch<Element>]) { self.batches = batches }

    /// `openings[batch][position]`: the values, positions as in `OpeningBatch.selections`. Some are
    /// missing once `isCancelled` says so.
    package func open(
        _ oracles: [PolynomialOracle], workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) -> [[Element]] {
        batches.map { batch in
            let rowCount = batch.selections.map { oracles[$0.oracleIndex].coefficients.rowCount }
            let powers = batch.point.powers(rowCount.reduce(0, max))
            return batch.selections.flatMap { selection in
                oracles[selection.oracleIndex].evaluate(
                    selection.columns, at: powers, workers: workers, isCancelled: isCancelled)
            }
        }
    }

    /// Throws unless each selected column exists and `openings` has one value for each.
    package func check(
        openings: [[Element]], columnCounts: [Int]
    ) throws(CommitmentError) {
        guard openings.count == batches.count else {
            throw .wrongCount(of: .openingBatches, expected: batches.count, found: openings.count)
        }
        for (batch, values) in zip(batches, openings) {
            for selection in batch.selections {
                guard columnCounts.indices.contains(selection.oracleIndex),
                    selection.columns.lowerBound >= 0,
                    selection.columns.upperBound <= columnCounts[selection.oracleIndex]
                else {
                    throw .unknownPolynomial(
                        oracle: selection.oracleIndex, column: selection.columns.upperBound - 1)
                }
            }
            guard values.count == batch.count else {
                throw .wrongCount(of: .openings, expected: batch.count, found: values.count)
            }
        }
    }
}

/// The columns opened at one point.
package struct OpeningBatch<Element: ExtensionField>: Sendable {
    package let point: Element
    /// Positions count through the selections in order.
    package let selections: [ColumnSelection]

    package init(point: Element, selections: [ColumnSelection]) {
        self.point = point
        self.selections = selections
    }

    /// The number of polynomials.
    package var count: Int { selections.reduce(0) { $0 + $1.columns.count } }
}

/// Columns `columns` of oracle `oracleIndex`.
package struct ColumnSelection: Hashable, Sendable {
    package let oracleIndex: Int
    package let columns: Range<Int>

    package init(oracleIndex: Int, columns: Range<Int>) {
        self.oracleIndex = oracleIndex
        self.columns = columns
    }
}
