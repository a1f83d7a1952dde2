/// F_p[x] / (x³ − x − 1): 192 bits, room for a hundred bits that are proven and not conjectured.
@frozen
@usableFromInline
package struct CubicExtension: ExtensionField {
    /// Value `constant + linear·x + quadratic·x²`.
    @usableFromInline package var constant: Goldilocks
    @usableFromInline package var linear: Goldilocks
    @usableFromInline package var quadratic: Goldilocks

    @inlinable package static var degree: Int { 3 }
    @inlinable package static var zero: Self { Self(0, 0, 0) }
    @inlinable package static var one: Self { Self(1, 0, 0) }
    @inlinable package static var generator: Self { Self(0, 1, 0) }

    @inlinable
    package init(_ constant: Goldilocks, _ linear: Goldilocks, _ quadratic: Goldilocks) {
        self.constant = constant
        self.linear = linear
        self.quadratic = quadratic
    }

    @inlinable
    package init(_ base: Goldilocks) { self.init(base, .zero, .zero) }

    @inlinable
    package init(coefficient: (Int) -> Goldilocks) {
        self.init(coefficient(0), coefficient(1), coefficient(2))
    }

    @inlinable
    package subscript(index: Int) -> Goldilocks {
        switch index {
        case 0: return constant
        case 1: return linear
        case 2: return quadratic
        default: preconditionFailure("a cubic extension has no coefficient \(index)")
        }
    }

    @inlinable
    package static func + (lhs: Self, rhs: Self) -> Self {
        Self(
            lhs.constant + rhs.constant, lhs.linear + rhs.linear, lhs.quadratic + rhs.quadratic)
    }

    @inlinable
    package static func - (lhs: Self, rhs: Self) -> Self {
        Self(
            lhs.constant - rhs.constant, lhs.linear - rhs.linear, lhs.quadratic - rhs.quadratic)
    }

    @inlinable
    package static prefix func - (operand: Self) -> Self {
        Self(-operand.constant, -operand.linear, -operand.quadratic)
    }

    /// Schoolbook, then x³ = x + 1 and x⁴ = x² + x.
    @inlinable
    package static func * (lhs: Self, rhs: Self) -> Self {
        let cubic = lhs.linear * rhs.quadratic + lhs.quadratic * rhs.linear
        let quartic = lhs.quadratic * rhs.quadratic
        return Self(
            lhs.constant * rhs.constant + cubic,
            lhs.constant * rhs.linear + lhs.linear * rhs.constant + cubic + quartic,
            lhs.constant * rhs.quadratic + lhs.linear * rhs.linear
                + lhs.quadratic * rhs.constant + quartic)
    }

    @inlinable
    package static func * (lhs: Self, rhs: Goldilocks) -> Self {
        Self(lhs.constant * rhs, lhs.linear * rhs, lhs.quadratic * rhs)
    }

    /// First column of the inverse of the matrix of multiplication by `self`, by cofactors; its
    /// determinant is the norm.
    @inlinable
    package var inverse: Self? {
        let outer = constant + quadratic
        let inner = linear + quadratic
        let cofactors = Self(
            outer.squared - linear * inner,
            quadratic * inner - linear * outer,
            linear.squared - quadratic * outer)
        let norm =
            constant * cofactors.constant + quadratic * cofactors.linear
            + linear * cofactors.quadratic
        guard let inverse = norm.inverse else { return nil }
        return cofactors * inverse
    }
}
