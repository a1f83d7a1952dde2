internal import Field

/// A computation that sets targets from others, run as soon as its inputs are known.
enum WitnessStep: Sendable {
    case constant(Target, Goldilocks)
    case arithmetic(row: Int, operation: Int)
    case splitBits(row: Int)
    case composeBits(row: Int)
    case poseidon2(row: Int)
    case hint(
        inputs: [Target], outputs: [Target], @Sendable ([Goldilocks]) -> [Goldilocks])

    var inputs: [Target] {
        switch self {
        case .constant: []
        case .arithmetic(let row, let operation):
            (0..<3).map { .wire(row: row, column: 4 * operation + $0) }
        case .splitBits(let row): [.wire(row: row, column: BaseSumGate.sumColumn)]
        case .composeBits(let row):
            (0..<BaseSumGate.bitCount).map {
                .wire(row: row, column: BaseSumGate.firstBitColumn + $0)
            }
        case .poseidon2(let row):
            (0..<Poseidon2Gate.firstOutputColumn).map { .wire(row: row, column: $0) }
                + [.wire(row: row, column: Poseidon2Gate.swapColumn)]
        case .hint(let inputs, _, _): inputs
        }
    }
}
