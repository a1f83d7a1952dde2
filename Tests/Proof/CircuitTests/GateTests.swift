import Circuit
import Field
import Hash
import SansIO
import Testing

/// A row of one gate that keeps its equations, and which of its wires the gate binds.
struct SampleRow {
    let gate: GateKind
    var wires: [Goldilocks]
    let constants: [Goldilocks]
    let publicInputsHash: [Goldilocks]
    let boundColumns: Range<Int>

    /// A random satisfying row, made by the circuit's own witness generation.
    init(_ gate: GateKind, _ generator: inout SeededGenerator) throws {
        var builder = CircuitBuilder()
        var witness = PartialWitness()
        func random() -> Goldilocks { Goldilocks(generator.next()) }
        let inputs = builder.inputs((0..<24).map { _ in random() }, &witness)
        builder.registerPublicInputs(Array(inputs[..<3]))
        switch gate {
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
        case .poseidon2:
            let swap = builder.addBool()
            witness.set(swap, to: generator.next() & 1 == 1)
            _ = builder.permute(Array(inputs[..<12]), swap: swap)
        }
        let table = try builder.buildTable(degreeBits: 6)
        let completed = try table.completing(witness)
        try #require(table.firstViolation(completed) == nil)
        let row = try #require(table.gates.firstIndex(of: gate))
        self.gate = gate
        wires = Array(completed.wires.row(row))
        constants = table.constants(ofRow: row)
        publicInputsHash = ExecutionTable.publicInputsHash(completed.publicInputs).elements
        boundColumns = Self.boundColumns(of: gate)
    }

    static func boundColumns(of gate: GateKind) -> Range<Int> {
        switch gate {
        case .noop: 0..<0
        case .constant: 0..<2
        case .publicInput: 0..<4
        case .baseSum: 0..<64
        case .arithmetic: 0..<80
        case .poseidon2: 0..<135
        }
    }

    func constraints() -> [Goldilocks] { gate.constraints(wires, constants, publicInputsHash) }

    var isSatisfied: Bool { constraints().allSatisfy { $0.isZero } }

    /// Makes good what a changed wire breaks elsewhere: each broken constraint but `spared` gets
    /// the wire that it gives its value to set right.
    mutating func repairConstraints(except spared: Int) {
        for index in 0..<gate.constraintCount where index != spared {
            let value = constraints()[index]
            guard !value.isZero, let column = definedColumn(ofConstraint: index) else { continue }
            // The constraint is (expression − wire).
            wires[column] += value
        }
    }

    /// The wire that a constraint gives the value of, if it does.
    private func definedColumn(ofConstraint index: Int) -> Int? {
        switch gate {
        case .poseidon2:
            switch index {
            case 0: nil
            case 1..<5: 24 + index
            case 5..<111: 24 + index
            default: 12 + index - 111
            }
        case .baseSum: index == 0 ? 0 : nil
        case .arithmetic: 4 * index + 3
        case .noop, .constant, .publicInput: index
        }
    }
}

extension GateKind {
    /// The values of the gate's constraints on a row.
    func constraints<Element: AlgebraElement>(
        _ wires: [Element], _ constants: [Element], _ publicInputsHash: [Element]
    ) -> [Element] {
        var sink = CollectingSink<Element>()
        constrain(
            wires: wires.span, constants: constants.span,
            publicInputsHash: publicInputsHash.span, into: &sink)
        return sink.values
    }
}

struct GateTests {
    @Test(arguments: GateKind.allCases)
    func `a satisfying row passes and each changed wire is noticed`(gate: GateKind) throws {
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
                #expect(isNoticed == row.boundColumns.contains(column), "column \(column)")
            }
        }
    }

    /// If a constraint could be left out and nothing else noticed, it would be the only one that
    /// some row breaks: such a row exists for each constraint, so none can be left out.
    @Test(arguments: GateKind.allCases)
    func `each constraint is the only one to notice some change`(gate: GateKind) throws {
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

    @Test(arguments: GateKind.allCases)
    func `constraints have their gate's degree`(gate: GateKind) {
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
        #expect(degree == gate.degree)
    }

    @Test(arguments: GateKind.allCases)
    func `both extensions evaluate a gate as the base field does`(gate: GateKind) throws {
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

    @Test func `an unused operation is satisfied by zeros`() {
        let zeros = [Goldilocks](repeating: .zero, count: 135)
        for gate in [GateKind.arithmetic, .baseSum, .noop] {
            let values = gate.constraints(zeros, [3, 4], [1, 2, 3, 4])
            #expect(values == [Goldilocks](repeating: .zero, count: gate.constraintCount))
        }
    }

    @Test func `a permutation row computes the host's permutation`() throws {
        var generator = SeededGenerator(seed: 5)
        let row = try SampleRow(.poseidon2, &generator)
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
