import Circuit
import Commitment
import Field
import Hash
import IOP

/// All challenges of a proof, drawn as `CircuitVerifier` draws them from the proof's elements.
struct ChallengeTrace: Codable, Equatable {
    let beta: [HexElement]
    let gamma: [HexElement]
    let alpha: [HexElement]
    let zeta: [HexElement]
    let openingAlpha: [HexElement]
    /// `[round][coefficient]`.
    let foldings: [[HexElement]]
    let work: HexElement
    let queries: [HexElement]

    /// `elements` are the proof's, in the order of its bytes.
    init(key: VerifyingKey, elements: [Goldilocks], publicInputs: [Goldilocks]) {
        let profile = key.profile
        let degree = profile.extensionDegree
        let openings =
            degree == 2
            ? PlonkShape<QuadraticExtension>(profile.fri).openingCounts
            : PlonkShape<CubicExtension>(profile.fri).openingCounts
        var rest = elements[...]
        func take(_ count: Int) -> [Goldilocks] {
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        let capLength = 4 << profile.fri.oracleCapHeight
        var transcript = PlonkTranscript(
            Transcript(
                domain: .plonk, version: CircuitParameters.version,
                parameters: profile.transcriptParameters),
            extensionDegree: degree, keyDigest: key.digest.elements,
            publicInputsHash: ExecutionTable.publicInputsHash(publicInputs).elements)
        let (beta, gamma) = transcript.absorb(wires: take(capLength))
        let alpha = transcript.absorb(products: take(capLength))
        let zeta = transcript.absorb(quotient: take(capLength))
        let values = openings.map { take($0 * degree) }
        let roundCaps = (0..<profile.fri.roundCount).map {
            take(4 << profile.fri.capHeight(round: $0))
        }
        let fri = FRIChallenges(
            openings: values, roundCaps: roundCaps,
            finalPolynomial: take(profile.fri.finalPolynomialCount * degree), nonce: take(1)[0],
            extensionDegree: degree, queryCount: profile.fri.queryCount,
            transcript: &transcript.source)
        self.beta = beta.map { HexElement($0) }
        self.gamma = gamma.map { HexElement($0) }
        self.alpha = alpha.map { HexElement($0) }
        self.zeta = zeta.map { HexElement($0) }
        openingAlpha = fri.alpha.map { HexElement($0) }
        foldings = fri.foldings.map { folding in folding.map { HexElement($0) } }
        work = HexElement(fri.work)
        queries = fri.queries.map { HexElement($0) }
    }

    /// In the order in which they are drawn, each with the coefficients of an extension element.
    var all: [Goldilocks] { draws.joined().map(\.element) }

    /// One after the other: β and γ are drawn at once, and so are work and queries.
    var draws: [[HexElement]] {
        [beta + gamma, alpha, zeta, openingAlpha] + foldings + [[work] + queries]
    }
}

/// A field element in a vector file: "0x" and sixteen digits.
struct HexElement: Codable, Hashable, Sendable {
    let element: Goldilocks

    init(_ element: Goldilocks) { self.element = element }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard text.count == 18, text.hasPrefix("0x"),
            let value = UInt64(text.dropFirst(2), radix: 16),
            let element = Goldilocks(canonical: value)
        else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "\(text) is no field element")
        }
        self.element = element
    }

    func encode(to encoder: any Encoder) throws {
        let digits = String(element.canonical, radix: 16)
        var container = encoder.singleValueContainer()
        try container.encode("0x" + String(repeating: "0", count: 16 - digits.count) + digits)
    }
}
