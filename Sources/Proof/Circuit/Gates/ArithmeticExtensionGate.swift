internal import Field

/// As many independent operations c₀·x·y + c₁·z = out over the extension as routed wires allow,
/// sharing the row's constants, which are base elements: 10 of the quadratic, 6 of the cubic.
/// Operation k has its x, y, z and out in the wires from 4·k·degree on.
enum ArithmeticExtensionGate<Extension: ExtensionField>: Gate {
    static var operationCount: Int { CircuitParameters.routedWireCount / (4 * Extension.degree) }
    static var degree: Int { 3 }
    static var constraintCount: Int { operationCount * Extension.degree }

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        typealias Algebra = ExtensionAlgebra<Extension, Sink.Element>
        let productFactor = constants[0]
        let addendFactor = constants[1]
        for operation in 0..<operationCount {
            let first = operation * 4 * Extension.degree
            let x = Algebra { wires[first + $0] }
            let y = Algebra { wires[first + Extension.degree + $0] }
            let z = Algebra { wires[first + 2 * Extension.degree + $0] }
            let out = Algebra { wires[first + 3 * Extension.degree + $0] }
            (x * y * productFactor + z * addendFactor - out).requireZero(into: &sink)
        }
    }
}
