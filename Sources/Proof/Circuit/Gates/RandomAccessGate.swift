internal import Field

/// Four lists of sixteen, and one place in all of them: output k is item `position` of list k,
/// the position being four bits, lowest first. A digest out of a cap is one row.
///
/// Wires: bits, outputs, then the items, `[item][list]`; all routed. Source: plonky2
/// `gates/random_access.rs`, whose copies each have an index of their own.
enum RandomAccessGate: Gate {
    static let bitCount = 4
    static let listCount = 4
    static let itemCount = 1 << bitCount
    static let firstBitColumn = 0
    static let firstOutputColumn = bitCount
    static let firstItemColumn = firstOutputColumn + listCount

    static let degree = bitCount + 1
    static let constraintCount = bitCount + listCount

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        for index in 0..<bitCount {
            let bit = wires[firstBitColumn + index]
            sink.requireZero(bit * bit - bit)
        }
        let bits = InlineArray<4, Sink.Element> { wires[firstBitColumn + $0] }
        for list in 0..<listCount {
            let item = selected(by: bits) { wires[firstItemColumn + $0 * listCount + list] }
            sink.requireZero(item - wires[firstOutputColumn + list])
        }
    }

    /// Item `bits` of sixteen, in fifteen steps; a bit is 0 or 1.
    @inline(__always)
    static func selected<Element: AlgebraElement>(
        by bits: InlineArray<4, Element>, _ item: (Int) -> Element
    ) -> Element {
        var items = InlineArray<8, Element> { index in
            let low = item(2 * index)
            return low + bits[0] * (item(2 * index + 1) - low)
        }
        var count = 4
        for level in 1..<bitCount {
            for index in 0..<count {
                let low = items[2 * index]
                items[index] = low + bits[level] * (items[2 * index + 1] - low)
            }
            count /= 2
        }
        return items[0]
    }

    /// Wires that a witness must set before the others follow.
    static let inputColumns =
        Array(firstBitColumn..<firstOutputColumn)
        + Array(firstItemColumn..<firstItemColumn + itemCount * listCount)

    static func fill(
        _ value: (Int) -> Goldilocks, write: (_ column: Int, _ value: Goldilocks) -> Void
    ) {
        let bits = InlineArray<4, Goldilocks> { value(firstBitColumn + $0) }
        for list in 0..<listCount {
            write(
                firstOutputColumn + list,
                selected(by: bits) { value(firstItemColumn + $0 * listCount + list) })
        }
    }
}
