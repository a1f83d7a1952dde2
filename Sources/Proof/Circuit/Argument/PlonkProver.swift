internal import Commitment
internal import Field
internal import Hash
internal import IOP

/// Proves that a completed table keeps a circuit's constraints; it asks nobody whether it does.
struct PlonkProver<Element: ExtensionField & AlgebraElement> {
    let circuit: Circuit
    let witness: TableWitness
    let workers: Workers
    let progress: ProvingProgress
    let isCancelled: () -> Bool
    /// Of its wires `witness` has heard already. Nil for an honest prover.
    let forgery: ProofForgery?

    private var parameters: FRIParameters { circuit.verifyingKey.profile.fri }

    func prove() throws(CircuitError) -> PlonkProof<Element> {
        let publicInputsHash = ExecutionTable.publicInputsHash(witness.publicInputs)
        var transcript = PlonkTranscript(
            key: circuit.verifyingKey, publicInputsHash: publicInputsHash)

        try begin(.wires)
        guard
            let wires = PolynomialOracle(
                values: witness.wires, rateBits: parameters.rateBits,
                capHeight: parameters.capHeight, workers: workers, isCancelled: isCancelled)
        else { throw .cancelled }
        let (beta, gamma): (Element, Element) = transcript.absorb(wires: wires.cap)

        try begin(.products)
        // α isn't known yet; the products need only β and γ.
        let products = try productsOracle(
            ArgumentChallenges(beta: beta, gamma: gamma, alpha: .zero))
        let alpha: Element = transcript.absorb(products: products.cap)

        try begin(.quotient)
        let quotient = try quotientOracle(
            QuotientColumns(
                constants: circuit.constantsOracle, wires: wires, products: products,
                publicInputsHash: publicInputsHash.elements,
                challenges: ArgumentChallenges(beta: beta, gamma: gamma, alpha: alpha)))
        let zeta: Element = transcript.absorb(quotient: quotient.cap)

        try begin(.openings)
        let oracles = [circuit.constantsOracle, wires, products, quotient]
        return try open(oracles, at: zeta, transcript: transcript.source)
    }

    private func productsOracle(
        _ challenges: ArgumentChallenges<Element>
    ) throws(CircuitError) -> PolynomialOracle {
        var values: FieldMatrix
        do {
            values = try CopyArgument.products(
                wires: witness.wires, sigmas: circuit.sigmas, challenges: challenges,
                workers: workers, isCancelled: isCancelled)
        } catch .cancelled {
            throw .cancelled
        } catch { throw .unluckyChallenge }
        forgery?.products(&values)
        try check(.products, 0.5)
        guard
            let oracle = PolynomialOracle(
                values: values, rateBits: parameters.rateBits, capHeight: parameters.capHeight,
                workers: workers, isCancelled: isCancelled)
        else { throw .cancelled }
        return oracle
    }

    private func quotientOracle(
        _ columns: QuotientColumns<Element>
    ) throws(CircuitError) -> PolynomialOracle {
        let coefficients = columns.coefficients(
            workers: workers, finished: { progress(.quotient, $0 * 0.8) },
            isCancelled: isCancelled)
        guard let coefficients,
            let oracle = PolynomialOracle(
                coefficients: coefficients, rateBits: parameters.rateBits,
                capHeight: parameters.capHeight, workers: workers, isCancelled: isCancelled)
        else { throw .cancelled }
        return oracle
    }

    private func open(
        _ oracles: [PolynomialOracle], at zeta: Element, transcript: consuming Transcript
    ) throws(CircuitError) -> PlonkProof<Element> {
        let plan = PlonkShape<Element>(parameters).openingPlan(at: zeta)
        var openings = plan.open(oracles, workers: workers, isCancelled: isCancelled)
        try check(.openings, 1)
        forgery?.alterOpenings(&openings[0])
        try begin(.fri)
        let fri = FRIProver.prove(
            oracles: oracles, plan: plan, openings: openings, parameters: parameters,
            transcript: &transcript, workers: workers, isCancelled: isCancelled,
            forgery: forgery?.ofFRI(parameters))
        guard let fri else { throw .cancelled }
        progress(.fri, 1)
        return PlonkProof(
            wiresCap: oracles[1].cap, productsCap: oracles[2].cap, quotientCap: oracles[3].cap,
            openings: openings, fri: fri)
    }

    private func begin(_ phase: ProvingPhase) throws(CircuitError) { try check(phase, 0) }

    private func check(_ phase: ProvingPhase, _ fraction: Double) throws(CircuitError) {
        guard !isCancelled() else { throw .cancelled }
        progress(phase, fraction)
    }
}
