import CGoldilocks

/// The loops of a transform over raw rows of `columnCount` elements. Uninitialised memory is the
/// same as initialised for a trivial type, and the kernels only write what they are to write.
struct RowKernels {
    let columnCount: Int
    let instructions: InstructionSet

    /// Below this a call costs more than it saves.
    private static let narrowestWideRow = 8

    /// Decimation in frequency of `rowCount` rows: natural order in, bit-reversed order out.
    /// `twiddles[j]` is the j-th power of the root of order `rowCount`, for its first half.
    func transform(
        _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int, _ twiddles: [Goldilocks]
    ) {
        twiddles.withUnsafeBufferPointer { transform(rows, rowCount, $0, stride: 1) }
    }

    /// As above with the root's powers `stride` apart; depth first.
    private func transform(
        _ rows: UnsafeMutablePointer<Goldilocks>, _ rowCount: Int,
        _ twiddles: UnsafeBufferPointer<Goldilocks>, stride: Int
    ) {
        guard rowCount > 1 else { return }
        let half = rowCount / 2
        for row in 0..<half {
            butterfly(
                rows + row &* columnCount, rows + (row &+ half) &* columnCount,
                twiddles[row &* stride])
        }
        transform(rows, half, twiddles, stride: stride * 2)
        transform(rows + half * columnCount, half, twiddles, stride: stride * 2)
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
            let offset = row &* columnCount
            goldilocks_scale(
                words(source + offset), words(target + offset), columnCount,
                factor.representative, instructions.kernel)
            factor *= base
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
