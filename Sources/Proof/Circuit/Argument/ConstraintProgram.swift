internal import Field

/// Expressions over the base field as a program: equal parts are computed once, a product used once
/// is added in the step that makes it, and registers are used again when their value is.
struct ConstraintProgram {
    let program: ArithmeticProgram
    /// The registers of the results.
    let outputs: [Int]

    /// Input i is register i.
    init(_ expressions: [ConstraintExpression], inputCount: Int) {
        var graph = ExpressionGraph(inputCount: inputCount)
        let results = expressions.map { graph.add($0) }
        var schedule = ProgramSchedule(graph, results: results)
        for result in results { schedule.compute(result) }
        program = ArithmeticProgram(
            schedule.steps, constants: graph.constants, registerCount: schedule.registerCount)
        outputs = results.map { schedule.register(of: $0) }
    }
}

/// Expressions numbered so that equal ones have one number.
private struct ExpressionGraph {
    enum Node: Hashable {
        case input(Int)
        case constant(Int)
        case sum(Int, Int)
        case difference(Int, Int)
        case product(Int, Int)
        /// Node, constant.
        case shifted(Int, Int)
        case scaled(Int, Int)
    }

    let inputCount: Int
    private(set) var nodes: [Node] = []
    private(set) var constants: [Goldilocks] = []
    private var numbers: [Node: Int] = [:]
    private var constantNumbers: [Goldilocks: Int] = [:]
    private var seen: [ObjectIdentifier: Int] = [:]

    init(inputCount: Int) { self.inputCount = inputCount }

    mutating func add(_ expression: ConstraintExpression) -> Int {
        let key = ObjectIdentifier(expression)
        if let known = seen[key] { return known }
        let node: Node
        switch expression.form {
        case .input(let index): node = .input(index)
        case .constant(let value): node = .constant(number(of: value))
        case .sum(let first, let second):
            if case .constant(let value) = second.form {
                node = .shifted(add(first), number(of: value))
            } else if case .constant(let value) = first.form {
                node = .shifted(add(second), number(of: value))
            } else {
                let (first, second) = (add(first), add(second))
                node = .sum(min(first, second), max(first, second))
            }
        case .difference(let first, let second):
            if case .constant(let value) = second.form {
                node = .shifted(add(first), number(of: -value))
            } else if case .constant(let value) = first.form {
                let second = add(second)
                let negated = number(of: .scaled(second, number(of: -.one)))
                node = .shifted(negated, number(of: value))
            } else {
                let first = add(first)
                node = .difference(first, add(second))
            }
        case .product(let first, let second):
            let (first, second) = (add(first), add(second))
            node = .product(min(first, second), max(first, second))
        case .scaled(let operand, let factor):
            let operand = add(operand)
            node = .scaled(operand, number(of: factor))
        }
        let number = number(of: node)
        seen[key] = number
        return number
    }

    private mutating func number(of node: Node) -> Int {
        if let known = numbers[node] { return known }
        numbers[node] = nodes.count
        nodes.append(node)
        return nodes.count - 1
    }

    private mutating func number(of constant: Goldilocks) -> Int {
        if let known = constantNumbers[constant] { return known }
        constantNumbers[constant] = constants.count
        constants.append(constant)
        return constants.count - 1
    }

    /// The nodes that a node is computed from.
    func operands(of number: Int) -> [Int] {
        switch nodes[number] {
        case .input, .constant: []
        case .sum(let first, let second), .difference(let first, let second),
            .product(let first, let second):
            [first, second]
        case .shifted(let operand, _), .scaled(let operand, _): [operand]
        }
    }
}

/// The order of steps, and which register holds what when.
private struct ProgramSchedule {
    private let graph: ExpressionGraph
    private var remainingUses: [Int]
    private var registers: [Int?]
    private var free: [Int] = []
    private(set) var registerCount: Int
    private(set) var steps: [ArithmeticProgram.Step] = []

    init(_ graph: ExpressionGraph, results: [Int]) {
        self.graph = graph
        registerCount = graph.inputCount
        remainingUses = [Int](repeating: 0, count: graph.nodes.count)
        registers = [Int?](repeating: nil, count: graph.nodes.count)
        for number in graph.nodes.indices {
            if case .input(let index) = graph.nodes[number] { registers[number] = index }
            for operand in graph.operands(of: number) { remainingUses[operand] += 1 }
        }
        // A result is never freed.
        for result in results { remainingUses[result] += 1 }
    }

    func register(of number: Int) -> Int {
        guard let register = registers[number] else {
            preconditionFailure("node \(number) has no register")
        }
        return register
    }

    mutating func compute(_ number: Int) {
        guard registers[number] == nil else { return }
        switch graph.nodes[number] {
        case .input: break
        case .constant(let constant):
            preconditionFailure("constant \(constant) is no constraint")
        case .sum(let first, let second):
            if !fuse(second, into: number, adding: first) {
                if !fuse(first, into: number, adding: second) {
                    emit(.add, number, first, second)
                }
            }
        case .difference(let first, let second): emit(.subtract, number, first, second)
        case .product(let first, let second): emit(.multiply, number, first, second)
        case .shifted(let operand, let constant):
            emit(.addConstant, number, operand, constant: constant)
        case .scaled(let operand, let constant):
            emit(.multiplyConstant, number, operand, constant: constant)
        }
    }

    /// Adds `addend` in the step of a product that nobody else needs.
    private mutating func fuse(_ product: Int, into number: Int, adding addend: Int) -> Bool {
        guard remainingUses[product] == 1, registers[product] == nil else { return false }
        switch graph.nodes[product] {
        case .product(let first, let second):
            compute(addend)
            compute(first)
            compute(second)
            place(
                number,
                ArithmeticProgram.Step(
                    .multiplyAdd, target: 0, first: register(of: first),
                    second: register(of: second), third: register(of: addend)),
                using: [first, second, addend])
        case .scaled(let operand, let constant):
            compute(addend)
            compute(operand)
            place(
                number,
                ArithmeticProgram.Step(
                    .multiplyConstantAdd, target: 0, first: register(of: operand),
                    second: constant, third: register(of: addend)),
                using: [operand, addend])
        default: return false
        }
        return true
    }

    private mutating func emit(
        _ operation: ArithmeticProgram.Operation, _ number: Int, _ first: Int, _ second: Int
    ) {
        compute(first)
        compute(second)
        place(
            number,
            ArithmeticProgram.Step(
                operation, target: 0, first: register(of: first), second: register(of: second)),
            using: [first, second])
    }

    private mutating func emit(
        _ operation: ArithmeticProgram.Operation, _ number: Int, _ operand: Int, constant: Int
    ) {
        compute(operand)
        place(
            number,
            ArithmeticProgram.Step(
                operation, target: 0, first: register(of: operand), second: constant),
            using: [operand])
    }

    /// Frees what was used for the last time, then takes a register for the result: a step may
    /// write what it reads.
    private mutating func place(
        _ number: Int, _ step: ArithmeticProgram.Step, using operands: [Int]
    ) {
        for operand in operands {
            remainingUses[operand] -= 1
            let register = register(of: operand)
            if remainingUses[operand] == 0, register >= graph.inputCount { free.append(register) }
        }
        var step = step
        if let register = free.popLast() {
            step.target = register
        } else {
            step.target = registerCount
            registerCount += 1
        }
        registers[number] = step.target
        steps.append(step)
    }
}
