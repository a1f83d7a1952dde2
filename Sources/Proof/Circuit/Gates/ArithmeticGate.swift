internal import Field

/// Twenty independent operations c₀·x·y + c₁·z = out, sharing the row's constants. Operation k has
/// its x, y, z and out in the wires 4k to 4k + 3; an unused one is satisfied by zeros.
enum ArithmeticGate: Gate {
    static let operationCount = CircuitParameters.routedWireCount / 4
    static let degree = 3
    static let constraintCount = operationCount

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        let productFactor = constants[0]
        let addendFactor = constants[1]
        for first in stride(from: 0, to: operationCount * 4, by: 4) {
            let product = wires[first] * wires[first + 1] * productFactor
            let addend = wires[first + 2] * addendFactor
            sink.requireZero(product + addend - wires[first + 3])
        }
    }
}
