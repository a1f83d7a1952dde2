import CGoldilocks

/// A straight line of additions and multiplications over registers, run for many points at once:
/// a register holds `width` elements, one for each point. What is too long to be written as a
/// kernel is written as a program, and takes a fraction of a nanosecond an operation and point.
package struct ArithmeticProgram: Sendable {
    package enum Operation: UInt16, Sendable {
        case add, subtract, multiply, multiplyAdd
        /// The second operand is the number of a constant.
        case addConstant, multiplyConstant, multiplyConstantAdd

        fileprivate var takesConstant: Bool { rawValue >= Self.addConstant.rawValue }
    }

    /// `target` = `first` (operation) `second` (+ `third`).
    package struct Step: Sendable {
        package var operation: Operation
        package var target: Int
        package var first: Int
        package var second: Int
        package var third: Int

        package init(
            _ operation: Operation, target: Int, first: Int, second: Int, third: Int = 0
        ) {
            self.operation = operation
            self.target = target
            self.first = first
            self.second = second
            self.third = third
        }
    }

    package static let width = Int(GOLDILOCKS_REGISTER_WIDTH)

    package let registerCount: Int
    package var stepCount: Int { steps.count }
    private let steps: [GoldilocksStep]
    /// Representatives.
    private let constants: [UInt64]

    /// Traps where a step names a register or constant beyond the last.
    package init(_ steps: [Step], constants: [Goldilocks], registerCount: Int) {
        precondition(
            registerCount <= Int(UInt16.max) && constants.count <= Int(UInt16.max)
                && steps.allSatisfy { step in
                    let secondEnd = step.operation.takesConstant ? constants.count : registerCount
                    return [step.target, step.first, step.third].allSatisfy {
                        (0..<registerCount).contains($0)
                    } && (0..<secondEnd).contains(step.second)
                }, "a step beyond \(registerCount) registers or \(constants.count) constants")
        self.registerCount = registerCount
        self.constants = constants.map(\.representative)
        self.steps = steps.map {
            GoldilocksStep(
                operation: $0.operation.rawValue, target: UInt16($0.target),
                first: UInt16($0.first), second: UInt16($0.second), third: UInt16($0.third))
        }
    }

    /// `registers[register * width + point]`.
    package func run(on registers: inout Registers, instructions: InstructionSet = .inUse) {
        precondition(registers.count >= registerCount, "\(registers.count) registers")
        registers.words.withUnsafeMutableBufferPointer { words in
            steps.withUnsafeBufferPointer { steps in
                constants.withUnsafeBufferPointer { constants in
                    guard let base = words.baseAddress else { return }
                    goldilocks_run(
                        steps.baseAddress, steps.count, constants.baseAddress, base,
                        instructions.kernel)
                }
            }
        }
    }

    /// The elements of all points.
    package struct Registers: Sendable {
        fileprivate var words: [UInt64]

        package init(count: Int) {
            words = [UInt64](repeating: 0, count: count * ArithmeticProgram.width)
        }

        package var count: Int { words.count / ArithmeticProgram.width }

        package subscript(register: Int, point: Int) -> Goldilocks {
            get { Goldilocks(words[register * ArithmeticProgram.width + point]) }
            set { words[register * ArithmeticProgram.width + point] = newValue.representative }
        }

        /// Columns of the `width` rows of `matrix` from `row` on, into registers from `register`
        /// on: a point for each row.
        package mutating func load(
            _ matrix: FieldMatrix, fromRow row: Int, into register: Int,
            instructions: InstructionSet = .inUse
        ) {
            precondition(
                row >= 0 && row + ArithmeticProgram.width <= matrix.rowCount
                    && register >= 0 && register + matrix.columnCount <= count,
                "no \(matrix.columnCount) registers from \(register) on for rows from \(row)")
            matrix.elements.withUnsafeBufferPointer { elements in
                words.withUnsafeMutableBufferPointer { words in
                    guard let source = elements.baseAddress, let target = words.baseAddress
                    else { return }
                    goldilocks_load_columns(
                        UnsafeRawPointer(source + row * matrix.columnCount)
                            .assumingMemoryBound(to: UInt64.self), matrix.columnCount,
                        target + register * ArithmeticProgram.width, instructions.kernel)
                }
            }
        }
    }
}
