import CGoldilocks

/// The loops of a transform over some columns of raw rows: `columnCount` elements of every `stride`.
/// Uninitialised memory is the same as initialised for a trivial type, and the kernels only write
/// what they are to write.
struct RowKernels {
    let columnCount: Int
    let stride: Int
    let instructions: InstructionSet

    init(columnCount: Int, stride: Int? = nil, instructions: InstructionSet) {
        self.columnCount = columnCount
        self.stride = stride ?? columnCount
        self.instructions = instructions
    }

    /// Below this a call costs more than it saves.
    private static let narrowestWideRow = 8

    /// Decimation in frequency of `rowCount` rows: natural order in, bit-reversed order out.
    /// `twiddles[j]` is the j-th power of the root of order `rowCount`, for its first half.
    func transform(
        _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int, _ twiddles: [Goldilocks]
    ) {
        twiddles.withUnsafeBufferPointer { transform(rows, rowCount, $0, spacing: 1) }
    }

    /// As above with the root's powers `spacing` apart; depth first.
    private func transform(
        _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int,
        _ twiddles: UnsafeBufferPointer<Goldilocks>, spacing: Int
    ) {
        guard rowCount > 1 else { return }
        let half = rowCount / 2
        for row in 0..<half {
            butterfly(
                rows + row &* stride, rows + (row &+ half) &* stride, twiddles[row &* spacing])
        }
        transform(rows, half, twiddles, spacing: spacing * 2)
        transform(rows + half * stride, half, twiddles, spacing: spacing * 2)
    }

    /// (x, y) becomes (x + y, (x − y)·twiddle), elementwise.
    @inline(__always)
    private func butterfly(
        _ upper: UnsafeMutablePointer<Goldilocks>, _ lower: UnsafeMutablePointer<Goldilocks>,
        _ twiddle: Goldilocks
    ) {
        guard columnCount < Self.narrowestWideRow else {
            goldilocks_butterfly(
                words(upper), words(lower), columnCount, twiddle.representative,
                instructions.kernel)
            return
        }
        for index in 0..<columnCount {
            let x = upper[index]
            let y = lower[index]
            upper[index] = x + y
            lower[index] = (x - y) * twiddle
        }
    }

    /// Row i times `first`·`base`ⁱ.
    func scale(
        _ rows: UnsafeMutablePointer<Goldilocks>, rowCount: Int, by base: Goldilocks,
        first: Goldilocks = .one
    ) {
        copy(rows, to: rows, rowCount: rowCount, scaledBy: base, first: first)
    }

    /// Row i of `source` times `first`·`base`ⁱ; `target` is `source` or apart from it.
    func copy(
        _ source: UnsafePointer<Goldilocks>, to target: UnsafeMutablePointer<Goldilocks>,
        rowCount: Int, scaledBy base: Goldilocks, first: Goldilocks = .one
    ) {
        var factor = first
        for row in 0..<rowCount {
            let offset = row &* stride
            goldilocks_scale(
                words(source + offset), words(target + offset), columnCount,
                factor.representative, instructions.kernel)
            factor *= base
        }
    }

    /// Exchanges each row with the one whose index has the reversed bits.
    func reverseBits(_ rows: UnsafeMutablePointer<Goldilocks>, rowCount: Int) {
        let bits = rowCount.trailingZeroBitCount
        for row in 0..<rowCount {
            let other = reversedBits(row, bits: bits)
            guard row < other else { continue }
            let (upper, lower) = (rows + row &* stride, rows + other &* stride)
            for column in 0..<columnCount {
                let element = upper[column]
                upper[column] = lower[column]
                lower[column] = element
            }
        }
    }

    /// An element is its representative.
    @inline(__always)
    private func words(_ elements: UnsafeMutablePointer<Goldilocks>)
        -> UnsafeMutablePointer<UInt64>
    {
        UnsafeMutableRawPointer(elements).assumingMemoryBound(to: UInt64.self)
    }

    @inline(__always)
    private func words(_ elements: UnsafePointer<Goldilocks>) -> UnsafePointer<UInt64> {
        UnsafeRawPointer(elements).assumingMemoryBound(to: UInt64.self)
    }
}
