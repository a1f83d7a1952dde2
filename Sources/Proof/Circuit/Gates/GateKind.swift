/// The gates of version 1, by ascending degree, which is also their order in the selectors. Every
/// circuit has them all, used or not: so all circuits of a profile share one shape, and a merge
/// may verify leaf and merge proofs alike.
package enum GateKind: UInt8, CaseIterable, Sendable {
    case noop = 1
    case constant
    case publicInput
    case baseSum
    case arithmetic
    case poseidon2

    package var degree: Int {
        switch self {
        case .noop: NoopGate.degree
        case .constant: ConstantGate.degree
        case .publicInput: PublicInputGate.degree
        case .baseSum: BaseSumGate.degree
        case .arithmetic: ArithmeticGate.degree
        case .poseidon2: Poseidon2Gate.degree
        }
    }

    package var constraintCount: Int {
        switch self {
        case .noop: NoopGate.constraintCount
        case .constant: ConstantGate.constraintCount
        case .publicInput: PublicInputGate.constraintCount
        case .baseSum: BaseSumGate.constraintCount
        case .arithmetic: ArithmeticGate.constraintCount
        case .poseidon2: Poseidon2Gate.constraintCount
        }
    }

    /// The largest `constraintCount`.
    static let maximumConstraintCount = allCases.map(\.constraintCount).max()!

    /// The gate's constraints on a row; shapes as in `Gate`.
    @inline(__always)
    package func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        switch self {
        case .noop:
            break
        case .constant:
            ConstantGate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .publicInput:
            PublicInputGate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .baseSum:
            BaseSumGate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .arithmetic:
            ArithmeticGate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .poseidon2:
            Poseidon2Gate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        }
    }
}
