internal import Commitment
internal import Field
internal import Hash
internal import IOP

/// Checks what `PlonkProver` makes: the constraints at ζ by the openings, then the openings by FRI.
struct PlonkVerifier<Element: ExtensionField & AlgebraElement> {
    let key: VerifyingKey

    func verify(
        _ proof: PlonkProof<Element>, publicInputs: [Goldilocks]
    ) throws(CircuitError) {
        let shape = PlonkShape<Element>(key.profile.fri)
        let publicInputsHash = ExecutionTable.publicInputsHash(publicInputs)
        var transcript = PlonkTranscript(key: key, publicInputsHash: publicInputsHash)
        let (beta, gamma): (Element, Element) = transcript.absorb(wires: proof.wiresCap)
        let alpha: Element = transcript.absorb(products: proof.productsCap)
        let zeta: Element = transcript.absorb(quotient: proof.quotientCap)

        let plan = shape.openingPlan(at: zeta)
        do {
            try plan.check(openings: proof.openings, columnCounts: shape.columnCounts)
        } catch { throw .commitment(error) }
        try checkConstraints(
            proof.openings, at: zeta, publicInputsHash: publicInputsHash.elements,
            challenges: ArgumentChallenges(beta: beta, gamma: gamma, alpha: alpha), shape: shape)

        do {
            try FRIVerifier.verify(
                proof.fri,
                caps: [key.constantsCap, proof.wiresCap, proof.productsCap, proof.quotientCap],
                columnCounts: shape.columnCounts, plan: plan, openings: proof.openings,
                parameters: shape.parameters, transcript: &transcript.source)
        } catch { throw .commitment(error) }
    }

    /// The combined constraints at ζ equal the quotient times ζ^n − 1. `openings` has the plan's
    /// shape.
    private func checkConstraints(
        _ openings: [[Element]], at zeta: Element, publicInputsHash: [Goldilocks],
        challenges: ArgumentChallenges<Element>, shape: PlonkShape<Element>
    ) throws(CircuitError) {
        let zetaToTheRows = zeta.squared(times: shape.parameters.degreeBits)
        let vanishing = zetaToTheRows - Element.one
        let rowCount = Goldilocks(1 << UInt64(shape.parameters.degreeBits))
        // ζ in the subgroup, where the identity below would say nothing.
        guard !vanishing.isZero, let inverse = ((zeta - Element.one) * rowCount).inverse else {
            throw .unluckyChallenge
        }
        let bounds = shape.columnCounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
        let constants = Array(openings[0][bounds[0]..<bounds[1]])
        let wires = Array(openings[0][bounds[1]..<bounds[2]])
        let products = joined(Array(openings[0][bounds[2]..<bounds[3]])) + joined(openings[1])
        let hash = publicInputsHash.map { Element($0) }
        let combined = ConstraintCombination<ExtensionPoint<Element>>.evaluate(
            at: zeta, constants: constants.span, wires: wires.span,
            products: products.span, firstLagrange: vanishing * inverse,
            publicInputsHash: hash.span, challenges: challenges)
        let chunks = joined(Array(openings[0][bounds[3]..<bounds[4]]))
        let quotient = chunks.reversed().reduce(Element.zero) { $0 * zetaToTheRows + $1 }
        guard combined == quotient * vanishing else { throw .constraintsBroken }
    }

    /// Values at ζ of polynomials over the extension, from those of their coefficients'
    /// polynomials over the base field.
    private func joined(_ values: [Element]) -> [Element] {
        let basis = Element.generator.powers(Element.degree)
        return stride(from: 0, to: values.count, by: Element.degree).map { first in
            (0..<Element.degree).reduce(Element.zero) { $0 + values[first + $1] * basis[$1] }
        }
    }
}
