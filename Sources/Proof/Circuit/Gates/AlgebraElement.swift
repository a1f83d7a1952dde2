package import Field

/// What a gate's equations are written over: the base field on the evaluation domain, the
/// extension field at ζ and, for circuits that verify proofs, expressions over their targets.
/// One text of an equation serves them all, so prover and verifiers cannot come to differ.
package protocol AlgebraElement {
    init(embedding value: Goldilocks)
    static func + (lhs: Self, rhs: Self) -> Self
    static func - (lhs: Self, rhs: Self) -> Self
    static func * (lhs: Self, rhs: Self) -> Self
    /// Multiplication by a constant, cheaper than embedding it first.
    func scaled(by constant: Goldilocks) -> Self
}

extension Goldilocks: AlgebraElement {
    @inline(__always)
    package init(embedding value: Goldilocks) { self = value }

    @inline(__always)
    package func scaled(by constant: Goldilocks) -> Goldilocks { self * constant }
}

extension AlgebraElement {
    /// x⁷, the s-box of Poseidon2.
    @inline(__always)
    var seventhPower: Self {
        let square = self * self
        return square * square * square * self
    }
}

extension QuadraticExtension: AlgebraElement {
    @inline(__always)
    package init(embedding value: Goldilocks) { self.init(value) }

    @inline(__always)
    package func scaled(by constant: Goldilocks) -> QuadraticExtension { self * constant }
}

extension CubicExtension: AlgebraElement {
    @inline(__always)
    package init(embedding value: Goldilocks) { self.init(value) }

    @inline(__always)
    package func scaled(by constant: Goldilocks) -> CubicExtension { self * constant }
}
