/// The challenges that a FRI verifier draws, in host or circuit: the order of `FRIProver`, which
/// see. Extension challenges are their coefficients.
package struct FRIChallenges<Element> {
    package let alpha: [Element]
    /// One for each round.
    package let foldings: [[Element]]
    /// Zero in the low bits of its canonical integer.
    package let work: Element
    /// The low bits of the canonical integers are the queries' indices.
    package let queries: [Element]

    /// All that a proof says, as elements; `openings` by batches.
    package init(
        openings: [[Element]], roundCaps: [[Element]], finalPolynomial: [Element], nonce: Element,
        extensionDegree: Int, queryCount: Int, transcript: inout some ChallengeSource<Element>
    ) {
        for values in openings { transcript.absorb(values) }
        alpha = transcript.challenges(extensionDegree)
        var foldings: [[Element]] = []
        for cap in roundCaps {
            transcript.absorb(cap)
            foldings.append(transcript.challenges(extensionDegree))
        }
        self.foldings = foldings
        transcript.absorb(finalPolynomial)
        transcript.absorb([nonce])
        work = transcript.challenge()
        queries = transcript.challenges(queryCount)
    }
}
