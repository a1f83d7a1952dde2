package import Field
internal import Hash

/// All cells of an execution table, and the public inputs they stand for.
package struct TableWitness: Hashable, Sendable {
    /// `rowCount` rows of `CircuitParameters.wireCount`.
    package var wires: FieldMatrix
    /// In the order of registration, canonical.
    package var publicInputs: [Goldilocks]
}

extension ExecutionTable {
    /// Computes all cells.
    ///
    /// Throws `unsetTarget`, `conflictingValues` and `cancelled`; that every row keeps its equations is
    /// `firstViolation`'s to say.
    package func completing(
        _ witness: PartialWitness, isCancelled: () -> Bool = { false }
    ) throws(CircuitError) -> TableWitness {
        try WitnessGenerator.complete(witness, of: self, isCancelled: isCancelled)
    }

    /// Computes all cells come what may: of two values for one cell the first stays, and what is
    /// never set is zero. For tests of circuits, and of verifiers against bad provers.
    package func completingUnchecked(_ witness: PartialWitness) -> TableWitness {
        WitnessGenerator.completeLeniently(witness, of: self)
    }

    /// The first constraint that the completed witness breaks, nil if the circuit is satisfied.
    package func firstViolation(_ witness: PartialWitness) -> ConstraintViolation? {
        firstViolation(completingUnchecked(witness))
    }

    /// As above, of a table of exactly this shape; what it says once `isCancelled` says so means
    /// nothing. About a microsecond and a half a row.
    package func firstViolation(
        _ witness: TableWitness, workers: Workers = .alone, isCancelled: () -> Bool = { false }
    ) -> ConstraintViolation? {
        precondition(
            witness.wires.rowCount == rowCount
                && witness.wires.columnCount == CircuitParameters.wireCount,
            "a witness of another shape")
        let publicInputsHash = Self.publicInputsHash(witness.publicInputs).elements
        return firstOfParts(workers, isCancelled) { rows in
            for row in rows {
                let constraint = firstBrokenConstraint(
                    row: row, wires: witness.wires, publicInputsHash: publicInputsHash)
                if let constraint {
                    return .gate(row: row, gate: gates[row], constraint: constraint)
                }
            }
            return nil
        }
            ?? firstOfParts(workers, isCancelled) { firstBrokenCopy(witness.wires, inRows: $0) }
    }

    /// The violation of the first part of the rows that has one.
    private func firstOfParts(
        _ workers: Workers, _ isCancelled: () -> Bool,
        _ find: (Range<Int>) -> ConstraintViolation?
    ) -> ConstraintViolation? {
        let size = CircuitParameters.rowsPerPart
        var found = [ConstraintViolation?](repeating: nil, count: (rowCount + size - 1) / size)
        found.withUnsafeMutableBufferPointer { found in
            _ = workers.forEach(of: rowCount, by: size, unless: isCancelled) { rows in
                found[rows.lowerBound / size] = find(rows)
            }
        }
        return found.lazy.compactMap(\.self).first
    }

    private func firstBrokenConstraint(
        row: Int, wires: FieldMatrix, publicInputsHash: [Goldilocks]
    ) -> Int? {
        let width = CircuitParameters.wireCount
        let constantCount = CircuitParameters.constantsPerRow
        let wires = wires.elements.span.extracting(row * width..<(row + 1) * width)
        let constants = rowConstants.span.extracting(
            row * constantCount..<(row + 1) * constantCount)
        var sink = FirstNonZeroSink()
        if extensionDegree == CubicExtension.degree {
            gates[row].constrain(
                over: CubicExtension.self, wires: wires, constants: constants,
                publicInputsHash: publicInputsHash.span, into: &sink)
        } else {
            gates[row].constrain(
                over: QuadraticExtension.self, wires: wires, constants: constants,
                publicInputsHash: publicInputsHash.span, into: &sink)
        }
        return sink.firstNonZero
    }

    private func firstBrokenCopy(
        _ wires: FieldMatrix, inRows rows: Range<Int>
    ) -> ConstraintViolation? {
        let width = CircuitParameters.wireCount
        for cell in rows.lowerBound * width..<rows.upperBound * width {
            let representative = Int(classes[cell])
            guard wires.elements[cell] != wires.elements[representative] else { continue }
            return .copy(
                row: cell / width, column: cell % width,
                representativeRow: representative / width,
                representativeColumn: representative % width)
        }
        return nil
    }
}

/// Counts constraints and remembers the first that doesn't hold.
private struct FirstNonZeroSink: ConstraintSink {
    private(set) var firstNonZero: Int?
    private var count = 0

    mutating func requireZero(_ value: Goldilocks) {
        if firstNonZero == nil, !value.isZero { firstNonZero = count }
        count += 1
    }
}
