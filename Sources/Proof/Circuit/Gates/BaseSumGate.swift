internal import Field

/// Wire 0 is the sum of 2ⁱ · wire (1 + i) over 63 wires that are 0 or 1. The sum is below 2⁶³, hence
/// below the modulus: the bits of a value are unique.
enum BaseSumGate: Gate {
    static let bitCount = CircuitParameters.splitBitCount
    static let sumColumn = 0
    static let firstBitColumn = 1
    static let degree = 2
    static let constraintCount = 1 + bitCount

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        var sum = Sink.Element(embedding: .zero)
        for column in (firstBitColumn..<firstBitColumn + bitCount).reversed() {
            sum = sum + sum + wires[column]
        }
        sink.requireZero(sum - wires[sumColumn])
        for column in firstBitColumn..<firstBitColumn + bitCount {
            sink.requireZero(wires[column] * wires[column] - wires[column])
        }
    }
}
