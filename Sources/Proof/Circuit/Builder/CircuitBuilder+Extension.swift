package import Field

/// Arithmetic of the extension field: a tenth or a sixth of a row for each operation, in degree 2
/// or 3. An operation asked for twice is done once.
extension CircuitBuilder {
    package mutating func addVirtualExtension(degree: Int) -> ExtensionTarget {
        ExtensionTarget(addVirtualTargets(degree))
    }

    package mutating func constant(_ value: some ExtensionField) -> ExtensionTarget {
        ExtensionTarget(constant(value.coefficients))
    }

    /// `target` as an element of the extension.
    package mutating func embed(_ target: Target, degree: Int) -> ExtensionTarget {
        let zero = zero()
        return ExtensionTarget([target] + Array(repeating: zero, count: degree - 1))
    }

    package mutating func embed(_ value: Goldilocks, degree: Int) -> ExtensionTarget {
        let target = constant(value)
        return embed(target, degree: degree)
    }

    package mutating func assertEqual(_ first: ExtensionTarget, _ second: ExtensionTarget) {
        precondition(first.degree == second.degree, "two elements of different extensions")
        for (first, second) in zip(first.elements, second.elements) { assertEqual(first, second) }
    }

    /// `productFactor`·`x`·`y` + `addendFactor`·`z`.
    package mutating func arithmetic(
        _ productFactor: Goldilocks, _ x: ExtensionTarget, _ y: ExtensionTarget,
        _ addendFactor: Goldilocks, _ z: ExtensionTarget
    ) -> ExtensionTarget {
        let factors = ArithmeticFactors(product: productFactor, addend: addendFactor)
        let operation = ExtensionOperation(factors: factors, x: x, y: y, z: z)
        if let known = extensionResults[operation] { return known }
        let degree = x.degree
        let (row, number) = takeExtensionOperation(factors, degree: degree)
        let first = 4 * degree * number
        for (offset, operand) in [x, y, z].enumerated() {
            assertEqual(operand, extensionWires(row: row, column: first + offset * degree, degree))
        }
        steps.append(.extensionArithmetic(row: row, operation: number, degree: degree))
        let result = extensionWires(row: row, column: first + 3 * degree, degree)
        extensionResults[operation] = result
        return result
    }

    /// `x`·`y` + `z`.
    package mutating func mulAdd(
        _ x: ExtensionTarget, _ y: ExtensionTarget, _ z: ExtensionTarget
    ) -> ExtensionTarget { arithmetic(.one, x, y, .one, z) }

    /// `x`·`y` − `z`.
    package mutating func mulSubtract(
        _ x: ExtensionTarget, _ y: ExtensionTarget, _ z: ExtensionTarget
    ) -> ExtensionTarget { arithmetic(.one, x, y, -.one, z) }

    package mutating func mul(_ x: ExtensionTarget, _ y: ExtensionTarget) -> ExtensionTarget {
        let zero = embed(.zero, degree: x.degree)
        return mulAdd(x, y, zero)
    }

    package mutating func add(_ x: ExtensionTarget, _ y: ExtensionTarget) -> ExtensionTarget {
        let one = embed(.one, degree: x.degree)
        return mulAdd(x, one, y)
    }

    package mutating func sub(_ x: ExtensionTarget, _ y: ExtensionTarget) -> ExtensionTarget {
        let one = embed(.one, degree: x.degree)
        return mulSubtract(x, one, y)
    }

    /// `x` squared `count` times.
    package mutating func squared(_ x: ExtensionTarget, times count: Int) -> ExtensionTarget {
        var result = x
        for _ in 0..<count { result = mul(result, result) }
        return result
    }

    /// (`minuend` − `subtrahend`) / `divisor`, which is not zero: a quotient of zero by zero is
    /// whatever the prover likes. One operation.
    package mutating func quotient(
        of minuend: ExtensionTarget, minus subtrahend: ExtensionTarget,
        by divisor: ExtensionTarget
    ) -> ExtensionTarget {
        let degree = minuend.degree
        let quotient = ExtensionTarget(
            hint(
                minuend.elements + subtrahend.elements + divisor.elements, outputCount: degree
            ) { values in
                degree == QuadraticExtension.degree
                    ? Self.quotient(values, QuadraticExtension.self)
                    : Self.quotient(values, CubicExtension.self)
            })
        let sum = mulAdd(quotient, divisor, subtrahend)
        assertEqual(sum, minuend)
        return quotient
    }

    private static func quotient<Extension: ExtensionField>(
        _ values: [Goldilocks], _: Extension.Type
    ) -> [Goldilocks] {
        let (minuend, subtrahend, divisor) = (
            Extension { values[$0] }, Extension { values[Extension.degree + $0] },
            Extension { values[2 * Extension.degree + $0] }
        )
        return ((minuend - subtrahend) * (divisor.inverse ?? .zero)).coefficients
    }

    func extensionWires(row: Int, column: Int, _ degree: Int) -> ExtensionTarget {
        ExtensionTarget((0..<degree).map { .wire(row: row, column: column + $0) })
    }
}

/// Rows that do one thing.
extension CircuitBuilder {
    /// Σ `point`ⁱ · `coefficients[i]` over the base field: a row for each 74 or 71 coefficients in
    /// degree 2 or 3.
    package mutating func reduce(
        _ coefficients: [Target], at point: ExtensionTarget
    ) -> ExtensionTarget {
        reduce(coefficients.map { [$0] }, at: point, gate: .reducingBase)
    }

    /// Σ `point`ⁱ · `coefficients[i]`: a row for each 37 or 23 coefficients in degree 2 or 3.
    package mutating func reduce(
        _ coefficients: [ExtensionTarget], at point: ExtensionTarget
    ) -> ExtensionTarget {
        reduce(coefficients.map(\.elements), at: point, gate: .reducingExtension)
    }

    private mutating func reduce(
        _ coefficients: [[Target]], at point: ExtensionTarget, gate: GateKind
    ) -> ExtensionTarget {
        let degree = point.degree
        let width = gate == .reducingBase ? 1 : degree
        let firstColumn = 3 * degree
        let perRow = (CircuitParameters.routedWireCount - firstColumn) / width
        let zero = zero()
        let rowCount = max(1, (coefficients.count + perRow - 1) / perRow)
        let padding = [[Target]](
            repeating: [Target](repeating: zero, count: width),
            count: rowCount * perRow - coefficients.count)
        let padded = padding + coefficients.reversed()
        var sum = embed(.zero, degree: degree)
        for first in stride(from: 0, to: padded.count, by: perRow) {
            let row = addRow(gate, extensionDegree: degree)
            assertEqual(point, extensionWires(row: row, column: degree, degree))
            assertEqual(sum, extensionWires(row: row, column: 2 * degree, degree))
            for (index, coefficient) in padded[first..<first + perRow].joined().enumerated() {
                assertEqual(coefficient, .wire(row: row, column: firstColumn + index))
            }
            steps.append(.row(row, gate: gate, degree: degree))
            sum = extensionWires(row: row, column: 0, degree)
        }
        return sum
    }

    /// The item at `position`, bits from the lowest on, among 2^`position.count` ≤ 16 lists of at
    /// most four targets, all equally long. One row.
    package mutating func element(
        at position: [BoolTarget], of items: [[Target]]
    ) -> [Target] {
        precondition(
            position.count <= RandomAccessGate.bitCount && items.count == 1 << position.count,
            "\(items.count) items for \(position.count) bits")
        let length = items[0].count
        guard items.count > 1 else { return items[0] }
        let row = addRow(.randomAccess)
        let zero = zero()
        for index in 0..<RandomAccessGate.bitCount {
            let bit = index < position.count ? position[index].target : zero
            assertEqual(bit, .wire(row: row, column: RandomAccessGate.firstBitColumn + index))
        }
        for index in 0..<RandomAccessGate.itemCount {
            for list in 0..<RandomAccessGate.listCount {
                let isUsed = index < items.count && list < length
                let column =
                    RandomAccessGate.firstItemColumn + index * RandomAccessGate.listCount + list
                assertEqual(isUsed ? items[index][list] : zero, .wire(row: row, column: column))
            }
        }
        steps.append(.row(row, gate: .randomAccess, degree: QuadraticExtension.degree))
        return (0..<length).map {
            .wire(row: row, column: RandomAccessGate.firstOutputColumn + $0)
        }
    }

    /// A folding step: constrains `claimed` to be the value at place `position`, four bits, of
    /// sixteen values of a polynomial, in bit-reversed order, on the coset of `shift`, which is
    /// not zero; returns the polynomial's value at `point`. One row.
    package mutating func interpolate(
        _ values: [ExtensionTarget], shift: Target, position: [BoolTarget],
        claimed: ExtensionTarget, at point: ExtensionTarget
    ) -> ExtensionTarget {
        precondition(values.count == 16 && position.count == 4, "a coset has sixteen points")
        let degree = point.degree
        let row = addRow(.cosetInterpolation, extensionDegree: degree)
        for (index, bit) in position.enumerated() {
            assertEqual(bit.target, .wire(row: row, column: index))
        }
        let inputs = [shift] + point.elements + claimed.elements
        for (index, input) in inputs.enumerated() {
            assertEqual(input, .wire(row: row, column: position.count + index))
        }
        let resultColumn = position.count + inputs.count
        for (index, value) in values.flatMap(\.elements).enumerated() {
            assertEqual(value, .wire(row: row, column: resultColumn + degree + index))
        }
        steps.append(.row(row, gate: .cosetInterpolation, degree: degree))
        return extensionWires(row: row, column: resultColumn, degree)
    }
}
