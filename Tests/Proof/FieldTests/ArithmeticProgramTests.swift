import Field
import SansIO
import Testing

struct ArithmeticProgramTests {
    private static let edges: [UInt64] = [
        0, 1, 2, 0xFFFF_FFFF, 1 << 32, Goldilocks.modulus - 1, Goldilocks.modulus,
        Goldilocks.modulus + 1, .max - 1, .max,
    ]

    private static func random(_ generator: inout SeededGenerator) -> Goldilocks {
        let value = generator.next()
        return Goldilocks(
            value & 3 == 0 ? edges[Int(value >> 2) % edges.count] : value)
    }

    @Test(arguments: InstructionSet.available)
    func `a program computes what its steps say`(instructions: InstructionSet) {
        var generator = SeededGenerator(seed: 7)
        let constants = (0..<10).map { _ in Self.random(&generator) }
        let operations: [ArithmeticProgram.Operation] = [
            .add, .subtract, .multiply, .multiplyAdd, .addConstant, .multiplyConstant,
            .multiplyConstantAdd,
        ]
        let steps = (0..<300).map { number in
            func place(_ count: Int) -> Int { Int(generator.next() % UInt64(count)) }
            return ArithmeticProgram.Step(
                operations[number % operations.count], target: place(12), first: place(12),
                second: place(10), third: place(12))
        }
        let program = ArithmeticProgram(steps, constants: constants, registerCount: 12)
        var registers = ArithmeticProgram.Registers(count: 12)
        var expected = (0..<ArithmeticProgram.width).map { _ in
            (0..<12).map { _ in Self.random(&generator) }
        }
        for point in expected.indices {
            for register in 0..<12 { registers[register, point] = expected[point][register] }
            for step in steps { Self.perform(step, on: &expected[point], constants) }
        }
        program.run(on: &registers, instructions: instructions)
        for point in expected.indices {
            for register in 0..<12 {
                #expect(registers[register, point] == expected[point][register])
            }
        }
    }

    private static func perform(
        _ step: ArithmeticProgram.Step, on registers: inout [Goldilocks],
        _ constants: [Goldilocks]
    ) {
        let first = registers[step.first]
        let second = registers[step.second]
        let third = registers[step.third]
        registers[step.target] =
            switch step.operation {
            case .add: first + second
            case .subtract: first - second
            case .multiply: first * second
            case .multiplyAdd: first * second + third
            case .addConstant: first + constants[step.second]
            case .multiplyConstant: first * constants[step.second]
            case .multiplyConstantAdd: first * constants[step.second] + third
            }
    }

    @Test(arguments: InstructionSet.available)
    func `columns of rows become registers`(instructions: InstructionSet) {
        var matrix = FieldMatrix(rowCount: 3 * ArithmeticProgram.width, columnCount: 5)
        for index in matrix.elements.indices {
            matrix.elements[index] = Goldilocks(UInt64(index))
        }
        var registers = ArithmeticProgram.Registers(count: 7)
        registers.load(
            matrix, fromRow: ArithmeticProgram.width, into: 2, instructions: instructions)
        for column in 0..<5 {
            for point in 0..<ArithmeticProgram.width {
                let expected = matrix[ArithmeticProgram.width + point, column]
                #expect(registers[2 + column, point] == expected)
            }
        }
    }
}
