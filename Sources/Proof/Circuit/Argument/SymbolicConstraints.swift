package import Field

/// The constraints at a point ζ as expressions, for a circuit that verifies: the texts of
/// `ConstraintCombination`, of which a circuit sums powers of α by its own, cheaper means.
package struct SymbolicConstraints<Extension: ExtensionField> {
    package typealias Expression = ConstraintExpression

    /// Everything that the constraints depend on, in the order of the expressions' inputs.
    package struct Inputs<Value> {
        package var point: Value
        package var firstLagrange: Value
        package var beta: Value
        package var gamma: Value
        /// Selectors and the row's constants, then σ.
        package var constants: [Value]
        package var wires: [Value]
        /// Z and the partial products at ζ, then Z at g·ζ.
        package var products: [Value]
        /// Four.
        package var publicInputsHash: [Value]

        package init(
            point: Value, firstLagrange: Value, beta: Value, gamma: Value, constants: [Value],
            wires: [Value], products: [Value], publicInputsHash: [Value]
        ) {
            self.point = point
            self.firstLagrange = firstLagrange
            self.beta = beta
            self.gamma = gamma
            self.constants = constants
            self.wires = wires
            self.products = products
            self.publicInputsHash = publicInputsHash
        }

        package var all: [Value] {
            [point, firstLagrange, beta, gamma] + constants + wires + products + publicInputsHash
        }
    }

    /// A gate's filter, and its constraints without it.
    package struct FilteredGate {
        package let filter: Expression
        package let constraints: [Expression]
    }

    /// The constraints with the powers of α from 1 on: L₀·(Z − 1), then the copy argument's.
    package let copies: [Expression]
    /// The gates that have constraints; constraint i of each has the power
    /// `copies.count + i`.
    package let gates: [FilteredGate]

    package init() {
        typealias Combination = ConstraintCombination<SymbolicPoint<Extension>>
        let layout = SelectorLayout.standard
        var count = 0
        func next() -> Expression {
            defer { count += 1 }
            return .input(count)
        }
        func next(_ count: Int) -> [Expression] { (0..<count).map { _ in next() } }
        let (point, firstLagrange, beta, gamma) = (next(), next(), next(), next())
        let constants = next(layout.columnCount + CircuitParameters.routedWireCount)
        let wires = next(CircuitParameters.wireCount)
        let products = next(CircuitParameters.copyProductCount + 1)
        let publicInputsHash = next(4)

        let challenges = ArgumentChallenges(
            beta: beta, gamma: gamma, alpha: Expression(embedding: .zero))
        let sigmas = Array(constants[layout.columnCount...])
        let first = firstLagrange * (products[0] - Expression(embedding: .one))
        copies =
            [first]
            + (0..<CircuitParameters.copyProductCount).map { chunk in
                Combination.copyConstraint(
                    chunk, at: point, sigmas: sigmas.span, wires: wires.span,
                    products: products.span, challenges: challenges)
            }
        let rowConstants = Array(constants[layout.selectorCount..<layout.columnCount])
        gates = layout.groups.enumerated().flatMap { index, group in
            group.filter { $0 != .noop }.map { gate in
                var sink = CollectingSink<Expression>()
                gate.constrain(
                    over: Extension.self, wires: wires.span, constants: rowConstants.span,
                    publicInputsHash: publicInputsHash.span, into: &sink)
                return FilteredGate(
                    filter: SelectorLayout.filter(of: gate, in: group, at: constants[index]),
                    constraints: sink.values)
            }
        }
    }
}
