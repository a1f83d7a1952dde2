internal import Field

/// A computation that sets targets from others, run as soon as its inputs are known.
enum WitnessStep: Sendable {
    case constant(Target, Goldilocks)
    case arithmetic(row: Int, operation: Int)
    case splitBits(row: Int)
    case composeBits(row: Int)
    case poseidon2(row: Int)
    case extensionArithmetic(row: Int, operation: Int, degree: Int)
    /// All outputs of a row of `gate` from its inputs.
    case row(Int, gate: GateKind, degree: Int)
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
        case .extensionArithmetic(let row, let operation, let degree):
            (0..<3 * degree).map { .wire(row: row, column: 4 * degree * operation + $0) }
        case .row(let row, let gate, let degree):
            gate.inputColumns(degree: degree).map { .wire(row: row, column: $0) }
        case .hint(let inputs, _, _): inputs
        }
    }
}

/// Gates whose rows are computed as a whole.
extension GateKind {
    fileprivate func inputColumns(degree: Int) -> [Int] {
        degree == QuadraticExtension.degree
            ? inputColumns(over: QuadraticExtension.self) : inputColumns(over: CubicExtension.self)
    }

    private func inputColumns<Extension: ExtensionField>(over: Extension.Type) -> [Int] {
        switch self {
        case .reducingBase: Array(ReducingGate<Extension, BaseCoefficients>.inputColumns)
        case .reducingExtension: Array(ReducingGate<Extension, ExtensionCoefficients>.inputColumns)
        case .randomAccess: RandomAccessGate.inputColumns
        case .cosetInterpolation: CosetInterpolationGate<Extension>.inputColumns
        default: preconditionFailure("no rows of \(self) are computed as a whole")
        }
    }

    /// Computes the other wires of a row and hands each to `write`.
    func fill<Extension: ExtensionField>(
        over: Extension.Type, _ value: (Int) -> Goldilocks,
        write: (_ column: Int, _ value: Goldilocks) -> Void
    ) {
        switch self {
        case .reducingBase:
            ReducingGate<Extension, BaseCoefficients>.fill(value, write: write)
        case .reducingExtension:
            ReducingGate<Extension, ExtensionCoefficients>.fill(value, write: write)
        case .randomAccess:
            RandomAccessGate.fill(value, write: write)
        case .cosetInterpolation:
            CosetInterpolationGate<Extension>.fill(value, write: write)
        default: preconditionFailure("no rows of \(self) are computed as a whole")
        }
    }
}
