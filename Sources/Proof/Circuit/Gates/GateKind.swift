package import Field

/// The gates of version 2, by ascending degree, which is also their order in the selectors. Every
/// circuit has them all, used or not: so all circuits of a profile share one shape, and a merge
/// may verify leaf and merge proofs alike.
///
/// Some compute in the extension field, and their layout follows from its degree, 2 or 3: all
/// extension rows of a circuit are of the degree of its profile.
package enum GateKind: UInt8, CaseIterable, Sendable {
    case noop = 1
    case constant
    case publicInput
    case baseSum
    case arithmetic
    case arithmeticExtension
    case reducingBase
    case reducingExtension
    case randomAccess
    case cosetInterpolation
    case poseidon2

    package var degree: Int { withType(QuadraticExtension.self) { $0.degree } }

    package func constraintCount(extensionDegree: Int) -> Int {
        extensionDegree == QuadraticExtension.degree
            ? constraintCount(over: QuadraticExtension.self)
            : constraintCount(over: CubicExtension.self)
    }

    func constraintCount<Extension: ExtensionField>(over: Extension.Type) -> Int {
        withType(Extension.self) { $0.constraintCount }
    }

    /// The largest number of constraints: Poseidon2's in either degree.
    static let maximumConstraintCount =
        allCases.flatMap { gate in
            [2, 3].map { gate.constraintCount(extensionDegree: $0) }
        }.max()!

    /// The gate's constraints on a row; shapes as in `Gate`.
    @inline(__always)
    package func constrain<Extension: ExtensionField, Sink: ConstraintSink>(
        over: Extension.Type, wires: Span<Sink.Element>, constants: Span<Sink.Element>,
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
        case .arithmeticExtension:
            ArithmeticExtensionGate<Extension>.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .reducingBase:
            ReducingGate<Extension, BaseCoefficients>.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .reducingExtension:
            ReducingGate<Extension, ExtensionCoefficients>.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .randomAccess:
            RandomAccessGate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .cosetInterpolation:
            CosetInterpolationGate<Extension>.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        case .poseidon2:
            Poseidon2Gate.constrain(
                wires: wires, constants: constants, publicInputsHash: publicInputsHash, into: &sink)
        }
    }

    private func withType<Extension: ExtensionField>(
        _: Extension.Type, _ body: (any Gate.Type) -> Int
    ) -> Int {
        switch self {
        case .noop: body(NoopGate.self)
        case .constant: body(ConstantGate.self)
        case .publicInput: body(PublicInputGate.self)
        case .baseSum: body(BaseSumGate.self)
        case .arithmetic: body(ArithmeticGate.self)
        case .arithmeticExtension: body(ArithmeticExtensionGate<Extension>.self)
        case .reducingBase: body(ReducingGate<Extension, BaseCoefficients>.self)
        case .reducingExtension: body(ReducingGate<Extension, ExtensionCoefficients>.self)
        case .randomAccess: body(RandomAccessGate.self)
        case .cosetInterpolation: body(CosetInterpolationGate<Extension>.self)
        case .poseidon2: body(Poseidon2Gate.self)
        }
    }
}
