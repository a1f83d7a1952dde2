import Field
import SansIO
import Testing

struct TransformTests {
    private func matrix(rows: Int, columns: Int) -> FieldMatrix {
        var generator = SeededGenerator(seed: UInt64(rows * 31 + columns))
        return FieldMatrix(
            rowCount: rows, columnCount: columns,
            elements: (0..<rows * columns).map { _ in Goldilocks(generator.next()) })
    }

    private func value(of coefficients: [Goldilocks], at point: Goldilocks) -> Goldilocks {
        coefficients.reversed().reduce(.zero) { $0 * point + $1 }
    }

    @Test(arguments: [0, 1, 2, 5, 6])
    func `a transform is evaluation at the powers of the root`(bits: Int) {
        let coefficients = matrix(rows: 1 << bits, columns: 3)
        let root = Goldilocks.rootOfUnity(bits: bits)
        for shift in [Goldilocks.one, .multiplicativeGenerator] {
            var values = coefficients
            NumberTheoreticTransform.evaluate(&values, shift: shift)
            for row in 0..<1 << bits {
                let point = shift * root.power(UInt64(row))
                for column in 0..<3 {
                    #expect(
                        values[row, column]
                            == value(of: coefficients.column(column), at: point))
                }
            }
            NumberTheoreticTransform.interpolate(&values, shift: shift)
            #expect(values == coefficients)
        }
    }

    @Test func `an extension is evaluation on the larger coset in bit-reversed order`() {
        let coefficients = matrix(rows: 16, columns: 5)
        let extended = NumberTheoreticTransform.lowDegreeExtension(
            of: coefficients, rateBits: 3, shift: .multiplicativeGenerator)
        #expect(extended.rowCount == 128)
        let root = Goldilocks.rootOfUnity(bits: 7)
        for index in 0..<128 {
            let point = Goldilocks.multiplicativeGenerator * root.power(UInt64(index))
            let row = reversedBits(index, bits: 7)
            for column in 0..<5 {
                #expect(
                    extended[row, column] == value(of: coefficients.column(column), at: point))
            }
        }
    }

    @Test(arguments: InstructionSet.available, [1, 7, 8, 11, 16])
    func `kernels agree with evaluation on edge values`(
        instructions: InstructionSet, columns: Int
    ) {
        let edges: [UInt64] = [
            0, 1, 0xFFFF_FFFF, 0x1_0000_0000, 0xFFFF_FFFF_0000_0000, Goldilocks.modulus,
            Goldilocks.modulus + 1, .max - 1, .max,
        ]
        var generator = SeededGenerator(seed: UInt64(columns))
        let coefficients = FieldMatrix(
            rowCount: 32, columnCount: columns,
            elements: (0..<32 * columns).map { _ in
                Goldilocks(edges.randomElement(using: &generator)!)
            })
        let extended = NumberTheoreticTransform.lowDegreeExtension(
            of: coefficients, rateBits: 1, shift: Goldilocks(.max), instructions: instructions)
        let root = Goldilocks.rootOfUnity(bits: 6)
        for index in 0..<64 {
            let point = Goldilocks(.max) * root.power(UInt64(index))
            for column in 0..<columns {
                #expect(
                    extended[reversedBits(index, bits: 6), column]
                        == value(of: coefficients.column(column), at: point))
            }
        }
    }

    @Test func `bit reversal is its own inverse`() {
        #expect((0..<8).map { reversedBits($0, bits: 3) } == [0, 4, 2, 6, 1, 5, 3, 7])
        var reversed = matrix(rows: 32, columns: 2)
        let original = reversed
        reversed.bitReverseRows()
        #expect(reversed != original)
        #expect(Array(reversed.row(1)) == Array(original.row(16)))
        reversed.bitReverseRows()
        #expect(reversed == original)
    }

    @Test func `columns and rows are where they are said to be`() {
        let matrix = FieldMatrix(columns: [[1, 2], [3, 4], [5, 6]])
        #expect(Array(matrix.row(1)) == [2, 4, 6])
        #expect(matrix.column(2) == [5, 6])
        #expect(matrix.rowCount == 2 && matrix.columnCount == 3)
    }
}
