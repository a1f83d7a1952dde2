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

    /// Z and the partial products on H, `[row][product * degree + coefficient]`.
    ///
    /// Returns nil where a denominator is zero, which has probability 2⁻¹⁰⁰ and less.
    static func products<Element: ExtensionField & AlgebraElement>(
        wires: FieldMatrix, sigmas: FieldMatrix, challenges: ArgumentChallenges<Element>
    ) -> FieldMatrix? {
        let chunkCount = CircuitParameters.copyProductCount
        let root = Goldilocks.rootOfUnity(bits: wires.rowCount.trailingZeroBitCount)
        var numerators: [Element] = []
        var denominators: [Element] = []
        numerators.reserveCapacity(wires.rowCount * chunkCount)
        denominators.reserveCapacity(wires.rowCount * chunkCount)
        var point = Goldilocks.one
        for row in 0..<wires.rowCount {
            for chunk in 0..<chunkCount {
                let ratio = ratio(
                    chunk, row: row, at: point, wires: wires, sigmas: sigmas,
                    challenges: challenges)
                numerators.append(ratio.numerator)
                denominators.append(ratio.denominator)
            }
            point *= root
        }
        guard let inverses = batchInverses(denominators) else { return nil }

        var products = FieldMatrix(
            rowCount: wires.rowCount, columnCount: chunkCount * Element.degree)
        var running = Element.one
        for step in numerators.indices {
            for index in 0..<Element.degree {
                products.elements[step * Element.degree + index] = running[index]
            }
            running *= numerators[step] * inverses[step]
        }
        return products
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
