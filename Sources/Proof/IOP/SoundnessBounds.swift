import Commitment
import Hash

// What a profile is worth, round by round: the error of a protocol made non-interactive is
// governed by its worst round, so each number is the minimum over the rounds.
//
// Proven: FRI up to the Johnson bound. With multiplicity m the proximity parameter is
// γ = 1 − √ρ·(1 + 1/2m) and, with N points and a field of F elements,
//   batching by powers   (k − 1) · B / F,  B = (2(m+½)⁵ + 3(m+½)γρ) / 3ρ^(3/2) · N + (m+½)/√ρ
//   folding by arity a   (a − 1) · B / F
//   queries              (1 − γ)^q · 2^(−work)
//   constraints, DEEP, permutation   L · degree / F,  L = (m + ½)/√ρ codewords at most.
// The verifier chooses nothing, so m is whichever gives most.
//
// Source: Ben-Sasson, Carmon, Haböck, Kopparty, Saraf, "On Proximity Gaps for Reed–Solomon Codes"
// (eprint 2025/2055), theorems 1.5 and 4.2; Haböck, "A summary on the FRI low degree test" (eprint
// 2022/1216); the arrangement is soundcalc's (Ethereum Foundation).

extension ProofProfile {
    /// Bits proven in the random oracle model, rounded down; the hash counts as 128.
    package var provenBits: Int {
        let best = (3...512).map { johnsonBits(multiplicity: Double($0)) }.max() ?? 0
        return min(Self.hashBits, Int(best))
    }

    /// Bits by the conjecture that every query is worth −log₂(rate), as plonky2 counts. The
    /// conjecture was refuted in this form (eprint 2025/2010, 2025/2046); the number only compares.
    package var conjecturedBits: Int {
        let queries = fri.queryCount * fri.rateBits + fri.proofOfWorkBits
        let field = Int(fieldBits - binaryLogarithm(domainSize * Double(openingLimit)))
        return min(queries, field, Self.hashBits)
    }

    private static let hashBits = 64 * Poseidon2.capacity / 2
    private var fieldBits: Double { 64 * Double(extensionDegree) }
    private var domainSize: Double { Double(1 << fri.domainBits) }

    private func johnsonBits(multiplicity: Double) -> Double {
        let rate = 1 / Double(1 << fri.rateBits)
        let root = rate.squareRoot()
        let shifted = multiplicity + 0.5
        let agreement = root * (1 + 1 / (2 * multiplicity))
        guard agreement < 1 else { return 0 }

        let fifth = shifted * shifted * shifted * shifted * shifted
        let exceptional =
            (2 * fifth + 3 * shifted * (1 - agreement) * rate) / (3 * rate * root) * domainSize
            + shifted / root
        let listSize = shifted / root
        let rows = Double(1 << fri.degreeBits)
        let algebraic = [
            Double(openingLimit - 1) * exceptional,
            Double(fri.arity - 1) * exceptional,
            listSize * Double(constraintLimit),
            listSize * Double(constraintDegree) * rows,
            listSize * 2 * Double(routedWireLimit) * rows,
        ]
        let worst = algebraic.reduce(1, max)
        let queries =
            Double(fri.proofOfWorkBits) - Double(fri.queryCount) * binaryLogarithm(agreement)
        return max(0, min(fieldBits - binaryLogarithm(worst), queries))
    }
}

/// log₂ of a positive number, to forty bits: the exponent, then a bit for each squaring of the
/// significand.
func binaryLogarithm(_ value: Double) -> Double {
    var result = Double(value.exponent)
    var significand = value.significand
    var bit = 0.5
    for _ in 0..<40 {
        significand *= significand
        if significand >= 2 {
            result += bit
            significand /= 2
        }
        bit /= 2
    }
    return result
}
