import Field

// The loops over coefficients: generic over the extension, hence specialised here for both.

/// Sets the values of columns `columns` at the point with these powers: the sum over rows of
/// row · pointⁱ.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func evaluateColumns<Element: ExtensionField>(
    _ coefficients: FieldMatrix, _ columns: Range<Int>, powers: [Element],
    into values: UnsafeMutableBufferPointer<Element>
) {
    coefficients.elements.withUnsafeBufferPointer { elements in
        values.initialize(repeating: .zero)
        for row in 0..<coefficients.rowCount {
            let start = row &* coefficients.columnCount &+ columns.lowerBound
            let power = powers[row]
            for position in 0..<values.count {
                values[position] = values[position] + power * elements[start &+ position]
            }
        }
    }
}

/// Adds to `sums[row]`, for the rows `rows`, the row of `columns`, each column times its weight.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func accumulate<Element: ExtensionField>(
    _ sums: UnsafeMutableBufferPointer<Element>, _ rows: Range<Int>, _ coefficients: FieldMatrix,
    _ columns: Range<Int>, weights: ArraySlice<Element>
) {
    coefficients.elements.withUnsafeBufferPointer { elements in
        weights.withUnsafeBufferPointer { weights in
            for row in rows {
                let start = row &* coefficients.columnCount &+ columns.lowerBound
                var sum = sums[row]
                for position in 0..<weights.count {
                    sum = sum + weights[position] * elements[start &+ position]
                }
                sums[row] = sum
            }
        }
    }
}

/// Adds to `total` the quotient of `polynomial` by X − `point`, without its remainder.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func addQuotient<Element: ExtensionField>(
    of polynomial: [Element], byRoot point: Element, to total: inout [Element]
) {
    var carry = Element.zero
    for index in polynomial.indices.reversed() {
        total[index] = total[index] + carry
        carry = polynomial[index] + point * carry
    }
}

/// Coefficient j of the result is Σᵢ challengeⁱ · `polynomial[arity · j + i]`.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func fold<Element: ExtensionField>(
    _ polynomial: [Element], arity: Int, at challenge: Element
) -> [Element] {
    stride(from: 0, to: polynomial.count, by: arity).map { start in
        (start..<start + arity).reversed().reduce(.zero) { $0 * challenge + polynomial[$1] }
    }
}

/// The value of `polynomial` at a point of the base field.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func evaluate<Element: ExtensionField>(_ polynomial: [Element], at point: Goldilocks) -> Element {
    polynomial.reversed().reduce(.zero) { $0 * point + $1 }
}

/// A column for each coefficient of the extension.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func matrix<Element: ExtensionField>(of elements: [Element]) -> FieldMatrix {
    FieldMatrix(rowCount: elements.count, columnCount: Element.degree) { buffer in
        for (row, element) in elements.enumerated() {
            for column in 0..<Element.degree {
                buffer.initializeElement(at: row * Element.degree + column, to: element[column])
            }
        }
    }
}

/// Σ `weights[first + i]` · `row[columns.lowerBound + i]`.
@specialized(where Element == QuadraticExtension)
@specialized(where Element == CubicExtension)
func weightedSum<Element: ExtensionField>(
    _ row: [Goldilocks], _ columns: Range<Int>, _ weights: [Element], from first: Int
) -> Element {
    var sum = Element.zero
    for (offset, column) in columns.enumerated() {
        sum = sum + weights[first + offset] * row[column]
    }
    return sum
}
