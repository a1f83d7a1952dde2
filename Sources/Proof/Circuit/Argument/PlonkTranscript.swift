package import Commitment
internal import Field
package import Hash
internal import IOP

/// The order in which an argument speaks, the same for prover, verifier and verifying circuit:
/// parameters and key → public inputs → wires → β, γ → products → α → quotient → ζ → what
/// `FRIProver` says. Extension challenges are their coefficients.
package struct PlonkTranscript<Source: ChallengeSource> {
    /// Everything said so far: what FRI goes on with.
    package var source: Source
    private let extensionDegree: Int

    /// `source` has absorbed the profile's parameters and nothing else.
    package init(
        _ source: Source, extensionDegree: Int, keyDigest: [Source.Element],
        publicInputsHash: [Source.Element]
    ) {
        self.source = source
        self.extensionDegree = extensionDegree
        self.source.absorb(keyDigest)
        self.source.absorb(publicInputsHash)
    }

    package mutating func absorb(
        wires cap: [Source.Element]
    ) -> (beta: [Source.Element], gamma: [Source.Element]) {
        source.absorb(cap)
        let beta = source.challenges(extensionDegree)
        return (beta, source.challenges(extensionDegree))
    }

    /// Returns α.
    package mutating func absorb(products cap: [Source.Element]) -> [Source.Element] {
        source.absorb(cap)
        return source.challenges(extensionDegree)
    }

    /// Returns ζ.
    package mutating func absorb(quotient cap: [Source.Element]) -> [Source.Element] {
        source.absorb(cap)
        return source.challenges(extensionDegree)
    }
}

extension PlonkTranscript where Source == Transcript {
    init(key: VerifyingKey, publicInputsHash: HashOutput) {
        self.init(
            Transcript(
                domain: .plonk, version: CircuitParameters.version,
                parameters: key.profile.transcriptParameters),
            extensionDegree: key.profile.extensionDegree, keyDigest: key.digest.elements,
            publicInputsHash: publicInputsHash.elements)
    }

    mutating func absorb<Extension: ExtensionField>(
        wires cap: MerkleCap
    ) -> (beta: Extension, gamma: Extension) {
        let (beta, gamma) = absorb(wires: cap.elements)
        return (Extension { beta[$0] }, Extension { gamma[$0] })
    }

    mutating func absorb<Extension: ExtensionField>(products cap: MerkleCap) -> Extension {
        let alpha = absorb(products: cap.elements)
        return Extension { alpha[$0] }
    }

    mutating func absorb<Extension: ExtensionField>(quotient cap: MerkleCap) -> Extension {
        let zeta = absorb(quotient: cap.elements)
        return Extension { zeta[$0] }
    }
}

extension DomainTag {
    /// The transcript of a circuit's proof.
    package static let plonk: DomainTag = "plonk"
}
