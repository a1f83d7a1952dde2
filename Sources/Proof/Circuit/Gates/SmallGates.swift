/// A row without constraints: padding.
enum NoopGate: Gate {
    static let degree = 0
    static let constraintCount = 0

    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {}
}

/// Wire i equals the row's constant i.
enum ConstantGate: Gate {
    static let degree = 1
    static let constraintCount = CircuitParameters.constantsPerRow

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        for index in 0..<constraintCount { sink.requireZero(wires[index] - constants[index]) }
    }
}

/// Wires 0 to 3 equal the digest of the public inputs, which the verifier computes himself. The
/// circuit hashes its public inputs into these wires.
enum PublicInputGate: Gate {
    static let degree = 1
    static let constraintCount = 4

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        for index in 0..<constraintCount {
            sink.requireZero(wires[index] - publicInputsHash[index])
        }
    }
}
