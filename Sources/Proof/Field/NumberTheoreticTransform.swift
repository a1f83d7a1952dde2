/// Transforms of all the columns of a `FieldMatrix` between coefficients and values on a coset of
/// the subgroup of order 2^k.
///
/// Radix-2 decimation in frequency, depth first: a block is finished while it is in the cache,
/// so that neither larger radices nor a six-step split pay. Rows are the unit of a butterfly, which makes it a
/// loop over consecutive elements. Cost: n·k/2 butterflies a column.
package enum NumberTheoreticTransform {
    /// Columns transformed together: wide enough for the kernels, few enough that a part is done in
    /// milliseconds.
    private static let columnsPerPart = 32

    /// Coefficients, row i that of X^i, to values: row `reversedBits(i)` is the value at
    /// shift·ωⁱ with ω = `rootOfUnity(bits: log2(rowCount))`. `rowCount` is a power of two.
    package static func evaluateBitReversed(
        _ matrix: inout FieldMatrix, shift: Goldilocks = .one
    ) {
        let plan = Plan(rowCount: matrix.rowCount, inverse: false)
        let columnCount = matrix.columnCount
        matrix.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            let rows = RowKernels(columnCount: columnCount, instructions: .inUse)
            if shift != .one { rows.scale(base, rowCount: plan.rowCount, by: shift) }
            rows.transform(base, plan.rowCount, plan.twiddles)
        }
    }

    /// As `evaluateBitReversed`, with row i the value at shift·ωⁱ.
    package static func evaluate(_ matrix: inout FieldMatrix, shift: Goldilocks = .one) {
        evaluateBitReversed(&matrix, shift: shift)
        matrix.bitReverseRows()
    }

    /// Values, row i at shift·ωⁱ, to coefficients, row i that of X^i. Once `isCancelled` says so,
    /// what is in the matrix means nothing.
    package static func interpolate(
        _ matrix: inout FieldMatrix, shift: Goldilocks = .one, workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) {
        let plan = Plan(rowCount: matrix.rowCount, inverse: true)
        let columnCount = matrix.columnCount
        guard let unshift = shift.inverse,
            let scalar = Goldilocks(UInt64(plan.rowCount)).inverse
        else { preconditionFailure("a coset has no shift of zero, nor a transform no rows") }
        matrix.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            _ = workers.forEach(of: columnCount, by: columnsPerPart, unless: isCancelled) {
                columns in
                let rows = RowKernels(
                    columnCount: columns.count, stride: columnCount, instructions: .inUse)
                let start = base + columns.lowerBound
                rows.transform(start, plan.rowCount, plan.twiddles)
                rows.reverseBits(start, rowCount: plan.rowCount)
                rows.scale(start, rowCount: plan.rowCount, by: unshift, first: scalar)
            }
        }
    }

    /// Values of the polynomials with `coefficients` on the coset shift·⟨ω⟩, where ω has order
    /// `coefficients.rowCount << rateBits`: row `reversedBits(i)` is the value at shift·ωⁱ. Once
    /// `isCancelled` says so, what comes out means nothing.
    ///
    /// In this order each run of `coefficients.rowCount` rows is a coset of the small subgroup,
    /// so the extension is 2^`rateBits` small transforms, each within its own part of the result.
    package static func lowDegreeExtension(
        of coefficients: FieldMatrix, rateBits: Int, shift: Goldilocks,
        instructions: InstructionSet = .inUse, workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) -> FieldMatrix {
        let plan = Plan(rowCount: coefficients.rowCount, inverse: false)
        let columnCount = coefficients.columnCount
        let blockLength = plan.rowCount * columnCount
        let root = Goldilocks.rootOfUnity(bits: plan.bits + rateBits)
        let rows = RowKernels(columnCount: columnCount, instructions: instructions)
        return FieldMatrix(rowCount: plan.rowCount << rateBits, columnCount: columnCount) {
            target in
            coefficients.elements.withUnsafeBufferPointer { source in
                guard let base = target.baseAddress, let source = source.baseAddress else { return }
                _ = workers.forEach(1 << rateBits, unless: isCancelled) { block in
                    let exponent = UInt64(reversedBits(block, bits: rateBits))
                    let start = base + block * blockLength
                    rows.copy(
                        source, to: start, rowCount: plan.rowCount,
                        scaledBy: shift * root.power(exponent))
                    rows.transform(start, plan.rowCount, plan.twiddles)
                }
            }
        }
    }

    /// The twiddle factors of one size: the first half of the powers of its root.
    private struct Plan {
        let rowCount: Int
        let bits: Int
        let twiddles: [Goldilocks]

        init(rowCount: Int, inverse: Bool) {
            precondition(
                rowCount > 0 && rowCount & (rowCount - 1) == 0
                    && rowCount.trailingZeroBitCount <= Goldilocks.twoAdicity,
                "no transform of \(rowCount) rows")
            self.rowCount = rowCount
            bits = rowCount.trailingZeroBitCount
            let root = Goldilocks.rootOfUnity(bits: bits)
            let step = inverse ? root.power(UInt64(rowCount - 1)) : root
            twiddles = step.powers(max(1, rowCount / 2))
        }
    }
}
