/// Transforms of all the columns of a `FieldMatrix` between coefficients and values on a coset of
/// the subgroup of order 2^k.
///
/// Radix-2 decimation in frequency, depth first: a block is finished while it is in the cache,
/// so that neither larger radices nor a six-step split pay. Rows are the unit of a butterfly, which makes it a
/// loop over consecutive elements. Cost: n·k/2 butterflies a column.
package enum NumberTheoreticTransform {
    /// Coefficients, row i that of X^i, to values: row `reversedBits(i)` is the value at
    /// shift·ωⁱ with ω = `rootOfUnity(bits: log2(rowCount))`. `rowCount` is a power of two.
    package static func evaluateBitReversed(
        _ matrix: inout FieldMatrix, shift: Goldilocks = .one
    ) {
        let plan = Plan(rowCount: matrix.rowCount, inverse: false)
        let columnCount = matrix.columnCount
        matrix.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            if shift != .one { scale(base, rowCount: plan.rowCount, columnCount, by: shift) }
            transform(base, plan.rowCount, columnCount, plan.twiddles, stride: 1)
        }
    }

    /// As `evaluateBitReversed`, with row i the value at shift·ωⁱ.
    package static func evaluate(_ matrix: inout FieldMatrix, shift: Goldilocks = .one) {
        evaluateBitReversed(&matrix, shift: shift)
        matrix.bitReverseRows()
    }

    /// Values, row i at shift·ωⁱ, to coefficients, row i that of X^i.
    package static func interpolate(_ matrix: inout FieldMatrix, shift: Goldilocks = .one) {
        let plan = Plan(rowCount: matrix.rowCount, inverse: true)
        let columnCount = matrix.columnCount
        guard let unshift = shift.inverse,
            let scalar = Goldilocks(UInt64(plan.rowCount)).inverse
        else { preconditionFailure("a coset has no shift of zero, nor a transform no rows") }
        matrix.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            transform(base, plan.rowCount, columnCount, plan.twiddles, stride: 1)
        }
        matrix.bitReverseRows()
        matrix.elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            scale(base, rowCount: plan.rowCount, columnCount, by: unshift, first: scalar)
        }
    }

    /// Values of the polynomials with `coefficients` on the coset shift·⟨ω⟩, where ω has order
    /// `coefficients.rowCount << rateBits`: row `reversedBits(i)` is the value at shift·ωⁱ.
    ///
    /// In this order each run of `coefficients.rowCount` rows is a coset of the small subgroup,
    /// so the extension is 2^`rateBits` small transforms, each within its own part of the result.
    package static func lowDegreeExtension(
        of coefficients: FieldMatrix, rateBits: Int, shift: Goldilocks
    ) -> FieldMatrix {
        let plan = Plan(rowCount: coefficients.rowCount, inverse: false)
        let columnCount = coefficients.columnCount
        let blockLength = plan.rowCount * columnCount
        let root = Goldilocks.rootOfUnity(bits: plan.bits + rateBits)
        return FieldMatrix(rowCount: plan.rowCount << rateBits, columnCount: columnCount) {
            target in
            coefficients.elements.withUnsafeBufferPointer { source in
                guard let base = target.baseAddress, let source = source.baseAddress else { return }
                for block in 0..<1 << rateBits {
                    let exponent = UInt64(reversedBits(block, bits: rateBits))
                    let start = base + block * blockLength
                    copy(
                        source, to: start, rowCount: plan.rowCount, columnCount,
                        scaledBy: shift * root.power(exponent))
                    transform(start, plan.rowCount, columnCount, plan.twiddles, stride: 1)
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

// MARK: - Kernels, over raw rows

/// Decimation in frequency of `rowCount` rows: natural order in, bit-reversed order out.
/// `twiddles[j * stride]` is the j-th power of the root of order `rowCount`.
private func transform(
    _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int, _ columnCount: Int,
    _ twiddles: [Goldilocks], stride: Int
) {
    twiddles.withUnsafeBufferPointer {
        transform(rows, rowCount, columnCount, $0, stride: stride)
    }
}

private func transform(
    _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int, _ columnCount: Int,
    _ twiddles: UnsafeBufferPointer<Goldilocks>, stride: Int
) {
    guard rowCount > 1 else { return }
    let half = rowCount / 2
    for row in 0..<half {
        butterfly(
            rows + row &* columnCount, rows + (row &+ half) &* columnCount, columnCount,
            twiddles[row &* stride])
    }
    transform(rows, half, columnCount, twiddles, stride: stride * 2)
    transform(rows + half * columnCount, half, columnCount, twiddles, stride: stride * 2)
}

/// (x, y) becomes (x + y, (x − y)·twiddle), elementwise.
@inline(__always)
private func butterfly(
    _ upper: UnsafeMutablePointer<Goldilocks>, _ lower: UnsafeMutablePointer<Goldilocks>,
    _ count: Int, _ twiddle: Goldilocks
) {
    for index in 0..<count {
        let x = upper[index]
        let y = lower[index]
        upper[index] = x + y
        lower[index] = (x - y) * twiddle
    }
}

/// Row i times `first`·`base`ⁱ.
private func scale(
    _ rows: UnsafeMutablePointer<Goldilocks>, rowCount: Int, _ columnCount: Int,
    by base: Goldilocks, first: Goldilocks = .one
) {
    var factor = first
    for row in 0..<rowCount {
        let start = rows + row &* columnCount
        for column in 0..<columnCount { start[column] *= factor }
        factor *= base
    }
}

/// Row i of `source` times `base`ⁱ.
private func copy(
    _ source: UnsafePointer<Goldilocks>, to target: UnsafeMutablePointer<Goldilocks>,
    rowCount: Int, _ columnCount: Int, scaledBy base: Goldilocks
) {
    var factor = Goldilocks.one
    for row in 0..<rowCount {
        let offset = row &* columnCount
        for column in 0..<columnCount {
            (target + (offset &+ column)).initialize(to: source[offset &+ column] * factor)
        }
        factor *= base
    }
}
