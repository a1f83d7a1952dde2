import Circuit
import Field

/// `PlonkVerifier.checkConstraints` in the circuit.
extension CircuitBuilder {
    /// The combined constraints at ζ equal the quotient times ζⁿ − 1; ζ is not in the base field.
    mutating func checkConstraints<Extension: ExtensionField>(
        _ openings: [[ExtensionTarget]], _ challenges: ChallengeTargets,
        publicInputsHash: HashTarget, shape: PlonkShape<Extension>
    ) {
        let degree = Extension.degree
        let bounds = shape.columnCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let one = embed(.one, degree: degree)
        let zetaToTheRows = squared(challenges.zeta, times: shape.degreeBits)
        let vanishing = sub(zetaToTheRows, one)
        let products = joined(
            Array(openings[0][bounds[2]..<bounds[3]]) + openings[1], Extension.self)
        let combined = combinedConstraints(
            SymbolicConstraints<Extension>.Inputs(
                point: challenges.zeta,
                firstLagrange: firstLagrange(
                    at: challenges.zeta, vanishing: vanishing, degreeBits: shape.degreeBits),
                beta: challenges.beta, gamma: challenges.gamma,
                constants: Array(openings[0][bounds[0]..<bounds[1]]),
                wires: Array(openings[0][bounds[1]..<bounds[2]]), products: products,
                publicInputsHash: publicInputsHash.elements.map { embed($0, degree: degree) }),
            alpha: challenges.alpha, Extension.self)
        let chunks = joined(Array(openings[0][bounds[3]..<bounds[4]]), Extension.self)
        let quotient = reduce(chunks, at: zetaToTheRows)
        let expected = mul(quotient, vanishing)
        assertEqual(combined, expected)
    }

    /// L₀(ζ) = (ζⁿ − 1) / (n·(ζ − 1)).
    private mutating func firstLagrange(
        at zeta: ExtensionTarget, vanishing: ExtensionTarget, degreeBits: Int
    ) -> ExtensionTarget {
        let rowCount = embed(Goldilocks(1 << UInt64(degreeBits)), degree: zeta.degree)
        let denominator = mulSubtract(zeta, rowCount, rowCount)
        let zero = embed(.zero, degree: zeta.degree)
        return quotient(of: vanishing, minus: zero, by: denominator)
    }

    /// `ConstraintCombination.evaluate`.
    private mutating func combinedConstraints<Extension: ExtensionField>(
        _ inputs: SymbolicConstraints<Extension>.Inputs<ExtensionTarget>, alpha: ExtensionTarget,
        _: Extension.Type
    ) -> ExtensionTarget {
        let constraints = SymbolicConstraints<Extension>()
        let expressions =
            constraints.copies + constraints.gates.map(\.filter)
            + constraints.gates.flatMap(\.constraints)
        let values = evaluate(expressions, inputs: inputs.all, degree: Extension.degree)
        let copies = values[..<constraints.copies.count]
        let filters = values[copies.endIndex...].prefix(constraints.gates.count)
        var used = filters.endIndex
        var gates = embed(.zero, degree: Extension.degree)
        for (gate, filter) in zip(constraints.gates, filters) {
            let end = used + gate.constraints.count
            let sum = reduce(Array(values[used..<end]), at: alpha)
            gates = mulAdd(filter, sum, gates)
            used = end
        }
        return reduce(copies + [gates], at: alpha)
    }

    /// Values of polynomials over the extension, from those of their coefficients' polynomials.
    private mutating func joined<Extension: ExtensionField>(
        _ values: [ExtensionTarget], _: Extension.Type
    ) -> [ExtensionTarget] {
        let generator = constant(Extension.generator)
        return stride(from: 0, to: values.count, by: Extension.degree).map { first in
            var sum = values[first + Extension.degree - 1]
            for index in (0..<Extension.degree - 1).reversed() {
                sum = mulAdd(sum, generator, values[first + index])
            }
            return sum
        }
    }
}
