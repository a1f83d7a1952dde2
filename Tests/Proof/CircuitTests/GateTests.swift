import Circuit
import Field
import Hash
import SansIO
import Testing

/// A gate over one of the extensions.
struct GateCase: CustomTestStringConvertible, Sendable {
    let gate: GateKind
    let degree: Int

    static let all = GateKind.allCases.flatMap { gate in
        [GateCase(gate: gate, degree: 2), GateCase(gate: gate, degree: 3)]
    }

    var testDescription: String { "\(gate) in degree \(degree)" }
    var constraintCount: Int { gate.constraintCount(extensionDegree: degree) }

    /// The values of the gate's constraints on a row.
    func constraints<Element: AlgebraElement>(
        _ wires: [Element], _ constants: [Element], _ publicInputsHash: [Element]
    ) -> [Element] {
        var sink = CollectingSink<Element>()
        if degree == 2 {
            gate.constrain(
                over: QuadraticExtension.self, wires: wires.span, constants: constants.span,
                publicInputsHash: publicInputsHash.span, into: &sink)
        } else {
            gate.constrain(
                over: CubicExtension.self, wires: wires.span, constants: constants.span,
                publicInputsHash: publicInputsHash.span, into: &sink)
        }
        return sink.values
    }

    /// The wires that the gate binds.
    var boundColumns: Range<Int> {
        switch gate {
        case .noop: 0..<0
        case .constant: 0..<2
        case .publicInput: 0..<4
        case .baseSum: 0..<64
        case .arithmetic: 0..<80
        case .arithmeticExtension: degree == 2 ? 0..<80 : 0..<72
        case .reducingBase: degree == 2 ? 0..<116 : 0..<131
        case .reducingExtension: degree == 2 ? 0..<98 : 0..<93
        case .randomAccess: 0..<72
        case .cosetInterpolation: 0..<(5 + 23 * degree)
        case .poseidon2: 0..<135
        }
    }

    /// The wire that a constraint gives the value of, if it does.
    func definedColumn(ofConstraint index: Int) -> Int? {
        let (part, coefficient) = (index / degree, index % degree)
        switch gate {
        case .poseidon2:
            switch index {
            case 0: return nil
            case 1..<5: return 24 + index
            case 5..<111: return 24 + index
            default: return 12 + index - 111
            }
        case .baseSum: return index == 0 ? 0 : nil
        case .arithmetic: return 4 * index + 3
        case .arithmeticExtension: return (4 * part + 3) * degree + coefficient
        case .reducingBase:
            return part + 1 == constraintCount / degree ? coefficient : 80 + index
        case .reducingExtension:
            let firstSum = degree == 2 ? 80 : 78
            return part + 1 == constraintCount / degree ? coefficient : firstSum + index
        case .randomAccess: return index < 4 ? nil : index
        case .cosetInterpolation: return definedInterpolationColumn(index - 4)
        case .noop, .constant, .publicInput: return index
        }
    }

    private func definedInterpolationColumn(_ index: Int) -> Int? {
        guard index >= 0 else { return nil }
        let (part, coefficient) = (index / degree, index % degree)
        let firstPower = 5 + 19 * degree
        return switch part {
        case 0: 5 + degree + coefficient
        case 1: 5 + coefficient
        case 5: 5 + 2 * degree + coefficient
        default: firstPower + (part - 1) * degree + coefficient
        }
    }
}

/// A row of one gate that keeps its equations.
struct SampleRow {
    let gate: GateCase
    var wires: [Goldilocks]
    let constants: [Goldilocks]
    let publicInputsHash: [Goldilocks]

    /// A random satisfying row, made by the circuit's own witness generation.
    init(_ gate: GateCase, _ generator: inout SeededGenerator) throws {
        var builder = CircuitBuilder()
        var witness = PartialWitness()
        func random() -> Goldilocks { Goldilocks(generator.next()) }
        let inputs = builder.inputs((0..<90).map { _ in random() }, &witness)
        builder.registerPublicInputs(Array(inputs[..<3]))
        let takesBits = [.randomAccess, .cosetInterpolation, .poseidon2].contains(gate.gate)
        let bits = takesBits ? (0..<4).map { _ in builder.addBool() } : []
        for bit in bits { witness.set(bit, to: generator.next() & 1 == 1) }
        func elements(_ count: Int) -> [ExtensionTarget] {
            (0..<count).map { ExtensionTarget(inputs[$0..<$0 + gate.degree]) }
        }
        switch gate.gate {
        case .noop, .publicInput: break
        case .constant: _ = (builder.constant(random()), builder.constant(random()))
        case .baseSum:
            let target = builder.input(Goldilocks(generator.next() >> 1), &witness)
            _ = builder.splitLittleEndian(target, bitCount: 63)
        case .arithmetic:
            let (product, addend) = (random(), random())
            for index in 0..<20 {
                _ = builder.arithmetic(
                    product, inputs[index], inputs[index + 1], addend, inputs[index + 2])
            }
        case .arithmeticExtension:
            let (product, addend) = (random(), random())
            let operands = elements(12)
            for index in 0..<(gate.degree == 2 ? 10 : 6) {
                _ = builder.arithmetic(
                    product, operands[index], operands[index + 1], addend, operands[index + 2])
            }
        case .reducingBase:
            _ = builder.reduce(Array(inputs[..<(gate.degree == 2 ? 74 : 71)]), at: elements(1)[0])
        case .reducingExtension:
            _ = builder.reduce(elements(gate.degree == 2 ? 37 : 23), at: elements(50)[49])
        case .randomAccess:
            _ = builder.element(
                at: bits, of: (0..<16).map { Array(inputs[4 * $0..<4 * $0 + 4]) })
        case .cosetInterpolation:
            let claimed = builder.addVirtualExtension(degree: gate.degree)
            _ = builder.interpolate(
                elements(16), shift: inputs[60], position: bits, claimed: claimed,
                at: elements(62)[61])
        case .poseidon2:
            _ = builder.permute(Array(inputs[..<12]), swap: bits[0])
        }
        let table = try builder.buildTable(degreeBits: 6)
        let completed = try table.completing(witness)
        try #require(table.firstViolation(completed) == nil)
        let row = try #require(table.gates.firstIndex(of: gate.gate))
        self.gate = gate
        wires = Array(completed.wires.row(row))
        constants = table.constants(ofRow: row)
        publicInputsHash = ExecutionTable.publicInputsHash(completed.publicInputs).elements
    }

    func constraints() -> [Goldilocks] { gate.constraints(wires, constants, publicInputsHash) }

    /// Whether the row's other wires give this one its value; an item that isn't selected is free.
    func isBound(_ column: Int) -> Bool {
        guard gate.gate == .randomAccess, column >= 8 else {
            return gate.boundColumns.contains(column)
        }
        let position = (0..<4).reduce(0) { $0 + (wires[$1] == .one ? 1 << $1 : 0) }
        return (8 + 4 * position..<12 + 4 * position).contains(column)
    }

    var isSatisfied: Bool { constraints().allSatisfy { $0.isZero } }

    /// Makes good what a changed wire breaks elsewhere: each broken constraint but `spared` gets
    /// the wire that it gives its value to set right.
    mutating func repairConstraints(except spared: Int) {
        for index in 0..<gate.constraintCount where index != spared {
            let value = constraints()[index]
            guard !value.isZero, let column = gate.definedColumn(ofConstraint: index) else {
                continue
            }
            // The constraint is (expression − wire).
            wires[column] += value
        }
    }
}

struct GateTests {
    @Test(arguments: GateCase.all)
    func `a satisfying row passes and each changed wire is noticed`(gate: GateCase) throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<4 {
            let row = try SampleRow(gate, &generator)
            #expect(row.constraints().count == gate.constraintCount)
            #expect(row.isSatisfied)
            for column in 0..<135 {
                var changed = row
                changed.wires[column] += Goldilocks(generator.next() | 1)
                let isNoticed = !changed.isSatisfied
                // An operation's z with a factor of zero would go unnoticed; these are random.
                #expect(isNoticed == row.isBound(column), "column \(column)")
            }
        }
    }

    /// If a constraint could be left out and nothing else noticed, it would be the only one that
    /// some row breaks: such a row exists for each constraint, so none can be left out.
    @Test(arguments: GateCase.all)
    func `each constraint is the only one to notice some change`(gate: GateCase) throws {
        var generator = SeededGenerator(seed: 2)
        let row = try SampleRow(gate, &generator)
        for constraint in 0..<gate.constraintCount {
            let isIsolated = (0..<135).contains { column in
                var changed = row
                changed.wires[column] += 5
                changed.repairConstraints(except: constraint)
                let values = changed.constraints()
                return values.indices.allSatisfy { values[$0].isZero == ($0 != constraint) }
            }
            #expect(isIsolated, "constraint \(constraint)")
        }
    }

    @Test(arguments: GateCase.all)
    func `constraints have their gate's degree`(gate: GateCase) {
        // Wires and constants are random lines in t, evaluated at 2^8 points: the constraints'
        // coefficients beyond the degree are zero, and the one of the degree isn't always.
        var generator = SeededGenerator(seed: 3)
        func lines(_ count: Int) -> [(Goldilocks, Goldilocks)] {
            (0..<count).map { _ in (Goldilocks(generator.next()), Goldilocks(generator.next())) }
        }
        let (wires, constants, hash) = (lines(135), lines(2), lines(4))
        let rowCount = 256
        let points = Goldilocks.rootOfUnity(bits: 8).powers(rowCount)
        guard gate.constraintCount > 0 else { return }
        var values = FieldMatrix(rowCount: rowCount, columnCount: gate.constraintCount)
        for (index, point) in points.enumerated() {
            func at(_ lines: [(Goldilocks, Goldilocks)]) -> [Goldilocks] {
                lines.map { $0.0 + $0.1 * point }
            }
            let results = gate.constraints(at(wires), at(constants), at(hash))
            for (column, value) in results.enumerated() { values[index, column] = value }
        }
        NumberTheoreticTransform.interpolate(&values)
        let degree = (0..<rowCount).last { row in values.row(row).contains { !$0.isZero } }
        #expect(degree == gate.gate.degree)
    }

    @Test(arguments: GateCase.all)
    func `both extensions evaluate a gate as the base field does`(gate: GateCase) throws {
        var generator = SeededGenerator(seed: 4)
        func random(_ count: Int) -> [Goldilocks] {
            (0..<count).map { _ in Goldilocks(generator.next()) }
        }
        let (wires, constants, hash) = (random(135), random(2), random(4))
        let expected = gate.constraints(wires, constants, hash)
        let quadratic = gate.constraints(
            wires.map { QuadraticExtension($0) }, constants.map { QuadraticExtension($0) },
            hash.map { QuadraticExtension($0) })
        let cubic = gate.constraints(
            wires.map { CubicExtension($0) }, constants.map { CubicExtension($0) },
            hash.map { CubicExtension($0) })
        #expect(quadratic == expected.map { QuadraticExtension($0) })
        #expect(cubic == expected.map { CubicExtension($0) })
    }

    @Test(arguments: GateCase.all)
    func `a circuit evaluates a gate as the host does`(gate: GateCase) throws {
        if gate.degree == 2 {
            try checkEvaluation(of: gate, over: QuadraticExtension.self)
        } else {
            try checkEvaluation(of: gate, over: CubicExtension.self)
        }
    }

    private func checkEvaluation<Extension: ExtensionField & AlgebraElement>(
        of gate: GateCase, over: Extension.Type
    ) throws {
        var generator = SeededGenerator(seed: 6)
        let values = (0..<141).map { _ in
            Extension { _ in Goldilocks(generator.next()) }
        }
        let expected = gate.constraints(
            Array(values[..<135]), Array(values[135..<137]), Array(values[137...]))
        let inputs = (0..<141).map { ConstraintExpression.input($0) }
        let expressions = gate.constraints(
            Array(inputs[..<135]), Array(inputs[135..<137]), Array(inputs[137...]))
        let broken = try violation(degreeBits: 10) { builder, witness in
            let targets = values.map { value in
                ExtensionTarget(builder.inputs(value.coefficients, &witness))
            }
            let results = builder.evaluate(
                expressions, inputs: targets, degree: Extension.degree)
            #expect(results.count == expected.count)
            for (result, expected) in zip(results, expected) {
                let expected = builder.constant(expected)
                builder.assertEqual(result, expected)
            }
        }
        #expect(broken == nil)
    }

    @Test func `an unused operation is satisfied by zeros`() {
        let zeros = [Goldilocks](repeating: .zero, count: 135)
        for gate in GateCase.all
        where ![.constant, .publicInput, .poseidon2].contains(gate.gate) {
            let values = gate.constraints(zeros, [3, 4], [1, 2, 3, 4])
            #expect(values == [Goldilocks](repeating: .zero, count: gate.constraintCount))
        }
    }

    @Test func `a permutation row computes the host's permutation`() throws {
        var generator = SeededGenerator(seed: 5)
        let row = try SampleRow(GateCase(gate: .poseidon2, degree: 2), &generator)
        var state = InlineArray<12, Goldilocks> { row.wires[$0] }
        if row.wires[24] == .one {
            for index in 0..<4 {
                (state[index], state[index + 4]) = (state[index + 4], state[index])
            }
        }
        Poseidon2.permute(&state)
        #expect((0..<12).map { state[$0] } == Array(row.wires[12..<24]))
    }
}
