internal import Field

/// The permutation argument for copy constraints: the cells of the routed columns keep their
/// values when σ moves each to the next of its class.
///
/// A cell (row, column) has the label k·gʳᵒʷ with k = 7^column: the cosets k·H are disjoint since 7
/// generates the whole group. Z is the running product over rows of Π (w + β·label + γ) over
/// Π (w + β·σ(label) + γ), cut into chunks by partial products so that each step keeps the degree
/// bound. β, γ and all products are extension elements: one repetition suffices. Source: GWC19
/// (PLONK) section 5; plonky2 `plonk/vanishing_poly.rs`.
enum CopyArgument {
    /// kⱼ for each routed column j.
    static let columnShifts = Goldilocks.multiplicativeGenerator.powers(
        CircuitParameters.routedWireCount)

    @inline(__always)
    static func columns(ofChunk chunk: Int) -> Range<Int> {
        let size = CircuitParameters.copyChunkSize
        return chunk * size..<min((chunk + 1) * size, CircuitParameters.routedWireCount)
    }

    /// Column j of the result holds σ's label of each cell of routed column j.
    static func sigmaColumns(of table: ExecutionTable) -> FieldMatrix {
        let width = CircuitParameters.routedWireCount
        let powers = Goldilocks.rootOfUnity(bits: table.degreeBits).powers(table.rowCount)
        var sigmas = FieldMatrix(rowCount: table.rowCount, columnCount: width)
        // Each class's first and latest cells so far, at its representative's place; −1 is none.
        var first = [Int32](repeating: -1, count: table.classes.count)
        var latest = first
        func label(_ cell: Int) -> Goldilocks { columnShifts[cell % width] * powers[cell / width] }
        for cell in 0..<table.rowCount * width {
            let index = cell / width * CircuitParameters.wireCount + cell % width
            let place = Int(table.classes[index])
            if first[place] < 0 {
                first[place] = Int32(cell)
            } else {
                sigmas.elements[Int(latest[place])] = label(cell)
            }
            latest[place] = Int32(cell)
        }
        for place in first.indices where first[place] >= 0 {
            sigmas.elements[Int(latest[place])] = label(Int(first[place]))
        }
        return sigmas
    }

    /// What stops the products.
    enum Obstacle: Error {
        /// A denominator is zero, which has probability 2⁻¹⁰⁰ and less.
        case zeroDenominator
        case cancelled
    }

    /// Z and the partial products on H, `[row][product * degree + coefficient]`.
    static func products<Element: ExtensionField & AlgebraElement>(
        wires: FieldMatrix, sigmas: FieldMatrix, challenges: ArgumentChallenges<Element>,
        workers: Workers = .alone, isCancelled: () -> Bool = { false }
    ) throws(Obstacle) -> FieldMatrix {
        let chunkCount = CircuitParameters.copyProductCount
        let partSize = CircuitParameters.rowsPerPart
        var isWhole = [Bool](repeating: false, count: (wires.rowCount + partSize - 1) / partSize)
        var isWanted = true
        let ratios = [Element](unsafeUninitializedCapacity: wires.rowCount * chunkCount) {
            ratios, initialised in
            isWanted = isWhole.withUnsafeMutableBufferPointer { isWhole in
                workers.forEach(of: wires.rowCount, by: partSize, unless: isCancelled) { rows in
                    let places = rows.lowerBound * chunkCount..<rows.upperBound * chunkCount
                    isWhole[rows.lowerBound / partSize] = setRatios(
                        UnsafeMutableBufferPointer(rebasing: ratios[places]), rows, wires: wires,
                        sigmas: sigmas, challenges: challenges)
                }
            }
            initialised = isWanted ? wires.rowCount * chunkCount : 0
        }
        guard isWanted else { throw .cancelled }
        guard isWhole.allSatisfy(\.self) else { throw .zeroDenominator }

        var products = FieldMatrix(
            rowCount: wires.rowCount, columnCount: chunkCount * Element.degree)
        var running = Element.one
        for step in ratios.indices {
            for index in 0..<Element.degree {
                products.elements[step * Element.degree + index] = running[index]
            }
            running *= ratios[step]
        }
        return products
    }

    /// Numerator over denominator for `[row][chunk]` of the rows; false where a denominator is zero.
    private static func setRatios<Element: ExtensionField & AlgebraElement>(
        _ ratios: UnsafeMutableBufferPointer<Element>, _ rows: Range<Int>, wires: FieldMatrix,
        sigmas: FieldMatrix, challenges: ArgumentChallenges<Element>
    ) -> Bool {
        let root = Goldilocks.rootOfUnity(bits: wires.rowCount.trailingZeroBitCount)
        var denominators: [Element] = []
        denominators.reserveCapacity(ratios.count)
        var point = root.power(UInt64(rows.lowerBound))
        for row in rows {
            for chunk in 0..<CircuitParameters.copyProductCount {
                let ratio = ratio(
                    chunk, row: row, at: point, wires: wires, sigmas: sigmas,
                    challenges: challenges)
                ratios.initializeElement(at: denominators.count, to: ratio.numerator)
                denominators.append(ratio.denominator)
            }
            point *= root
        }
        guard let inverses = batchInverses(denominators) else { return false }
        for index in inverses.indices { ratios[index] *= inverses[index] }
        return true
    }

    @inline(__always)
    private static func ratio<Element: ExtensionField & AlgebraElement>(
        _ chunk: Int, row: Int, at point: Goldilocks, wires: FieldMatrix, sigmas: FieldMatrix,
        challenges: ArgumentChallenges<Element>
    ) -> (numerator: Element, denominator: Element) {
        var numerator = Element.one
        var denominator = Element.one
        for column in columns(ofChunk: chunk) {
            let shifted = challenges.gamma + Element(wires[row, column])
            numerator *= shifted + challenges.shiftedBetas[column] * point
            denominator *= shifted + challenges.beta * sigmas[row, column]
        }
        return (numerator, denominator)
    }
}
