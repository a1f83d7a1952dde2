/// Rows of field elements in one flat row-major buffer: element `(row, column)` is at
/// `row * columnCount + column`. Columns are polynomials, rows are points.
@usableFromInline
package struct FieldMatrix: Hashable, Sendable {
    @usableFromInline package let rowCount: Int
    @usableFromInline package let columnCount: Int
    /// `rowCount * columnCount` of them.
    @usableFromInline package var elements: [Goldilocks]

    package init(rowCount: Int, columnCount: Int, elements: [Goldilocks]) {
        precondition(
            rowCount >= 0 && columnCount >= 0 && elements.count == rowCount * columnCount,
            "\(elements.count) elements are not \(rowCount) rows of \(columnCount)")
        self.rowCount = rowCount
        self.columnCount = columnCount
        self.elements = elements
    }

    /// All zero.
    package init(rowCount: Int, columnCount: Int) {
        self.init(
            rowCount: rowCount, columnCount: columnCount,
            elements: [Goldilocks](repeating: .zero, count: rowCount * columnCount))
    }

    /// `initialise` fills all the `rowCount * columnCount` elements of the buffer.
    package init(
        rowCount: Int, columnCount: Int,
        initialise: (UnsafeMutableBufferPointer<Goldilocks>) -> Void
    ) {
        self.init(
            rowCount: rowCount, columnCount: columnCount,
            elements: [Goldilocks](unsafeUninitializedCapacity: rowCount * columnCount) {
                initialise($0)
                $1 = rowCount * columnCount
            })
    }

    /// Columns of equal length; there is at least one.
    package init(columns: [[Goldilocks]]) {
        let rowCount = columns[0].count
        self.init(rowCount: rowCount, columnCount: columns.count)
        for (columnIndex, column) in columns.enumerated() {
            precondition(column.count == rowCount, "columns of different lengths")
            for row in 0..<rowCount { self[row, columnIndex] = column[row] }
        }
    }

    @inlinable
    package subscript(row: Int, column: Int) -> Goldilocks {
        get { elements[row &* columnCount &+ column] }
        set { elements[row &* columnCount &+ column] = newValue }
    }

    @inlinable
    package func row(_ index: Int) -> ArraySlice<Goldilocks> {
        elements[index * columnCount..<(index + 1) * columnCount]
    }

    package func column(_ index: Int) -> [Goldilocks] {
        (0..<rowCount).map { self[$0, index] }
    }

    /// Exchanges each row with the one whose index has the reversed bits; `rowCount` is a power
    /// of two.
    package mutating func bitReverseRows() {
        let rows = RowKernels(columnCount: columnCount, instructions: .inUse)
        elements.withUnsafeMutableBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            rows.reverseBits(base, rowCount: rowCount)
        }
    }
}

/// The lowest `bits` bits of `index` in reverse order; `index` is below 2^`bits`.
@inlinable
package func reversedBits(_ index: Int, bits: Int) -> Int {
    guard bits > 0 else { return 0 }
    return Int(truncatingIfNeeded: UInt64(truncatingIfNeeded: index).bitSwapped >> (64 - bits))
}

extension UInt64 {
    @usableFromInline
    var bitSwapped: UInt64 {
        var value = self
        value = (value >> 1) & 0x5555_5555_5555_5555 | (value & 0x5555_5555_5555_5555) << 1
        value = (value >> 2) & 0x3333_3333_3333_3333 | (value & 0x3333_3333_3333_3333) << 2
        value = (value >> 4) & 0x0F0F_0F0F_0F0F_0F0F | (value & 0x0F0F_0F0F_0F0F_0F0F) << 4
        return value.byteSwapped
    }
}
