internal import Commitment
internal import Field

/// The quotient of the combined constraints by X^n − 1, which vanishes on H: evaluated on the
/// coset that the oracles extend to, whose size is just the bound on the quotient's degree.
struct QuotientColumns<Element: ExtensionField & AlgebraElement> {
    let constants: PolynomialOracle
    let wires: PolynomialOracle
    let products: PolynomialOracle
    let publicInputsHash: [Goldilocks]
    let challenges: ArgumentChallenges<Element>

    var rowBits: Int { wires.degreeBits }
    var domainBits: Int { wires.domainBits }

    /// Coefficients of the chunks, `[power][chunk * degree + coefficient]`; nil once `isCancelled`
    /// says so. `finished` is told the finished fraction now and then.
    ///
    /// The constraints are compiled into a program (`ConstraintProgram`): some 4 µs a point with
    /// AVX-512.
    func coefficients(
        workers: Workers = .alone, finished: (Double) -> Void = { _ in },
        isCancelled: () -> Bool = { false }
    ) -> FieldMatrix? {
        let points = domainPoints()
        let lagrange = firstLagrangeValues(points)
        let vanishingInverses = inversesOfVanishing()
        var values = FieldMatrix(rowCount: points.count, columnCount: Element.degree)
        let program = points.count >= ArithmeticProgram.width ? QuotientProgram(self) : nil
        // In sixteenths, that somebody be told between them.
        let step = max(CircuitParameters.rowsPerPart, points.count / 16)
        for first in stride(from: 0, to: points.count, by: step) {
            let count = min(step, points.count - first)
            let isWanted = values.elements.withUnsafeMutableBufferPointer { values in
                workers.forEach(of: count, by: CircuitParameters.rowsPerPart, unless: isCancelled) {
                    let range = first + $0.lowerBound..<first + $0.upperBound
                    if let program {
                        program.fill(
                            values, range, self, points: points, lagrange: lagrange,
                            vanishingInverses: vanishingInverses)
                    } else {
                        fill(
                            values, range, points: points, lagrange: lagrange,
                            vanishingInverses: vanishingInverses)
                    }
                }
            }
            guard isWanted else { return nil }
            finished(Double(first + count) / Double(points.count))
        }
        NumberTheoreticTransform.interpolate(
            &values, shift: .multiplicativeGenerator, workers: workers, isCancelled: isCancelled)
        return isCancelled() ? nil : chunks(of: values)
    }

    /// Sets the rows `range` of `[index][coefficient]`, in natural order, without a program: for the smallest domains, and the
    /// measure of programs.
    func fill(
        _ values: UnsafeMutableBufferPointer<Goldilocks>, _ range: Range<Int>,
        points: [Goldilocks],
        lagrange: [Goldilocks], vanishingInverses: [Goldilocks]
    ) {
        let blowUp = 1 << (domainBits - rowBits)
        let productCount = CircuitParameters.copyProductCount
        let constantRows = constants.extended.elements.span
        let wireRows = wires.extended.elements.span
        let productRows = products.extended.elements.span
        var products = [Element](repeating: .zero, count: productCount + 1)
        for index in range {
            let row = reversedBits(index, bits: domainBits)
            let next = reversedBits((index + blowUp) & (points.count - 1), bits: domainBits)
            let width = productCount * Element.degree
            for product in 0..<productCount {
                products[product] = Element {
                    productRows[row * width + product * Element.degree + $0]
                }
            }
            products[productCount] = Element { productRows[next * width + $0] }
            let sum = ConstraintCombination<DomainPoint<Element>>.evaluate(
                at: points[index],
                constants: constantRows.extracting(rowRange(row, constants)),
                wires: wireRows.extracting(rowRange(row, wires)), products: products.span,
                firstLagrange: lagrange[index], publicInputsHash: publicInputsHash.span,
                challenges: challenges)
            let quotient = sum * vanishingInverses[index & (blowUp - 1)]
            for coefficient in 0..<Element.degree {
                values[index * Element.degree + coefficient] = quotient[coefficient]
            }
        }
    }

    private func rowRange(_ row: Int, _ oracle: PolynomialOracle) -> Range<Int> {
        row * oracle.columnCount..<(row + 1) * oracle.columnCount
    }

    /// 7·ωⁱ.
    private func domainPoints() -> [Goldilocks] {
        let root = Goldilocks.rootOfUnity(bits: domainBits)
        return root.powers(1 << domainBits).map { $0 * .multiplicativeGenerator }
    }

    /// x^n − 1 on the domain repeats with the period of the blow-up.
    private func vanishingValues() -> [Goldilocks] {
        let shift = Goldilocks.multiplicativeGenerator.squared(times: rowBits)
        let root = Goldilocks.rootOfUnity(bits: domainBits - rowBits)
        return root.powers(1 << (domainBits - rowBits)).map { $0 * shift - .one }
    }

    private func inversesOfVanishing() -> [Goldilocks] {
        guard let inverses = batchInverses(vanishingValues()) else {
            preconditionFailure("the domain meets the subgroup")
        }
        return inverses
    }

    /// L₀(x) = (x^n − 1) / (n·(x − 1)).
    private func firstLagrangeValues(_ points: [Goldilocks]) -> [Goldilocks] {
        let rowCount = Goldilocks(1 << UInt64(rowBits))
        guard let inverses = batchInverses(points.map { rowCount * ($0 - .one) }) else {
            preconditionFailure("the domain meets the subgroup")
        }
        let vanishing = vanishingValues()
        return inverses.indices.map { inverses[$0] * vanishing[$0 & (vanishing.count - 1)] }
    }

    /// Chunk c takes the coefficients of X^(c·n) to X^((c+1)·n − 1).
    private func chunks(of coefficients: FieldMatrix) -> FieldMatrix {
        let rowCount = 1 << rowBits
        let degree = Element.degree
        let chunkCount = CircuitParameters.quotientChunkCount
        var chunks = FieldMatrix(rowCount: rowCount, columnCount: chunkCount * degree)
        for power in 0..<rowCount {
            for chunk in 0..<chunkCount {
                for index in 0..<degree {
                    chunks[power, chunk * degree + index] =
                        coefficients[chunk * rowCount + power, index]
                }
            }
        }
        return chunks
    }
}
