/// Takes the constraints of a row one by one; each must be zero.
package protocol ConstraintSink {
    associatedtype Element: AlgebraElement
    mutating func requireZero(_ value: Element)
}

/// The equations of one kind of row.
///
/// Shapes of the arguments of `constrain`: `wires` is `CircuitParameters.wireCount` long,
/// `constants` is `constantsPerRow` long, `publicInputsHash` is 4 long.
protocol Gate {
    /// Total degree of the highest constraint in wires and constants.
    static var degree: Int { get }
    static var constraintCount: Int { get }

    /// Hands exactly `constraintCount` values to `sink`, always in the same order.
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink)
}

/// Keeps what it is given: for checks of single rows and for tests.
package struct CollectingSink<Element: AlgebraElement>: ConstraintSink {
    package private(set) var values: [Element] = []

    package init() {}

    package mutating func requireZero(_ value: Element) { values.append(value) }
}
