internal import Field

/// Computes all cells from a partial witness: each step runs once its inputs are known, in an
/// order that depends on nothing but the circuit.
///
/// The lenient kind never fails: of two values that meet in a class the first stays, and what is
/// never set is zero. Some row then breaks its gate's equations, which is what tests of circuits,
/// and a prover who skips his checks, want to see.
struct WitnessGenerator {
    private let table: ExecutionTable
    private var values: [Goldilocks]
    private var isSet: [Bool]
    private var unreadCounts: [Int32]
    private var ready: [Int32] = []
    private var firstConflict: CircuitError?

    private init(_ table: ExecutionTable) {
        self.table = table
        values = [Goldilocks](repeating: .zero, count: table.classes.count)
        isSet = [Bool](repeating: false, count: table.classes.count)
        unreadCounts = table.schedule.readCounts
    }

    /// Throws `unsetTarget`, `conflictingValues` and `cancelled`.
    static func complete(
        _ witness: PartialWitness, of table: ExecutionTable, isCancelled: () -> Bool
    ) throws(CircuitError) -> TableWitness {
        var generator = WitnessGenerator(table)
        guard generator.run(witness, unless: isCancelled) else { throw .cancelled }
        if let conflict = generator.firstConflict { throw conflict }
        for (step, unread) in generator.unreadCounts.enumerated() where unread > 0 {
            throw .unsetTarget(generator.firstUnsetInput(of: step).description)
        }
        for target in table.publicInputTargets where !generator.isSet[generator.place(target)] {
            throw .unsetTarget(target.description)
        }
        return generator.finish()
    }

    static func completeLeniently(
        _ witness: PartialWitness, of table: ExecutionTable
    ) -> TableWitness {
        var generator = WitnessGenerator(table)
        _ = generator.run(witness, unless: { false })
        for step in generator.unreadCounts.indices {
            while generator.unreadCounts[step] > 0 {
                generator.write(.zero, to: generator.firstUnsetInput(of: step))
                _ = generator.runReadySteps(unless: { false })
            }
        }
        return generator.finish()
    }

    /// False where it was cancelled.
    private mutating func run(_ witness: PartialWitness, unless isCancelled: () -> Bool) -> Bool {
        ready = unreadCounts.indices.filter { unreadCounts[$0] == 0 }.map { Int32($0) }
        for (target, value) in witness.assignments { write(value, to: target) }
        return runReadySteps(unless: isCancelled)
    }

    private mutating func runReadySteps(unless isCancelled: () -> Bool) -> Bool {
        var position = 0
        while position < ready.count {
            if position % CircuitParameters.stepsPerPart == 0, isCancelled() { return false }
            perform(table.steps[Int(ready[position])])
            position += 1
        }
        ready.removeAll(keepingCapacity: true)
        return true
    }

    private func place(_ target: Target) -> Int {
        Int(table.classes[target.index(rowCount: table.rowCount)])
    }

    private func value(of target: Target) -> Goldilocks { values[place(target)] }

    private mutating func write(_ value: Goldilocks, to target: Target) {
        let place = place(target)
        guard !isSet[place] else {
            if values[place] != value, firstConflict == nil {
                firstConflict = .conflictingValues(
                    target: target.description, first: values[place].canonical,
                    second: value.canonical)
            }
            return
        }
        values[place] = value
        isSet[place] = true
        let schedule = table.schedule
        for index in schedule.firstReader[place]..<schedule.firstReader[place + 1] {
            let reader = schedule.readers[Int(index)]
            unreadCounts[Int(reader)] -= 1
            if unreadCounts[Int(reader)] == 0 { ready.append(reader) }
        }
    }

    private func firstUnsetInput(of step: Int) -> Target {
        guard let unset = table.steps[step].inputs.first(where: { !isSet[place($0)] }) else {
            preconditionFailure("step \(step) waits for nothing")
        }
        return unset
    }

    private func finish() -> TableWitness {
        let cellCount = table.rowCount * CircuitParameters.wireCount
        let cells = (0..<cellCount).map { values[Int(table.classes[$0])] }
        return TableWitness(
            wires: FieldMatrix(
                rowCount: table.rowCount, columnCount: CircuitParameters.wireCount,
                elements: cells),
            publicInputs: table.publicInputTargets.map { Goldilocks(value(of: $0).canonical) })
    }
}

extension WitnessGenerator {
    private mutating func perform(_ step: WitnessStep) {
        switch step {
        case .constant(let target, let value):
            write(value, to: target)
        case .arithmetic(let row, let operation):
            performArithmetic(row: row, operation: operation)
        case .splitBits(let row):
            let sum = value(of: .wire(row: row, column: BaseSumGate.sumColumn)).canonical
            for index in 0..<BaseSumGate.bitCount {
                write(
                    Goldilocks(sum >> UInt64(index) & 1),
                    to: .wire(row: row, column: BaseSumGate.firstBitColumn + index))
            }
        case .composeBits(let row):
            var sum = Goldilocks.zero
            for column in (1...BaseSumGate.bitCount).reversed() {
                sum = sum.doubled + value(of: .wire(row: row, column: column))
            }
            write(sum, to: .wire(row: row, column: BaseSumGate.sumColumn))
        case .poseidon2(let row):
            performPoseidon2(row: row)
        case .extensionArithmetic(let row, let operation, let degree):
            if degree == QuadraticExtension.degree {
                performArithmetic(over: QuadraticExtension.self, row: row, operation: operation)
            } else {
                performArithmetic(over: CubicExtension.self, row: row, operation: operation)
            }
        case .row(let row, let gate, let degree):
            if degree == QuadraticExtension.degree {
                performRow(gate, over: QuadraticExtension.self, row: row)
            } else {
                performRow(gate, over: CubicExtension.self, row: row)
            }
        case .hint(let inputs, let outputs, let body):
            let results = body(inputs.map { Goldilocks(value(of: $0).canonical) })
            precondition(results.count == outputs.count, "a hint of \(outputs.count) values")
            for (target, result) in zip(outputs, results) { write(result, to: target) }
        }
    }

    private mutating func performArithmetic(row: Int, operation: Int) {
        let constants = row * CircuitParameters.constantsPerRow
        let column = 4 * operation
        let product =
            value(of: .wire(row: row, column: column))
            * value(of: .wire(row: row, column: column + 1))
        let addend = value(of: .wire(row: row, column: column + 2))
        write(
            table.rowConstants[constants] * product + table.rowConstants[constants + 1] * addend,
            to: .wire(row: row, column: column + 3))
    }

    private mutating func performArithmetic<Extension: ExtensionField>(
        over: Extension.Type, row: Int, operation: Int
    ) {
        let constants = row * CircuitParameters.constantsPerRow
        let first = 4 * Extension.degree * operation
        func operand(_ index: Int) -> Extension {
            Extension {
                value(of: .wire(row: row, column: first + index * Extension.degree + $0))
            }
        }
        let result =
            operand(0) * operand(1) * table.rowConstants[constants]
            + operand(2) * table.rowConstants[constants + 1]
        for index in 0..<Extension.degree {
            write(
                result[index], to: .wire(row: row, column: first + 3 * Extension.degree + index))
        }
    }

    private mutating func performRow<Extension: ExtensionField>(
        _ gate: GateKind, over: Extension.Type, row: Int
    ) {
        var results: [(column: Int, value: Goldilocks)] = []
        gate.fill(
            over: Extension.self, { value(of: .wire(row: row, column: $0)) },
            write: { results.append(($0, $1)) })
        for (column, result) in results { write(result, to: .wire(row: row, column: column)) }
    }

    private mutating func performPoseidon2(row: Int) {
        let inputs = InlineArray<12, Goldilocks> { value(of: .wire(row: row, column: $0)) }
        let swap = value(of: .wire(row: row, column: Poseidon2Gate.swapColumn))
        Poseidon2Gate.fill(inputs: inputs, swap: swap) { column, value in
            write(value, to: .wire(row: row, column: column))
        }
    }
}
