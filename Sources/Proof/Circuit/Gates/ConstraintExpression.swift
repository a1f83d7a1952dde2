package import Field

/// A gate's equation before anybody evaluates it: a graph of sums and products over numbered
/// inputs, whose parts may be shared. A circuit that verifies proofs is made from these.
package final class ConstraintExpression: AlgebraElement, Sendable {
    enum Form: Sendable {
        case constant(Goldilocks)
        case input(Int)
        case sum(ConstraintExpression, ConstraintExpression)
        case difference(ConstraintExpression, ConstraintExpression)
        case product(ConstraintExpression, ConstraintExpression)
        case scaled(ConstraintExpression, Goldilocks)
    }

    let form: Form

    private init(_ form: Form) { self.form = form }

    package convenience init(embedding value: Goldilocks) { self.init(.constant(value)) }

    /// The input with this number.
    package static func input(_ index: Int) -> ConstraintExpression { .init(.input(index)) }

    package static func + (
        lhs: ConstraintExpression, rhs: ConstraintExpression
    ) -> ConstraintExpression {
        if lhs.isZero { return rhs }
        if rhs.isZero { return lhs }
        if case .constant(let first) = lhs.form, case .constant(let second) = rhs.form {
            return .init(.constant(first + second))
        }
        return .init(.sum(lhs, rhs))
    }

    package static func - (
        lhs: ConstraintExpression, rhs: ConstraintExpression
    ) -> ConstraintExpression {
        if rhs.isZero { return lhs }
        if case .constant(let first) = lhs.form, case .constant(let second) = rhs.form {
            return .init(.constant(first - second))
        }
        return .init(.difference(lhs, rhs))
    }

    package static func * (
        lhs: ConstraintExpression, rhs: ConstraintExpression
    ) -> ConstraintExpression {
        if case .constant(let factor) = lhs.form { return rhs.scaled(by: factor) }
        if case .constant(let factor) = rhs.form { return lhs.scaled(by: factor) }
        return .init(.product(lhs, rhs))
    }

    package func scaled(by constant: Goldilocks) -> ConstraintExpression {
        if constant == .one || isZero { return self }
        if constant.isZero { return .init(.constant(.zero)) }
        if case .constant(let value) = form { return .init(.constant(value * constant)) }
        return .init(.scaled(self, constant))
    }

    var isZero: Bool {
        if case .constant(let value) = form { return value.isZero }
        return false
    }
}
