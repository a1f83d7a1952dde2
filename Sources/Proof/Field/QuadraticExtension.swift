/// F_p[x] / (x² − 7), plonky2's own extension; 7 is not a square in Goldilocks.
@frozen
@usableFromInline
package struct QuadraticExtension: ExtensionField {
    /// Value `constant + linear·x`.
    @usableFromInline package var constant: Goldilocks
    @usableFromInline package var linear: Goldilocks

    @inlinable package static var degree: Int { 2 }
    @inlinable package static var zero: Self { Self(0, 0) }
    @inlinable package static var one: Self { Self(1, 0) }
    @inlinable package static var generator: Self { Self(0, 1) }

    @inlinable
    package init(_ constant: Goldilocks, _ linear: Goldilocks) {
        self.constant = constant
        self.linear = linear
    }

    @inlinable
    package init(_ base: Goldilocks) { self.init(base, .zero) }

    @inlinable
    package init(coefficient: (Int) -> Goldilocks) { self.init(coefficient(0), coefficient(1)) }

    @inlinable
    package subscript(index: Int) -> Goldilocks {
        switch index {
        case 0: return constant
        case 1: return linear
        default: preconditionFailure("a quadratic extension has no coefficient \(index)")
        }
    }

    @inlinable
    package static func + (lhs: Self, rhs: Self) -> Self {
        Self(lhs.constant + rhs.constant, lhs.linear + rhs.linear)
    }

    @inlinable
    package static func - (lhs: Self, rhs: Self) -> Self {
        Self(lhs.constant - rhs.constant, lhs.linear - rhs.linear)
    }

    @inlinable
    package static prefix func - (operand: Self) -> Self {
        Self(-operand.constant, -operand.linear)
    }

    @inlinable
    package static func * (lhs: Self, rhs: Self) -> Self {
        Self(
            lhs.constant * rhs.constant + Goldilocks(7) * (lhs.linear * rhs.linear),
            lhs.constant * rhs.linear + lhs.linear * rhs.constant)
    }

    @inlinable
    package static func * (lhs: Self, rhs: Goldilocks) -> Self {
        Self(lhs.constant * rhs, lhs.linear * rhs)
    }

    /// The conjugate over the norm.
    @inlinable
    package var inverse: Self? {
        let norm = constant.squared - Goldilocks(7) * linear.squared
        guard let inverse = norm.inverse else { return nil }
        return Self(constant * inverse, -linear * inverse)
    }
}
