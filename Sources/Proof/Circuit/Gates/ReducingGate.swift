internal import Field

/// How many elements of the base field a coefficient of a reduction has.
protocol ReductionWidth {
    static func width(inDegree degree: Int) -> Int
}

/// Coefficients in the base field: an oracle's row.
enum BaseCoefficients: ReductionWidth {
    static func width(inDegree degree: Int) -> Int { 1 }
}

/// Coefficients in the extension: openings, a final polynomial, constraints.
enum ExtensionCoefficients: ReductionWidth {
    static func width(inDegree degree: Int) -> Int { degree }
}

/// Horner's rule on a row: out = start·αᵐ + c₀·αᵐ⁻¹ + … + cₘ₋₁ over m coefficients, the highest
/// first. Every four coefficients end in a wire of their own, so that a constraint has the degree
/// of four steps. Leading zeros, with a start of zero, change nothing.
///
/// Wires: out, α, start, coefficients, all routed; then the sums in between. The base field's
/// gate has 74 or 71 coefficients, the extension's 37 or 23, in degree 2 or 3. Source: plonky2
/// `gates/reducing.rs`, which takes a step for each constraint.
enum ReducingGate<Extension: ExtensionField, Width: ReductionWidth>: Gate {
    static var outputColumn: Int { 0 }
    static var pointColumn: Int { Extension.degree }
    static var startColumn: Int { 2 * Extension.degree }
    static var firstCoefficientColumn: Int { 3 * Extension.degree }
    static var coefficientWidth: Int { Width.width(inDegree: Extension.degree) }
    static var coefficientCount: Int {
        (CircuitParameters.routedWireCount - firstCoefficientColumn) / coefficientWidth
    }
    static var firstSumColumn: Int {
        firstCoefficientColumn + coefficientCount * coefficientWidth
    }

    private static var stepsPerConstraint: Int { 4 }
    private static var chunkCount: Int {
        (coefficientCount + stepsPerConstraint - 1) / stepsPerConstraint
    }

    static var degree: Int { stepsPerConstraint + 1 }
    static var constraintCount: Int { chunkCount * Extension.degree }

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        typealias Algebra = ExtensionAlgebra<Extension, Sink.Element>
        let point = Algebra { wires[pointColumn + $0] }
        let square = point * point
        let powers: InlineArray<4, Algebra> = [point, square, square * point, square * square]
        var sum = Algebra { wires[startColumn + $0] }
        for chunk in 0..<chunkCount {
            let range = range(ofChunk: chunk)
            var next = sum * powers[range.count - 1]
            for index in range {
                let column = firstCoefficientColumn + index * coefficientWidth
                let exponent = range.upperBound - 1 - index
                if coefficientWidth == 1 {
                    if exponent == 0 {
                        next = next + Algebra(embedding: wires[column])
                    } else {
                        next = next + powers[exponent - 1] * wires[column]
                    }
                } else {
                    let coefficient = Algebra { wires[column + $0] }
                    next = next + (exponent == 0 ? coefficient : powers[exponent - 1] * coefficient)
                }
            }
            sum = Algebra { wires[sumColumn(ofChunk: chunk) + $0] }
            (next - sum).requireZero(into: &sink)
        }
    }

    /// Wires that a witness must set before the others follow.
    static var inputColumns: Range<Int> { pointColumn..<firstSumColumn }

    static func fill(
        _ value: (Int) -> Goldilocks, write: (_ column: Int, _ value: Goldilocks) -> Void
    ) {
        let point = Extension(reading: value, at: pointColumn)
        var sum = Extension(reading: value, at: startColumn)
        for chunk in 0..<chunkCount {
            for index in range(ofChunk: chunk) {
                let column = firstCoefficientColumn + index * coefficientWidth
                let coefficient =
                    coefficientWidth == 1
                    ? Extension(value(column)) : Extension(reading: value, at: column)
                sum = sum * point + coefficient
            }
            sum.write(at: sumColumn(ofChunk: chunk), write)
        }
    }

    @inline(__always)
    private static func range(ofChunk chunk: Int) -> Range<Int> {
        let first = chunk * stepsPerConstraint
        return first..<min(first + stepsPerConstraint, coefficientCount)
    }

    @inline(__always)
    private static func sumColumn(ofChunk chunk: Int) -> Int {
        chunk + 1 == chunkCount ? outputColumn : firstSumColumn + chunk * Extension.degree
    }
}
