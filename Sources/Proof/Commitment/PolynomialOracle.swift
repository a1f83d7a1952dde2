package import Field

/// Polynomials of degree below 2^degreeBits, one a column, committed together: a Merkle tree over
/// the rows of their values on the coset 7·⟨ω⟩ of 2^(degreeBits + rateBits) points.
///
/// Rows of the extension stand in bit-reversed order, so that the points which one folding step
/// joins are neighbours.
package struct PolynomialOracle: Sendable {
    /// `[power][column]`.
    package let coefficients: FieldMatrix
    /// `[bit-reversed index][column]`: row `reversedBits(i)` is at 7·ωⁱ.
    package let extended: FieldMatrix
    package let tree: MerkleTree

    /// The columns' coefficients; `rowCount` is a power of two. Nil once `isCancelled` says so.
    package init?(
        coefficients: FieldMatrix, rateBits: Int, capHeight: Int, workers: Workers,
        isCancelled: () -> Bool
    ) {
        precondition(
            (1...CommitmentParameters.maximumColumnCount).contains(coefficients.columnCount),
            "no oracle of \(coefficients.columnCount) columns")
        self.coefficients = coefficients
        extended = NumberTheoreticTransform.lowDegreeExtension(
            of: coefficients, rateBits: rateBits, shift: .multiplicativeGenerator,
            workers: workers, isCancelled: isCancelled)
        guard
            let tree = MerkleTree(
                rows: extended, capHeight: capHeight, workers: workers, isCancelled: isCancelled)
        else { return nil }
        self.tree = tree
    }

    /// As above, to the end.
    package init(coefficients: FieldMatrix, rateBits: Int, capHeight: Int) {
        guard
            let oracle = PolynomialOracle(
                coefficients: coefficients, rateBits: rateBits, capHeight: capHeight,
                workers: .alone, isCancelled: { false })
        else { preconditionFailure("nobody cancelled the oracle") }
        self = oracle
    }

    /// The columns' values on the subgroup of order `rowCount`, row i at the i-th power of its
    /// root.
    package init(values: FieldMatrix, rateBits: Int, capHeight: Int) {
        var coefficients = values
        NumberTheoreticTransform.interpolate(&coefficients)
        self.init(coefficients: coefficients, rateBits: rateBits, capHeight: capHeight)
    }

    /// As above; nil once `isCancelled` says so.
    package init?(
        values: FieldMatrix, rateBits: Int, capHeight: Int, workers: Workers,
        isCancelled: () -> Bool
    ) {
        var coefficients = values
        NumberTheoreticTransform.interpolate(
            &coefficients, workers: workers, isCancelled: isCancelled)
        self.init(
            coefficients: coefficients, rateBits: rateBits, capHeight: capHeight,
            workers: workers, isCancelled: isCancelled)
    }

    /// The value of each column at `point`. Cost: a multiplication of an extension element by a
    /// base one for each coefficient.
    package func evaluate<Element: ExtensionField>(at point: Element) -> [Element] {
        evaluate(
            0..<columnCount, at: point.powers(coefficients.rowCount), workers: .alone,
            isCancelled: { false })
    }

    /// As above of some columns, at the point with these powers; nothing once `isCancelled` says so.
    func evaluate<Element: ExtensionField>(
        _ columns: Range<Int>, at powers: [Element], workers: Workers, isCancelled: () -> Bool
    ) -> [Element] {
        [Element](unsafeUninitializedCapacity: columns.count) { values, initialised in
            let isWanted = workers.forEach(
                of: columns.count, by: CommitmentParameters.columnsPerPart, unless: isCancelled
            ) { part in
                let selected =
                    columns.lowerBound + part.lowerBound..<columns.lowerBound + part.upperBound
                evaluateColumns(
                    coefficients, selected, powers: powers,
                    into: UnsafeMutableBufferPointer(rebasing: values[part]))
            }
            initialised = isWanted ? columns.count : 0
        }
    }

    package var cap: MerkleCap { tree.cap }
    package var columnCount: Int { coefficients.columnCount }
    package var degreeBits: Int { coefficients.rowCount.trailingZeroBitCount }
    /// log₂ of the number of points of the extension.
    package var domainBits: Int { extended.rowCount.trailingZeroBitCount }

    /// The columns' values at 7·ωⁱ, ω of order 2^domainBits and i = `index`.
    package func lowDegreeExtensionRow(_ index: Int) -> ArraySlice<Goldilocks> {
        extended.row(reversedBits(index, bits: domainBits))
    }

}
