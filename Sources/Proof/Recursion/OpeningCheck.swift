import Circuit
import Commitment
import Field
import Hash

/// `FRIVerifier` in the circuit: that the openings are the values of the committed polynomials.
extension CircuitBuilder {
    mutating func checkOpenings<Extension: ExtensionField>(
        _ proof: ProofTarget, _ challenges: ChallengeTargets, keyCap: [HashTarget],
        shape: PlonkShape<Extension>
    ) {
        checkWork(challenges.work, bitCount: shape.parameters.proofOfWorkBits)
        let caps = [keyCap, proof.wiresCap, proof.productsCap, proof.quotientCap]
        let combination = OpeningCombination(
            &self, proof.openings, challenges, root: shape.rowRoot)
        for (query, challenge) in zip(proof.queries, challenges.queries) {
            let bits = splitLittleEndian(challenge, bitCount: 64)
            let position = Array(bits[..<shape.parameters.domainBits])
            for (row, cap) in zip(query.rows, caps) {
                checkPath(of: row.elements, row.siblings, at: position, cap: cap)
            }
            let points = queryPoints(position, shape: shape)
            var value = combination.value(&self, rows: query.rows, at: points.first)
            for (round, opening) in query.rounds.enumerated() {
                let first = round * shape.parameters.arityBits
                let end = first + shape.parameters.arityBits
                checkPath(
                    of: opening.values.flatMap(\.elements), opening.siblings,
                    at: Array(position[end...]), cap: proof.roundCaps[round])
                value = interpolate(
                    opening.values, shift: points.shifts[round],
                    position: Array(position[first..<end]), claimed: value,
                    at: challenges.foldings[round])
            }
            let last = embed(points.last, degree: Extension.degree)
            let expected = reduce(proof.finalPolynomial, at: last)
            assertEqual(value, expected)
        }
    }

    private mutating func checkWork(_ challenge: Target, bitCount: Int) {
        guard bitCount > 0 else { return }
        for bit in splitLittleEndian(challenge, bitCount: 64)[..<bitCount] {
            assertZero(bit.target)
        }
    }

    /// `MerkleCap.verify`: the row of `elements` is in the tree of `cap` at `position`.
    private mutating func checkPath(
        of elements: [Target], _ siblings: [HashTarget], at position: [BoolTarget],
        cap: [HashTarget]
    ) {
        let leaf = hash(domain: .merkleLeaf, elements)
        let root = merkleRoot(
            leaf: leaf, siblings: siblings, position: Array(position[..<siblings.count]))
        let expected = element(
            at: Array(position[siblings.count...]), of: cap.map(\.elements))
        assertEqual(root, HashTarget(expected))
    }

    /// The points that a query meets. With ω the domain's root the point of an index is
    /// 7·Πₖ (ω^(2^(n−1−k)) where bit k is set). The low bits of a round contribute sixteenth roots
    /// of unity, so that the coset's shift is what the higher bits give, and the next round's
    /// point its sixteenth power.
    private mutating func queryPoints<Extension: ExtensionField>(
        _ position: [BoolTarget], shape: PlonkShape<Extension>
    ) -> (first: Target, shifts: [Target], last: Target) {
        let parameters = shape.parameters
        let arityBits = parameters.arityBits
        var product = constant(Goldilocks.multiplicativeGenerator)
        var shifts: [Target] = []
        for bit in position.indices.reversed() {
            let factor = Goldilocks.rootOfUnity(bits: bit + 1)
            product = arithmetic(
                factor - .one, product, position[bit].target, .one, product)
            let (round, rest) = bit.quotientAndRemainder(dividingBy: arityBits)
            if rest == 0, 1...parameters.roundCount ~= round {
                shifts.insert(squared(product, times: (round - 1) * arityBits), at: 0)
            }
        }
        let last = shifts.last.map { squared($0, times: arityBits) } ?? product
        return (product, shifts, last)
    }

    private mutating func squared(_ target: Target, times count: Int) -> Target {
        var result = target
        for _ in 0..<count { result = mul(result, result) }
        return result
    }
}

/// The sum of the quotients (f − y) / (x − z), weighted by powers of α, at one point x of the
/// domain: `FRIVerifier`'s `Combination`.
private struct OpeningCombination {
    let alpha: ExtensionTarget
    /// For each of the two batches the weighted sum of its openings.
    let claims: [ExtensionTarget]
    /// The batches' points: each one's constant coefficient, and the others negated.
    let points: [(constant: Target, negatedRest: [Target])]
    /// The weight of the second batch.
    let shift: ExtensionTarget
    let secondCount: Int

    init(
        _ builder: inout CircuitBuilder, _ openings: [[ExtensionTarget]],
        _ challenges: ChallengeTargets, root: Goldilocks
    ) {
        let alpha = challenges.openingAlpha
        self.alpha = alpha
        claims = openings.map { builder.reduce($0, at: alpha) }
        let root = builder.embed(root, degree: alpha.degree)
        let zero = builder.zero()
        points = [challenges.zeta, builder.mul(challenges.zeta, root)].map { point in
            (point.elements[0], point.elements[1...].map { builder.sub(zero, $0) })
        }
        shift = builder.power(alpha, openings[0].count)
        secondCount = openings[1].count
    }

    /// Rows of the oracles in the order of the openings; those of the second batch are the first
    /// columns of the products.
    func value(
        _ builder: inout CircuitBuilder, rows: [QueryTarget.Row], at point: Target
    ) -> ExtensionTarget {
        let first = builder.reduce(rows.flatMap(\.elements), at: alpha)
        var second = builder.embed(
            rows[2].elements[secondCount - 1], degree: alpha.degree)
        for element in rows[2].elements[..<(secondCount - 1)].reversed() {
            let element = builder.embed(element, degree: alpha.degree)
            second = builder.mulAdd(second, alpha, element)
        }
        let quotients = [first, second].enumerated().map { batch, sum in
            quotient(&builder, sum, batch: batch, at: point)
        }
        return builder.mulAdd(shift, quotients[1], quotients[0])
    }

    /// (sum − claim) / (x − z): x is in the base field, z is not.
    private func quotient(
        _ builder: inout CircuitBuilder, _ sum: ExtensionTarget, batch: Int, at point: Target
    ) -> ExtensionTarget {
        let (constant, negatedRest) = points[batch]
        let difference = ExtensionTarget([builder.sub(point, constant)] + negatedRest)
        return builder.quotient(of: sum, minus: claims[batch], by: difference)
    }
}

extension CircuitBuilder {
    /// `base` to a constant power, at least 1.
    fileprivate mutating func power(_ base: ExtensionTarget, _ exponent: Int) -> ExtensionTarget {
        var result: ExtensionTarget?
        for bit in (0..<Int.bitWidth - exponent.leadingZeroBitCount).reversed() {
            if let square = result.map({ mul($0, $0) }) {
                result = exponent >> bit & 1 == 1 ? mul(square, base) : square
            } else {
                result = base
            }
        }
        return result ?? base
    }
}
