internal import Field

/// The challenges of the argument, in the shapes in which they are used.
struct ArgumentChallenges<Challenge: AlgebraElement> {
    /// β·kⱼ for each routed column j.
    let shiftedBetas: [Challenge]
    let beta: Challenge
    let gamma: Challenge
    /// The first `ConstraintCombination.constraintCount` powers of α, from 1.
    let alphaPowers: [Challenge]

    init(beta: Challenge, gamma: Challenge, alpha: Challenge) {
        self.beta = beta
        self.gamma = gamma
        var shifted = [beta]
        while shifted.count < CircuitParameters.routedWireCount {
            shifted.append(
                shifted[shifted.count - 1].scaled(by: Goldilocks.multiplicativeGenerator))
        }
        shiftedBetas = shifted
        var powers = [Challenge(embedding: .one)]
        while powers.count < ConstraintCombination<DomainPoint<QuadraticExtension>>.constraintCount
        {
            powers.append(powers[powers.count - 1] * alpha)
        }
        alphaPowers = powers
    }

    private init(shiftedBetas: [Challenge], beta: Challenge, gamma: Challenge, powers: [Challenge])
    {
        self.shiftedBetas = shiftedBetas
        self.beta = beta
        self.gamma = gamma
        alphaPowers = powers
    }

    /// The same challenges as elements of another kind.
    func map<Other>(_ transform: (Challenge) -> Other) -> ArgumentChallenges<Other> {
        ArgumentChallenges<Other>(
            shiftedBetas: shiftedBetas.map(transform), beta: transform(beta),
            gamma: transform(gamma), powers: alphaPowers.map(transform))
    }
}

/// The sum of all constraints at one point, each times its own power of α: what must vanish on the
/// subgroup H. In this order: L₀·(Z − 1); one constraint for each chunk of the copy argument;
/// constraint i of every gate, each times its gate's filter, of which one is not zero on a row.
/// The same text serves prover and verifiers.
enum ConstraintCombination<Point: PointAlgebra> {
    typealias Value = Point.Value
    typealias Challenge = Point.Challenge

    static var constraintCount: Int {
        1 + CircuitParameters.copyProductCount + GateKind.maximumConstraintCount
    }

    /// `point` is x; `constants` are selectors and the row's constants, then the σ columns;
    /// `products` are Z and the partial products at x, then Z at g·x; `firstLagrange` is L₀(x).
    @inline(__always)
    static func evaluate(
        at point: Value, constants: Span<Value>, wires: Span<Value>, products: Span<Challenge>,
        firstLagrange: Value, publicInputsHash: Span<Value>,
        challenges: borrowing ArgumentChallenges<Challenge>
    ) -> Challenge {
        let one = Challenge(embedding: .one)
        var total = Point.product(products[0] - one, firstLagrange)
        let sigmas = constants.extracting(SelectorLayout.standard.columnCount...)
        for chunk in 0..<CircuitParameters.copyProductCount {
            total =
                total + challenges.alphaPowers[1 + chunk]
                * copyConstraint(
                    chunk, at: point, sigmas: sigmas, wires: wires, products: products,
                    challenges: challenges)
        }
        return total
            + gateConstraints(
                constants: constants, wires: wires, publicInputsHash: publicInputsHash,
                challenges: challenges)
    }

    /// previous · Π (w + β·k·x + γ) − next · Π (w + β·σ + γ) over the chunk's columns.
    @inline(__always)
    static func copyConstraint(
        _ chunk: Int, at point: Value, sigmas: Span<Value>, wires: Span<Value>,
        products: Span<Challenge>, challenges: borrowing ArgumentChallenges<Challenge>
    ) -> Challenge {
        var numerator = products[chunk]
        var denominator = products[chunk + 1]
        for column in CopyArgument.columns(ofChunk: chunk) {
            let shifted = Point.sum(challenges.gamma, wires[column])
            numerator =
                numerator * (shifted + Point.product(challenges.shiftedBetas[column], point))
            denominator =
                denominator * (shifted + Point.product(challenges.beta, sigmas[column]))
        }
        return numerator - denominator
    }

    @inline(__always)
    private static func gateConstraints(
        constants: Span<Value>, wires: Span<Value>, publicInputsHash: Span<Value>,
        challenges: borrowing ArgumentChallenges<Challenge>
    ) -> Challenge {
        let layout = SelectorLayout.standard
        let rowConstants = constants.extracting(layout.selectorCount..<layout.columnCount)
        var total = Challenge(embedding: .zero)
        for (index, group) in layout.groups.enumerated() {
            for gate in group where gate != .noop {
                var sink = CombiningSink<Point>(powers: challenges.alphaPowers)
                gate.constrain(
                    over: Point.Extension.self, wires: wires, constants: rowConstants,
                    publicInputsHash: publicInputsHash,
                    into: &sink)
                let filter = SelectorLayout.filter(of: gate, in: group, at: constants[index])
                total = total + Point.product(sink.sum, filter)
            }
        }
        return total
    }
}

/// Adds up constraints times powers of α, from the first power of the gates on.
private struct CombiningSink<Point: PointAlgebra>: ConstraintSink {
    let powers: [Point.Challenge]
    var next = 1 + CircuitParameters.copyProductCount
    var sum = Point.Challenge(embedding: .zero)

    init(powers: [Point.Challenge]) { self.powers = powers }

    @inline(__always)
    mutating func requireZero(_ value: Point.Value) {
        sum = sum + Point.product(powers[next], value)
        next += 1
    }
}
