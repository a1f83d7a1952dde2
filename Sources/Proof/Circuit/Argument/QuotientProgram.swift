internal import Commitment
internal import Field

/// `ConstraintCombination` at all points of the evaluation domain, as a program of the base field
/// into which the challenges and the public inputs' hash are written as constants.
struct QuotientProgram<Element: ExtensionField & AlgebraElement> {
    private typealias Expression = ConstraintExpression
    private typealias Challenge = ExtensionAlgebra<Element, ConstraintExpression>

    private let program: ConstraintProgram
    private let inputs: Inputs

    /// Registers of the inputs: x, L₀(x), the columns of constants and σ, wires and products at x,
    /// then Z at g·x.
    private struct Inputs {
        static var point: Int { 0 }
        static var firstLagrange: Int { 1 }
        static var constants: Int { 2 }
        let wires: Int
        let products: Int
        let next: Int
        let count: Int

        init(_ columns: QuotientColumns<Element>) {
            wires = Self.constants + columns.constants.columnCount
            products = wires + columns.wires.columnCount
            next = products + columns.products.columnCount
            count = next + Element.degree
        }
    }

    init(_ columns: QuotientColumns<Element>) {
        let inputs = Inputs(columns)
        func values(_ range: Range<Int>) -> [Expression] { range.map { .input($0) } }
        func challenge(_ element: Element) -> Challenge {
            Challenge {
                Expression(embedding: $0 < Element.degree ? element[$0] : .zero)
            }
        }
        let products = stride(from: inputs.products, to: inputs.count, by: Element.degree).map {
            first in
            Challenge { $0 < Element.degree ? .input(first + $0) : Expression(embedding: .zero) }
        }
        let constants = values(Inputs.constants..<inputs.wires)
        let wires = values(inputs.wires..<inputs.products)
        let hash = columns.publicInputsHash.map { Expression(embedding: $0) }
        let combined = ConstraintCombination<ProgramPoint<Element>>.evaluate(
            at: .input(Inputs.point), constants: constants.span, wires: wires.span,
            products: products.span, firstLagrange: .input(Inputs.firstLagrange),
            publicInputsHash: hash.span, challenges: columns.challenges.map(challenge))
        let results = [combined.first, combined.second, combined.third]
        self.inputs = inputs
        program = ConstraintProgram(
            Array(results[..<Element.degree]), inputCount: inputs.count)
    }

    /// Sets the rows of `values`, `[index][coefficient]`, whose *bit-reversed* indices are in `range`, a multiple of the
    /// registers' width: rows of the oracles that are neighbours.
    func fill(
        _ values: UnsafeMutableBufferPointer<Goldilocks>, _ range: Range<Int>,
        _ columns: QuotientColumns<Element>, points: [Goldilocks], lagrange: [Goldilocks],
        vanishingInverses: [Goldilocks]
    ) {
        let blowUp = vanishingInverses.count
        let bits = columns.domainBits
        let width = columns.products.columnCount
        let products = columns.products.extended.elements.span
        var registers = ArithmeticProgram.Registers(count: program.program.registerCount)
        for firstRow in stride(
            from: range.lowerBound, to: range.upperBound, by: ArithmeticProgram.width)
        {
            registers.load(
                columns.constants.extended, fromRow: firstRow, into: Inputs.constants)
            registers.load(columns.wires.extended, fromRow: firstRow, into: inputs.wires)
            registers.load(columns.products.extended, fromRow: firstRow, into: inputs.products)
            for point in 0..<ArithmeticProgram.width {
                let index = reversedBits(firstRow + point, bits: bits)
                registers[Inputs.point, point] = points[index]
                registers[Inputs.firstLagrange, point] = lagrange[index]
                let next = reversedBits((index + blowUp) & (points.count - 1), bits: bits)
                for coefficient in 0..<Element.degree {
                    registers[inputs.next + coefficient, point] =
                        products[next * width + coefficient]
                }
            }
            program.program.run(on: &registers)
            for point in 0..<ArithmeticProgram.width {
                let index = reversedBits(firstRow + point, bits: bits)
                let inverse = vanishingInverses[index & (blowUp - 1)]
                for coefficient in 0..<Element.degree {
                    values[index * Element.degree + coefficient] =
                        registers[program.outputs[coefficient], point] * inverse
                }
            }
        }
    }
}
