/// An extension of Goldilocks in which challenges live; elements are polynomials over the base
/// field modulo an irreducible one.
///
/// Code generic over it must be `@inlinable` or specialised: an unspecialised operation costs
/// thirty times a specialised one.
@usableFromInline
package protocol ExtensionField: Hashable, Sendable, CustomStringConvertible {
    /// The number of coefficients.
    static var degree: Int { get }
    static var zero: Self { get }
    static var one: Self { get }
    /// The class of the polynomial x.
    static var generator: Self { get }

    /// The embedding of the base field.
    init(_ base: Goldilocks)
    /// `coefficient` is asked for each of `0 ..< degree`, lowest power of x first.
    init(coefficient: (Int) -> Goldilocks)

    /// Coefficient of x^`index`, `index` in `0 ..< degree`.
    subscript(index: Int) -> Goldilocks { get }

    static func + (lhs: Self, rhs: Self) -> Self
    static func - (lhs: Self, rhs: Self) -> Self
    static func * (lhs: Self, rhs: Self) -> Self
    static func * (lhs: Self, rhs: Goldilocks) -> Self
    static prefix func - (operand: Self) -> Self

    /// Nil for zero.
    var inverse: Self? { get }
}

extension ExtensionField {
    /// Nil unless there are exactly `degree` coefficients.
    @inlinable
    package init?(coefficients: [Goldilocks]) {
        guard coefficients.count == Self.degree else { return nil }
        self.init { coefficients[$0] }
    }

    /// `degree` of them, lowest power of x first.
    @inlinable
    package var coefficients: [Goldilocks] { (0..<Self.degree).map { self[$0] } }

    @inlinable package var squared: Self { self * self }
    @inlinable package var isZero: Bool { self == Self.zero }

    @inlinable
    package static func += (lhs: inout Self, rhs: Self) { lhs = lhs + rhs }
    @inlinable
    package static func -= (lhs: inout Self, rhs: Self) { lhs = lhs - rhs }
    @inlinable
    package static func *= (lhs: inout Self, rhs: Self) { lhs = lhs * rhs }

    /// 0⁰ is 1.
    @inlinable
    package func power(_ exponent: UInt64) -> Self {
        var result = Self.one
        var base = self
        var remaining = exponent
        while remaining > 0 {
            if remaining & 1 == 1 { result *= base }
            base = base.squared
            remaining >>= 1
        }
        return result
    }

    /// `self` squared `count` times.
    @inlinable
    package func squared(times count: Int) -> Self {
        var result = self
        for _ in 0..<count { result = result.squared }
        return result
    }

    /// 1, `self`, `self`², … : `count` powers.
    @inlinable
    package func powers(_ count: Int) -> [Self] {
        var powers: [Self] = []
        powers.reserveCapacity(count)
        var current = Self.one
        for _ in 0..<count {
            powers.append(current)
            current *= self
        }
        return powers
    }

    @usableFromInline package var description: String { "\(coefficients)" }
}
