internal import Field

/// Expressions in the circuit: the values of equations at a point of the extension field.
extension CircuitBuilder {
    /// The values of `expressions` with `inputs[i]` for input i, which all are of one degree.
    ///
    /// One extension operation for each sum, difference or product; a product that is used once, in
    /// a sum or difference, is part of that. Equal operations are done once.
    package mutating func evaluate(
        _ expressions: [ConstraintExpression], inputs: [ExtensionTarget], degree: Int
    ) -> [ExtensionTarget] {
        var evaluation = ExpressionEvaluation(inputs: inputs, degree: degree)
        for expression in expressions { evaluation.count(expression) }
        return expressions.map { evaluation.value(of: $0, in: &self) }
    }
}

private struct ExpressionEvaluation {
    let inputs: [ExtensionTarget]
    let degree: Int
    private var useCounts: [ObjectIdentifier: Int] = [:]
    private var values: [ObjectIdentifier: ExtensionTarget] = [:]

    init(inputs: [ExtensionTarget], degree: Int) {
        self.inputs = inputs
        self.degree = degree
    }

    mutating func count(_ expression: ConstraintExpression) {
        let key = ObjectIdentifier(expression)
        let count = useCounts[key, default: 0]
        useCounts[key] = count + 1
        guard count == 0 else { return }
        switch expression.form {
        case .constant, .input: break
        case .sum(let first, let second), .difference(let first, let second),
            .product(let first, let second):
            self.count(first)
            self.count(second)
        case .scaled(let operand, _): self.count(operand)
        }
    }

    mutating func value(
        of expression: ConstraintExpression, in builder: inout CircuitBuilder
    ) -> ExtensionTarget {
        let key = ObjectIdentifier(expression)
        if let known = values[key] { return known }
        let result: ExtensionTarget
        switch expression.form {
        case .constant(let constant): result = builder.embed(constant, degree: degree)
        case .input(let index): result = inputs[index]
        case .sum(let first, let second):
            result = sum(first, second, in: &builder)
        case .difference(let first, let second):
            result = difference(first, second, in: &builder)
        case .product, .scaled:
            let (x, y) = factors(of: expression, in: &builder)!
            result = builder.mul(x, y)
        }
        values[key] = result
        return result
    }

    private mutating func sum(
        _ first: ConstraintExpression, _ second: ConstraintExpression,
        in builder: inout CircuitBuilder
    ) -> ExtensionTarget {
        let (product, addend) = isPrivate(first) ? (first, second) : (second, first)
        let z = value(of: addend, in: &builder)
        if isPrivate(product), let (x, y) = factors(of: product, in: &builder) {
            return builder.mulAdd(x, y, z)
        }
        let x = value(of: product, in: &builder)
        return builder.add(x, z)
    }

    private mutating func difference(
        _ first: ConstraintExpression, _ second: ConstraintExpression,
        in builder: inout CircuitBuilder
    ) -> ExtensionTarget {
        if isPrivate(first), let (x, y) = factors(of: first, in: &builder) {
            let z = value(of: second, in: &builder)
            return builder.mulSubtract(x, y, z)
        }
        let z = value(of: first, in: &builder)
        if isPrivate(second), let (x, y) = factors(of: second, in: &builder) {
            return builder.arithmetic(-.one, x, y, .one, z)
        }
        let y = value(of: second, in: &builder)
        return builder.sub(z, y)
    }

    /// Whether nobody else needs the value of this product.
    private func isPrivate(_ expression: ConstraintExpression) -> Bool {
        switch expression.form {
        case .product, .scaled: useCounts[ObjectIdentifier(expression)] == 1
        default: false
        }
    }

    private mutating func factors(
        of expression: ConstraintExpression, in builder: inout CircuitBuilder
    ) -> (ExtensionTarget, ExtensionTarget)? {
        switch expression.form {
        case .product(let first, let second):
            let x = value(of: first, in: &builder)
            return (x, value(of: second, in: &builder))
        case .scaled(let operand, let factor):
            let factor = builder.embed(factor, degree: degree)
            return (value(of: operand, in: &builder), factor)
        default: return nil
        }
    }
}
