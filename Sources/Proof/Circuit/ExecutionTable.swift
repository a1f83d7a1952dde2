package import Field
package import Hash

/// A circuit as its rows: what each row's gate and constants are, which cells are copies of one
/// another, and how to compute all cells from a partial witness. Built by `CircuitBuilder`; enough
/// to check witnesses, `Circuit` adds what proving needs.
package struct ExecutionTable: Sendable {
    /// Rows are 2 to this power.
    package let degreeBits: Int
    /// Rows in use before padding.
    package let usedRowCount: Int
    /// Gate of each row, padding included.
    package let gates: [GateKind]
    /// `[row * constantsPerRow + index]`.
    let rowConstants: [Goldilocks]
    /// Class of each cell `[row * wireCount + column]` and then of each virtual target.
    let classes: [Int32]
    let steps: [WitnessStep]
    let schedule: WitnessSchedule
    let publicInputTargets: [Target]
    /// The degree of the extension that rows compute in; nil if none does.
    package let extensionDegree: Int?

    package var rowCount: Int { 1 << degreeBits }
    package var publicInputCount: Int { publicInputTargets.count }

    /// Rows of each gate, padding not counted.
    package var rowReport: [(gate: GateKind, rows: Int)] {
        GateKind.allCases.map { kind in
            (kind, gates[..<usedRowCount].count { $0 == kind })
        }
    }

    /// The `constantsPerRow` constants of a row.
    package func constants(ofRow row: Int) -> [Goldilocks] {
        let count = CircuitParameters.constantsPerRow
        return Array(rowConstants[row * count..<(row + 1) * count])
    }

    /// The digest that the `PublicInputGate` compares: its length is in the hash.
    package static func publicInputsHash(_ publicInputs: [Goldilocks]) -> HashOutput {
        hash(domain: .publicInputs, publicInputs)
    }
}

extension DomainTag {
    /// The public inputs of a circuit.
    static let publicInputs: DomainTag = "pubin"
    /// A verifying key.
    package static let verifyingKey: DomainTag = "verkey"
    /// What circuits of one shape have in common.
    static let circuitShape: DomainTag = "shape"
}

extension CircuitBuilder {
    /// Closes the circuit: adds the hash of the public inputs and pads to 2^`degreeBits` rows.
    /// Linear in the number of cells.
    ///
    /// Throws `doesNotFit`.
    package consuming func buildTable(degreeBits: Int) throws(CircuitError) -> ExecutionTable {
        precondition(
            (1...CircuitParameters.maximumDegreeBits).contains(degreeBits),
            "2^\(degreeBits) rows are out of range")
        bindPublicInputs()
        let rowCount = 1 << degreeBits
        let usedRowCount = gates.count
        guard usedRowCount <= rowCount else {
            throw .doesNotFit(rows: usedRowCount, available: rowCount)
        }
        while gates.count < rowCount { _ = addRow(.noop) }

        var copyClasses = CopyClasses(
            count: rowCount * CircuitParameters.wireCount + virtualCount)
        for (first, second) in copies {
            copyClasses.join(first.index(rowCount: rowCount), second.index(rowCount: rowCount))
        }
        let classes = copyClasses.representatives()
        return ExecutionTable(
            degreeBits: degreeBits, usedRowCount: usedRowCount, gates: gates,
            rowConstants: rowConstants, classes: classes, steps: steps,
            schedule: WitnessSchedule(steps: steps, classes: classes, rowCount: rowCount),
            publicInputTargets: publicInputs, extensionDegree: extensionDegree)
    }

    /// `ExecutionTable.publicInputsHash` in the circuit.
    package mutating func publicInputsHash(_ publicInputs: [Target]) -> HashTarget {
        hash(domain: .publicInputs, publicInputs)
    }

    private mutating func bindPublicInputs() {
        let digest = publicInputsHash(publicInputs)
        let row = addRow(.publicInput)
        for (column, element) in digest.elements.enumerated() {
            assertEqual(element, .wire(row: row, column: column))
        }
    }
}
