// Fast Reed–Solomon proximity proofs, and openings by them.
//
// Polynomials f_k committed in several oracles are claimed to have values y_k at points z. With a
// challenge α the quotients (f_k − y_k) / (X − z), each a polynomial only when its claim holds,
// are summed with the weights 1, α, α², … into one polynomial. It is committed and folded, 16
// coefficients to one, round by round; the last is sent as it is. Queries then follow random
// points from the oracles' rows through all rounds.
//
// Transcript, in this order: all openings → α → for each round its cap → its challenge → final
// polynomial → nonce → indices.
//
// Values stand in bit-reversed order: the 16 points which a fold joins are neighbours, one leaf.
//
// Source: Ben-Sasson et al., "Fast Reed-Solomon IOPP" (2018); DEEP-FRI (2019); the batching and
// the arity are plonky2's.

package import Field

package enum FRIProver {
    /// The proof that `openings`, as `plan.open(oracles)` gives them, are the values of the
    /// polynomials. The oracles' caps, and the points, have gone through the transcript already;
    /// the openings go through it here. Openings that are wrong give a proof that fails.
    package static func prove<Element: ExtensionField>(
        oracles: [PolynomialOracle], plan: OpeningPlan<Element>, openings: [[Element]],
        parameters: FRIParameters, transcript: inout some Challenger
    ) -> FRIProof<Element> {
        guard
            let proof = prove(
                oracles: oracles, plan: plan, openings: openings, parameters: parameters,
                transcript: &transcript, workers: .alone, isCancelled: { false },
                forgery: nil)
        else { preconditionFailure("nobody cancelled the proof") }
        return proof
    }

    /// As above; nil once `isCancelled` says so. Honest without a forgery.
    package static func prove<Element: ExtensionField>(
        oracles: [PolynomialOracle], plan: OpeningPlan<Element>, openings: [[Element]],
        parameters: FRIParameters, transcript: inout some Challenger, workers: Workers,
        isCancelled: () -> Bool, forgery: FRIForgery<Element>?
    ) -> FRIProof<Element>? {
        for values in openings { transcript.absorb(values) }
        let alpha = transcript.challenge(Element.self)
        var polynomial = combine(oracles, plan, alpha, parameters, workers, isCancelled)
        var rounds: [Round] = []
        var shift = Goldilocks.multiplicativeGenerator
        for number in 0..<parameters.roundCount {
            forgery?.alterPolynomial(number, &polynomial)
            guard
                let round = Round(
                    committing: polynomial, shift: shift, parameters, workers, isCancelled)
            else { return nil }
            transcript.absorb(round.tree.cap)
            rounds.append(round)
            let challenge = transcript.challenge(Element.self)
            polynomial = fold(polynomial, arity: parameters.arity, at: challenge)
            shift = shift.squared(times: parameters.arityBits)
        }
        forgery?.alterPolynomial(parameters.roundCount, &polynomial)
        transcript.absorb(polynomial)
        let workBits = forgery?.proofOfWorkBits ?? parameters.proofOfWorkBits
        guard
            let nonce = transcript.nonce(
                forProofOfWorkBits: workBits, workers: workers,
                isCancelled: isCancelled)
        else { return nil }
        let worked = transcript.hasProofOfWork(nonce, bits: workBits)
        precondition(worked, "the nonce found has no proof of work")
        let indices = transcript.indices(
            count: parameters.queryCount, bits: parameters.domainBits)
        return FRIProof(
            roundCaps: rounds.map(\.tree.cap), finalPolynomial: polynomial,
            proofOfWorkNonce: nonce,
            queries: indices.map { query(at: $0, oracles, rounds, parameters) })
    }

    /// The weighted sum of the quotients.
    private static func combine<Element: ExtensionField>(
        _ oracles: [PolynomialOracle], _ plan: OpeningPlan<Element>, _ alpha: Element,
        _ parameters: FRIParameters, _ workers: Workers, _ isCancelled: () -> Bool
    ) -> [Element] {
        let degree = 1 << parameters.degreeBits
        let weights = alpha.powers(plan.batches.reduce(0) { $0 + $1.count })
        var total = [Element](repeating: .zero, count: degree)
        var used = 0
        for batch in plan.batches {
            var sum = [Element](repeating: .zero, count: degree)
            for selection in batch.selections {
                let end = used + selection.columns.count
                _ = workers.fill(
                    &sum, rows: 0..<degree, by: CommitmentParameters.rowsPerPart,
                    unless: isCancelled
                ) { sums in
                    accumulate(
                        sums, oracles[selection.oracleIndex].coefficients, selection.columns,
                        weights: weights[used..<end])
                }
                used = end
            }
            addQuotient(of: sum, byRoot: batch.point, to: &total)
        }
        return total
    }

    /// The values of one round, `arity` to a row, and their tree.
    private struct Round {
        let values: FieldMatrix
        let tree: MerkleTree

        init?<Element: ExtensionField>(
            committing polynomial: [Element], shift: Goldilocks, _ parameters: FRIParameters,
            _ workers: Workers, _ isCancelled: () -> Bool
        ) {
            let extended = NumberTheoreticTransform.lowDegreeExtension(
                of: matrix(of: polynomial), rateBits: parameters.rateBits, shift: shift,
                workers: workers, isCancelled: isCancelled)
            values = FieldMatrix(
                rowCount: extended.rowCount / parameters.arity,
                columnCount: parameters.arity * Element.degree, elements: extended.elements)
            guard
                let tree = MerkleTree(
                    rows: values, capHeight: parameters.capHeight, workers: workers,
                    isCancelled: isCancelled)
            else { return nil }
            self.tree = tree
        }
    }

    /// What query `index`, a row of the oracles' extensions, opens.
    private static func query<Element: ExtensionField>(
        at index: Int, _ oracles: [PolynomialOracle], _ rounds: [Round],
        _ parameters: FRIParameters
    ) -> FRIQuery<Element> {
        var position = index
        return FRIQuery(
            oracleRows: oracles.map {
                RowOpening(row: Array($0.extended.row(index)), path: $0.tree.path(at: index))
            },
            rounds: rounds.map { round in
                position >>= parameters.arityBits
                let row = Array(round.values.row(position))
                let values = (0..<parameters.arity).map { value in
                    Element { row[value * Element.degree + $0] }
                }
                return FRIRoundOpening(values: values, path: round.tree.path(at: position))
            })
    }
}

/// What a bad prover does otherwise, for proofs that break one check and keep all others: tests of
/// verifiers are who makes them.
package struct FRIForgery<Element: ExtensionField> {
    /// Changes the polynomial that a round is about to commit to, a coefficient a power; after the
    /// last round, the final one. What follows goes on from there.
    let alterPolynomial: (_ round: Int, _ polynomial: inout [Element]) -> Void
    /// The low bits of the work that have to be zero.
    let proofOfWorkBits: Int

    package init(
        alterPolynomial: @escaping (_ round: Int, _ polynomial: inout [Element]) -> Void,
        proofOfWorkBits: Int
    ) {
        self.alterPolynomial = alterPolynomial
        self.proofOfWorkBits = proofOfWorkBits
    }
}
