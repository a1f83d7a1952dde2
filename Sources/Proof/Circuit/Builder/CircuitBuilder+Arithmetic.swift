package import Field

/// A twentieth of a row for each operation. Sums, products and `mulAdd` share rows, and so do
/// differences and `mulSubtract`; each other pair of factors opens rows of its own.
extension CircuitBuilder {
    /// `productFactor`·`x`·`y` + `addendFactor`·`z`.
    package mutating func arithmetic(
        _ productFactor: Goldilocks, _ x: Target, _ y: Target,
        _ addendFactor: Goldilocks, _ z: Target
    ) -> Target {
        let factors = ArithmeticFactors(product: productFactor, addend: addendFactor)
        let (row, operation) = takeArithmeticOperation(factors)
        for (offset, operand) in [x, y, z].enumerated() {
            assertEqual(operand, .wire(row: row, column: 4 * operation + offset))
        }
        steps.append(.arithmetic(row: row, operation: operation))
        return .wire(row: row, column: 4 * operation + 3)
    }

    /// `x`·`y` + `z`.
    package mutating func mulAdd(_ x: Target, _ y: Target, _ z: Target) -> Target {
        arithmetic(.one, x, y, .one, z)
    }

    /// `x`·`y` − `z`.
    package mutating func mulSubtract(_ x: Target, _ y: Target, _ z: Target) -> Target {
        arithmetic(.one, x, y, -.one, z)
    }

    package mutating func mul(_ x: Target, _ y: Target) -> Target {
        let zero = zero()
        return mulAdd(x, y, zero)
    }

    package mutating func mul(_ x: Target, by factor: Goldilocks) -> Target {
        let factor = constant(factor)
        return mul(x, factor)
    }

    package mutating func add(_ x: Target, _ y: Target) -> Target {
        let one = one()
        return mulAdd(x, one, y)
    }

    package mutating func add(_ x: Target, _ y: Goldilocks) -> Target {
        let y = constant(y)
        return add(x, y)
    }

    package mutating func sub(_ x: Target, _ y: Target) -> Target {
        let one = one()
        return mulSubtract(x, one, y)
    }

    /// A chain of additions; zero for no terms.
    package mutating func sum(_ terms: [Target]) -> Target {
        guard var sum = terms.first else { return zero() }
        for term in terms.dropFirst() { sum = add(sum, term) }
        return sum
    }

    /// `condition` ? `x` : `y`. Two operations.
    package mutating func select(_ condition: BoolTarget, _ x: Target, _ y: Target) -> Target {
        let difference = sub(x, y)
        return mulAdd(condition.target, difference, y)
    }

    package mutating func select(
        _ condition: BoolTarget, _ x: HashTarget, _ y: HashTarget
    ) -> HashTarget {
        HashTarget(zip(x.elements, y.elements).map { select(condition, $0, $1) })
    }

    /// Constrains `target` to 0 or 1.
    @discardableResult
    package mutating func assertBool(_ target: Target) -> BoolTarget {
        let shouldBeZero = mulSubtract(target, target, target)
        assertZero(shouldBeZero)
        return BoolTarget(trusting: target)
    }

    package mutating func not(_ condition: BoolTarget) -> BoolTarget {
        let one = one()
        return BoolTarget(trusting: sub(one, condition.target))
    }

    package mutating func and(_ first: BoolTarget, _ second: BoolTarget) -> BoolTarget {
        BoolTarget(trusting: mul(first.target, second.target))
    }

    /// a + b − a·b.
    package mutating func or(_ first: BoolTarget, _ second: BoolTarget) -> BoolTarget {
        let sum = add(first.target, second.target)
        return BoolTarget(
            trusting: arithmetic(-.one, first.target, second.target, .one, sum))
    }

    /// 1 if `target` is zero, else 0. With a hint i for 1/x: b = 1 − x·i and b·x = 0.
    package mutating func isZero(_ target: Target) -> BoolTarget {
        let inverse = hint([target], outputCount: 1) { [$0[0].inverse ?? .zero] }[0]
        let one = one()
        let isZero = arithmetic(-.one, target, inverse, .one, one)
        let shouldBeZero = mul(isZero, target)
        assertZero(shouldBeZero)
        return BoolTarget(trusting: isZero)
    }

    package mutating func isEqual(_ first: Target, _ second: Target) -> BoolTarget {
        let difference = sub(first, second)
        return isZero(difference)
    }

    /// Whether all four elements are equal.
    package mutating func isEqual(_ first: HashTarget, _ second: HashTarget) -> BoolTarget {
        var all = constant(true)
        for (first, second) in zip(first.elements, second.elements) {
            let equal = isEqual(first, second)
            all = and(all, equal)
        }
        return all
    }

    /// `target` ≠ 0: it has an inverse.
    package mutating func assertNonZero(_ target: Target) {
        let inverse = hint([target], outputCount: 1) { [$0[0].inverse ?? .zero] }[0]
        let product = mul(target, inverse)
        assertOne(product)
    }

    /// Constrains `first` = `second` where `condition` is 1.
    package mutating func assertEqual(
        _ first: Target, _ second: Target, where condition: BoolTarget
    ) {
        let difference = sub(first, second)
        let product = mul(condition.target, difference)
        assertZero(product)
    }

    package mutating func assertEqual(
        _ first: HashTarget, _ second: HashTarget, where condition: BoolTarget
    ) {
        for (first, second) in zip(first.elements, second.elements) {
            assertEqual(first, second, where: condition)
        }
    }
}
