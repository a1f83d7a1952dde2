package import Field

/// Checks what `FRIProver` makes.
package enum FRIVerifier {
    /// Throws unless `proof` shows that the polynomials committed by `caps` have the values
    /// `openings` of `plan`. The transcript stands where the prover's stood; `columnCounts` come
    /// from the verifying key. Cost: queryCount · (all row lengths / 8 + all path lengths)
    /// permutations.
    package static func verify<Element: ExtensionField>(
        _ proof: FRIProof<Element>, caps: [MerkleCap], columnCounts: [Int],
        plan: OpeningPlan<Element>, openings: [[Element]], parameters: FRIParameters,
        transcript: inout some Challenger
    ) throws(CommitmentError) {
        try expect(.caps, columnCounts.count, caps.count)
        for cap in caps {
            try expect(.capDigests, 1 << parameters.oracleCapHeight, cap.digests.count)
        }
        try plan.check(openings: openings, columnCounts: columnCounts)
        try proof.checkShape(parameters: parameters, columnCounts: columnCounts)

        let drawn = FRIChallenges(
            openings: openings.map { $0.flatMap(\.coefficients) },
            roundCaps: proof.roundCaps.map(\.elements),
            finalPolynomial: proof.finalPolynomial.flatMap(\.coefficients),
            nonce: proof.proofOfWorkNonce, extensionDegree: Element.degree,
            queryCount: parameters.queryCount, transcript: &transcript)
        guard lowBits(of: drawn.work, parameters.proofOfWorkBits) == 0 else {
            throw .missingProofOfWork(required: parameters.proofOfWorkBits)
        }
        let alpha = Element { drawn.alpha[$0] }
        let challenges = drawn.foldings.map { folding in Element { folding[$0] } }
        let indices = drawn.queries.map { lowBits(of: $0, parameters.domainBits) }

        // The cheap first: arithmetic, then some hundred hashes a query.
        let combination = Combination(plan: plan, openings: openings, alpha: alpha)
        for (number, index) in indices.enumerated() {
            let query = proof.queries[number]
            let start = try combination.value(
                rows: query.oracleRows, at: domainPoint(index, bits: parameters.domainBits))
            try follow(
                query, number: number, from: start, at: index, proof: proof,
                challenges: challenges, parameters: parameters)
        }
        try checkPaths(proof, caps: caps, indices: indices, parameters: parameters)
    }

    /// That all that was opened stands in the trees. `proof` has its shape.
    private static func checkPaths<Element: ExtensionField>(
        _ proof: FRIProof<Element>, caps: [MerkleCap], indices: [Int], parameters: FRIParameters
    ) throws(CommitmentError) {
        for (oracle, cap) in caps.enumerated() {
            let openings = proof.queries.map { $0.oracleRows[oracle] }
            try cap.verify(rows: openings.map(\.row), at: indices, paths: openings.map(\.path))
        }
        for (round, cap) in proof.roundCaps.enumerated() {
            let openings = proof.queries.map { $0.rounds[round] }
            try cap.verify(
                rows: openings.map { $0.values.flatMap(\.coefficients) },
                at: indices.map { $0 >> ((round + 1) * parameters.arityBits) },
                paths: openings.map(\.path))
        }
    }

    private static func lowBits(of element: Goldilocks, _ count: Int) -> Int {
        Int(element.canonical & (1 << UInt64(count) - 1))
    }

    /// Row `index` of a bit-reversed coset extension is at this point.
    private static func domainPoint(_ index: Int, bits: Int) -> Goldilocks {
        let exponent = UInt64(reversedBits(index, bits: bits))
        return .multiplicativeGenerator * Goldilocks.rootOfUnity(bits: bits).power(exponent)
    }

    /// Checks `value`, that of the combined polynomial at `index`, through all rounds.
    private static func follow<Element: ExtensionField>(
        _ query: FRIQuery<Element>, number: Int, from value: Element, at index: Int,
        proof: FRIProof<Element>, challenges: [Element], parameters: FRIParameters
    ) throws(CommitmentError) {
        var value = value
        var index = index
        var point = domainPoint(index, bits: parameters.domainBits)
        for (round, opening) in query.rounds.enumerated() {
            let place = index & (parameters.arity - 1)
            index >>= parameters.arityBits
            guard opening.values[place] == value else {
                throw .inconsistentFold(query: number, round: round)
            }
            let root = Goldilocks.rootOfUnity(bits: parameters.arityBits)
            let turn = UInt64(
                parameters.arity - reversedBits(place, bits: parameters.arityBits))
            value = interpolate(
                opening.values, start: point * root.power(turn), root: root,
                at: challenges[round])
            point = point.squared(times: parameters.arityBits)
        }
        guard evaluate(proof.finalPolynomial, at: point) == value else {
            throw .wrongFinalValue(query: number)
        }
    }

    /// The value at `challenge` of the polynomial of degree below `values.count` which at
    /// `start`·`root`^`reversedBits(i)` is `values[i]`: folded by two, the challenge squared each
    /// time. Neighbours are at x and −x, so (f(x) + f(−x)) / 2 + challenge · (f(x) − f(−x)) / 2x is
    /// the fold's value at x².
    package static func interpolate<Element: ExtensionField>(
        _ values: [Element], start: Goldilocks, root: Goldilocks, at challenge: Element
    ) -> Element {
        guard var inverseStart = start.inverse, var inverseRoot = root.inverse,
            let half = Goldilocks(2).inverse
        else { preconditionFailure("zero is in no coset") }
        var (values, challenge) = (values, challenge)
        while values.count > 1 {
            let bits = values.count.trailingZeroBitCount - 1
            values = (0..<values.count / 2).map { pair in
                let (first, second) = (values[2 * pair], values[2 * pair + 1])
                let exponent = UInt64(reversedBits(pair, bits: bits))
                let inversePoint = inverseStart * inverseRoot.power(exponent)
                return (first + second + challenge * ((first - second) * inversePoint)) * half
            }
            inverseStart = inverseStart.squared
            inverseRoot = inverseRoot.squared
            challenge = challenge.squared
        }
        return values[0]
    }
}

/// The prover's `combine` at one point, from the rows opened there.
private struct Combination<Element: ExtensionField> {
    let plan: OpeningPlan<Element>
    /// Powers of α, one for each opening.
    let weights: [Element]
    /// For each batch the weighted sum of its openings.
    let claims: [Element]

    init(plan: OpeningPlan<Element>, openings: [[Element]], alpha: Element) {
        self.plan = plan
        weights = alpha.powers(openings.reduce(0) { $0 + $1.count })
        var used = 0
        var claims: [Element] = []
        for values in openings {
            claims.append(
                zip(weights[used...], values).reduce(.zero) { $0 + $1.0 * $1.1 })
            used += values.count
        }
        self.claims = claims
    }

    func value(rows: [RowOpening], at point: Goldilocks) throws(CommitmentError) -> Element {
        guard let inverses = batchInverses(plan.batches.map { Element(point) - $0.point }) else {
            throw .pointInDomain
        }
        var used = 0
        var total = Element.zero
        for (number, batch) in plan.batches.enumerated() {
            var sum = -claims[number]
            for selection in batch.selections {
                sum += weightedSum(
                    rows[selection.oracleIndex].row, selection.columns, weights, from: used)
                used += selection.columns.count
            }
            total += sum * inverses[number]
        }
        return total
    }
}
