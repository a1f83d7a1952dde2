internal import Field

/// One folding step of FRI for one query. Sixteen values of a polynomial of degree below 16 stand
/// in bit-reversed order on the coset shift·⟨ω⟩ of sixteen points: `claimed` is the one at place
/// `bits`, and `result` is the polynomial's value at `point`.
///
/// Scaled by the coset's shift the points are a subgroup, whose halvings have constants for
/// points: with t = point / shift, four times two neighbours f(x) and f(−x) become
/// (f(x) + f(−x)) / 2 + t·(f(x) − f(−x)) / 2x, and t becomes t², as in `FRIVerifier.interpolate`.
/// The four powers of t have wires, so the result's degree is four and that of a value.
///
/// Wires: bits (4), shift, point, claimed, result, values, all routed; then t, t², t⁴, t⁸. The
/// shift is never zero, or t would be free: the circuit computes it as a product of roots.
enum CosetInterpolationGate<Extension: ExtensionField>: Gate {
    static var bitCount: Int { 4 }
    static var valueCount: Int { 1 << bitCount }
    static var firstBitColumn: Int { 0 }
    static var shiftColumn: Int { bitCount }
    static var pointColumn: Int { bitCount + 1 }
    static var claimedColumn: Int { pointColumn + Extension.degree }
    static var resultColumn: Int { pointColumn + 2 * Extension.degree }
    static var firstValueColumn: Int { pointColumn + 3 * Extension.degree }
    static var firstPowerColumn: Int { firstValueColumn + valueCount * Extension.degree }

    static var degree: Int { 5 }
    static var constraintCount: Int { bitCount + (bitCount + 2) * Extension.degree }

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        typealias Algebra = ExtensionAlgebra<Extension, Sink.Element>
        for index in 0..<bitCount {
            let bit = wires[firstBitColumn + index]
            sink.requireZero(bit * bit - bit)
        }
        let bits = InlineArray<4, Sink.Element> { wires[firstBitColumn + $0] }
        for coefficient in 0..<Extension.degree {
            let value = RandomAccessGate.selected(by: bits) {
                wires[firstValueColumn + $0 * Extension.degree + coefficient]
            }
            sink.requireZero(value - wires[claimedColumn + coefficient])
        }
        let powers = InlineArray<4, Algebra> { power in
            Algebra { wires[firstPowerColumn + power * Extension.degree + $0] }
        }
        (powers[0] * wires[shiftColumn] - Algebra { wires[pointColumn + $0] })
            .requireZero(into: &sink)
        for index in 1..<bitCount {
            (powers[index - 1] * powers[index - 1] - powers[index]).requireZero(into: &sink)
        }
        let result = folded(powers: powers) { place in
            Algebra { wires[firstValueColumn + place * Extension.degree + $0] }
        }
        (result - Algebra { wires[resultColumn + $0] }).requireZero(into: &sink)
    }

    @inline(__always)
    private static func folded<Element: AlgebraElement>(
        powers: InlineArray<4, ExtensionAlgebra<Extension, Element>>,
        _ value: (Int) -> ExtensionAlgebra<Extension, Element>
    ) -> ExtensionAlgebra<Extension, Element> {
        let table = CosetFolding.halfInversePoints
        var values = InlineArray<8, ExtensionAlgebra<Extension, Element>> { pair in
            fold(value(2 * pair), value(2 * pair + 1), by: powers[0], table[pair])
        }
        var count = 4
        for level in 1..<bitCount {
            for pair in 0..<count {
                values[pair] = fold(
                    values[2 * pair], values[2 * pair + 1], by: powers[level], table[pair])
            }
            count /= 2
        }
        return values[0]
    }

    @inline(__always)
    private static func fold<Element: AlgebraElement>(
        _ first: ExtensionAlgebra<Extension, Element>,
        _ second: ExtensionAlgebra<Extension, Element>,
        by power: ExtensionAlgebra<Extension, Element>, _ halfInversePoint: Goldilocks
    ) -> ExtensionAlgebra<Extension, Element> {
        (first + second).scaled(by: CosetFolding.half)
            + power * (first - second).scaled(by: halfInversePoint)
    }

    /// Wires that a witness must set before the others follow.
    static var inputColumns: [Int] {
        Array(firstBitColumn..<claimedColumn) + Array(firstValueColumn..<firstPowerColumn)
    }

    static func fill(
        _ value: (Int) -> Goldilocks, write: (_ column: Int, _ value: Goldilocks) -> Void
    ) {
        let bits = InlineArray<4, Goldilocks> { value(firstBitColumn + $0) }
        for coefficient in 0..<Extension.degree {
            let claimed = RandomAccessGate.selected(by: bits) {
                value(firstValueColumn + $0 * Extension.degree + coefficient)
            }
            write(claimedColumn + coefficient, claimed)
        }
        // A shift of zero breaks the row, whatever is written.
        let inverse = value(shiftColumn).inverse ?? .zero
        var power = Extension(reading: value, at: pointColumn) * inverse
        var values = (0..<valueCount).map {
            Extension(reading: value, at: firstValueColumn + $0 * Extension.degree)
        }
        for level in 0..<bitCount {
            power.write(at: firstPowerColumn + level * Extension.degree, write)
            values = (0..<values.count / 2).map { pair in
                let (first, second) = (values[2 * pair], values[2 * pair + 1])
                return (first + second) * CosetFolding.half
                    + power * ((first - second) * CosetFolding.halfInversePoints[pair])
            }
            power *= power
        }
        values[0].write(at: resultColumn, write)
    }
}

/// The constants of halving a polynomial on the sixteenth roots of unity.
enum CosetFolding {
    static let half: Goldilocks = inverse(of: 2)

    /// 1 / 2x for the first point x of each pair, in bit-reversed order. That order makes the
    /// points of a later halving the first ones of this list: the squares of points 0, 2, 4, …
    /// are in bit-reversed order themselves.
    static let halfInversePoints: [Goldilocks] = {
        let root = Goldilocks.rootOfUnity(bits: 4)
        return (0..<8).map { pair in
            inverse(of: root.power(UInt64(reversedBits(pair, bits: 3))) * 2)
        }
    }()

    private static func inverse(of element: Goldilocks) -> Goldilocks {
        guard let inverse = element.inverse else { preconditionFailure("zero has no inverse") }
        return inverse
    }
}
