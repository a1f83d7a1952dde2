package import Field

/// Writes a circuit: rows with gates, copy constraints, and the steps that compute a witness.
///
/// Purely additive and deterministic: the same calls in the same order give the same circuit, byte
/// for byte. `build` ends it. A target belongs to the builder that returned it.
package struct CircuitBuilder: Sendable {
    /// Gate of each row so far.
    var gates: [GateKind] = []
    /// Constants of each row, `constantsPerRow` a row.
    var rowConstants: [Goldilocks] = []
    var virtualCount = 0
    var copies: [(Target, Target)] = []
    var steps: [WitnessStep] = []
    var publicInputs: [Target] = []
    /// Of the extension rows so far.
    private(set) var extensionDegree: Int?

    private var constantTargets: [Goldilocks: Target] = [:]
    private var freeConstantCell: (row: Int, column: Int)?
    /// The row of each pair of factors that has free operations, and the next of them.
    private var openArithmeticRows: [ArithmeticFactors: (row: Int, operation: Int)] = [:]
    private var openExtensionRows: [ArithmeticFactors: (row: Int, operation: Int)] = [:]
    /// Results of extension operations: the same operation again costs nothing.
    var extensionResults: [ExtensionOperation: ExtensionTarget] = [:]

    package init() {}

    /// Rows used so far; the hash of the public inputs and its gate come on top.
    package var rowCount: Int { gates.count }

    /// A target without a cell: its value comes from the witness or from what it is made equal to.
    package mutating func addVirtualTarget() -> Target {
        defer { virtualCount += 1 }
        return .virtual(virtualCount)
    }

    package mutating func addVirtualTargets(_ count: Int) -> [Target] {
        (0..<count).map { _ in addVirtualTarget() }
    }

    package mutating func addVirtualHash() -> HashTarget { HashTarget(addVirtualTargets(4)) }

    /// A target for the witness to set, constrained to 0 or 1.
    package mutating func addBool() -> BoolTarget { assertBool(addVirtualTarget()) }

    /// The order of registration is the order of the verifier's public inputs.
    package mutating func registerPublicInput(_ target: Target) {
        precondition(
            publicInputs.count < CircuitParameters.maximumPublicInputCount,
            "more than \(CircuitParameters.maximumPublicInputCount) public inputs")
        publicInputs.append(target)
    }

    package mutating func registerPublicInputs(_ targets: [Target]) {
        for target in targets { registerPublicInput(target) }
    }

    /// The target that always holds `value`; repeated calls return the same one.
    package mutating func constant(_ value: Goldilocks) -> Target {
        if let known = constantTargets[value] { return known }
        let cell: (row: Int, column: Int)
        if let free = freeConstantCell {
            cell = free
        } else {
            cell = (addRow(.constant), 0)
        }
        rowConstants[cell.row * CircuitParameters.constantsPerRow + cell.column] = value
        let next = cell.column + 1
        freeConstantCell = next < CircuitParameters.constantsPerRow ? (cell.row, next) : nil
        let target = Target.wire(row: cell.row, column: cell.column)
        constantTargets[value] = target
        steps.append(.constant(target, value))
        return target
    }

    @_disfavoredOverload
    package mutating func constant(_ value: UInt64) -> Target { constant(Goldilocks(value)) }

    package mutating func constant(_ values: [Goldilocks]) -> [Target] {
        values.map { constant($0) }
    }

    package mutating func constant(_ value: Bool) -> BoolTarget {
        BoolTarget(trusting: constant(value ? Goldilocks.one : .zero))
    }

    package mutating func zero() -> Target { constant(Goldilocks.zero) }
    package mutating func one() -> Target { constant(Goldilocks.one) }

    /// Joins two targets: from now on they have one value.
    package mutating func assertEqual(_ first: Target, _ second: Target) {
        precondition(
            first.isRoutable && second.isRoutable, "\(first) and \(second) can't both be routed")
        copies.append((first, second))
    }

    package mutating func assertEqual(_ first: HashTarget, _ second: HashTarget) {
        for (first, second) in zip(first.elements, second.elements) { assertEqual(first, second) }
    }

    package mutating func assertZero(_ target: Target) {
        let zero = zero()
        assertEqual(target, zero)
    }

    package mutating func assertOne(_ target: Target) {
        let one = one()
        assertEqual(target, one)
    }

    /// Values that the circuit can't compute with constraints but can check: `body` gets the
    /// values of `inputs` and returns `outputCount` values. **It constrains nothing.**
    package mutating func hint(
        _ inputs: [Target], outputCount: Int,
        body: @escaping @Sendable ([Goldilocks]) -> [Goldilocks]
    ) -> [Target] {
        let outputs = addVirtualTargets(outputCount)
        steps.append(.hint(inputs: inputs, outputs: outputs, body))
        return outputs
    }

    /// A new row; constants start as zero.
    mutating func addRow(_ gate: GateKind) -> Int {
        gates.append(gate)
        for _ in 0..<CircuitParameters.constantsPerRow { rowConstants.append(.zero) }
        return gates.count - 1
    }

    /// Row and number of a free operation of an `ArithmeticGate` with these factors.
    mutating func takeArithmeticOperation(
        _ factors: ArithmeticFactors
    ) -> (row: Int, operation: Int) {
        let place: (row: Int, operation: Int)
        if let open = openArithmeticRows[factors] {
            place = open
        } else {
            place = (addRow(.arithmetic), 0)
            let first = place.row * CircuitParameters.constantsPerRow
            rowConstants[first] = factors.product
            rowConstants[first + 1] = factors.addend
        }
        let next = place.operation + 1
        openArithmeticRows[factors] =
            next < ArithmeticGate.operationCount ? (place.row, next) : nil
        return place
    }
}

extension CircuitBuilder {
    /// A new row that computes in the extension of this degree.
    mutating func addRow(_ gate: GateKind, extensionDegree degree: Int) -> Int {
        precondition(
            extensionDegree ?? degree == degree, "rows over extensions of two degrees")
        extensionDegree = degree
        return addRow(gate)
    }

    /// Row and number of a free operation of an `ArithmeticExtensionGate` with these factors.
    mutating func takeExtensionOperation(
        _ factors: ArithmeticFactors, degree: Int
    ) -> (row: Int, operation: Int) {
        let place: (row: Int, operation: Int)
        if let open = openExtensionRows[factors] {
            place = open
        } else {
            place = (addRow(.arithmeticExtension, extensionDegree: degree), 0)
            let first = place.row * CircuitParameters.constantsPerRow
            rowConstants[first] = factors.product
            rowConstants[first + 1] = factors.addend
        }
        let next = place.operation + 1
        let count = CircuitParameters.routedWireCount / (4 * degree)
        openExtensionRows[factors] = next < count ? (place.row, next) : nil
        return place
    }
}

/// c₀·x·y + c₁·z over the extension.
struct ExtensionOperation: Hashable, Sendable {
    let factors: ArithmeticFactors
    let x: ExtensionTarget
    let y: ExtensionTarget
    let z: ExtensionTarget
}

/// c₀ and c₁ of an `ArithmeticGate` row.
struct ArithmeticFactors: Hashable, Sendable {
    let product: Goldilocks
    let addend: Goldilocks
}
