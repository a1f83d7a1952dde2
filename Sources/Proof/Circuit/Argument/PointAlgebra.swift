internal import Field

/// Where constraints are evaluated: what columns have there for values, and how these meet the
/// challenges, which are always extension elements.
protocol PointAlgebra {
    associatedtype Value: AlgebraElement
    associatedtype Challenge: AlgebraElement
    static func sum(_ challenge: Challenge, _ value: Value) -> Challenge
    static func product(_ challenge: Challenge, _ value: Value) -> Challenge
}

/// A point of the evaluation domain: the prover's.
enum DomainPoint<Element: ExtensionField & AlgebraElement>: PointAlgebra {
    typealias Value = Goldilocks
    typealias Challenge = Element

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

    @inline(__always)
    static func sum(_ challenge: Element, _ value: Element) -> Element { challenge + value }

    @inline(__always)
    static func product(_ challenge: Element, _ value: Element) -> Element { challenge * value }
}
