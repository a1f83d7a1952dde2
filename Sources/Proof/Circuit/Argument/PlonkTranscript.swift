internal import Commitment
internal import Field
internal import Hash
internal import IOP

/// The order in which an argument speaks, the same for prover and verifier: parameters and key →
/// public inputs → wires → β, γ → products → α → quotient → ζ → what `FRIProver` says.
struct PlonkTranscript<Element: ExtensionField & AlgebraElement> {
    private(set) var transcript: Transcript

    init(key: VerifyingKey, publicInputsHash: HashOutput) {
        transcript = Transcript(
            domain: .plonk, version: CircuitParameters.version,
            parameters: key.profile.transcriptParameters)
        transcript.absorb(key.digest)
        transcript.absorb(publicInputsHash)
    }

    mutating func absorb(wires cap: MerkleCap) -> (beta: Element, gamma: Element) {
        transcript.absorb(cap)
        let beta = transcript.challenge(Element.self)
        return (beta, transcript.challenge(Element.self))
    }

    mutating func absorb(products cap: MerkleCap) -> Element {
        transcript.absorb(cap)
        return transcript.challenge(Element.self)
    }

    mutating func absorb(quotient cap: MerkleCap) -> Element {
        transcript.absorb(cap)
        return transcript.challenge(Element.self)
    }
}

extension DomainTag {
    /// The transcript of a circuit's proof.
    static let plonk: DomainTag = "plonk"
}
