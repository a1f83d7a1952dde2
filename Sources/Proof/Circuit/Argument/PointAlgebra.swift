package import Field

/// Where constraints are evaluated: what columns have there for values, and how these meet the
/// challenges, which are always extension elements.
package protocol PointAlgebra {
    associatedtype Value: AlgebraElement
    associatedtype Challenge: AlgebraElement
    /// What the gates of the extension field compute in.
    associatedtype Extension: ExtensionField
    static func sum(_ challenge: Challenge, _ value: Value) -> Challenge
    static func product(_ challenge: Challenge, _ value: Value) -> Challenge
}

/// A point of the evaluation domain: the prover's.
enum DomainPoint<Element: ExtensionField & AlgebraElement>: PointAlgebra {
    typealias Value = Goldilocks
    typealias Challenge = Element
    typealias Extension = Element

    @inline(__always)
    static func sum(_ challenge: Element, _ value: Goldilocks) -> Element {
        challenge + Element(value)
    }

    @inline(__always)
    static func product(_ challenge: Element, _ value: Goldilocks) -> Element {
        challenge * value
    }
}

/// ζ: the verifier's.
enum ExtensionPoint<Element: ExtensionField & AlgebraElement>: PointAlgebra {
    typealias Value = Element
    typealias Challenge = Element
    typealias Extension = Element

    @inline(__always)
    static func sum(_ challenge: Element, _ value: Element) -> Element { challenge + value }

    @inline(__always)
    static func product(_ challenge: Element, _ value: Element) -> Element { challenge * value }
}

/// A point of the evaluation domain, whose values are yet to come: the prover's program.
enum ProgramPoint<Extension: ExtensionField>: PointAlgebra {
    typealias Value = ConstraintExpression
    typealias Challenge = ExtensionAlgebra<Extension, ConstraintExpression>

    static func sum(_ challenge: Challenge, _ value: ConstraintExpression) -> Challenge {
        challenge + Challenge(embedding: value)
    }

    static func product(_ challenge: Challenge, _ value: ConstraintExpression) -> Challenge {
        challenge * value
    }
}

/// ζ in a circuit that verifies.
package enum SymbolicPoint<Extension: ExtensionField>: PointAlgebra {
    package typealias Value = ConstraintExpression
    package typealias Challenge = ConstraintExpression

    package static func sum(
        _ challenge: ConstraintExpression, _ value: ConstraintExpression
    ) -> ConstraintExpression { challenge + value }

    package static func product(
        _ challenge: ConstraintExpression, _ value: ConstraintExpression
    ) -> ConstraintExpression { challenge * value }
}
