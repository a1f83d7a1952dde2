package import Circuit
import Commitment
import Field
import Hash
import IOP

/// `Transcript` in a circuit: its elements are targets, a permutation is a row. It holds the
/// builder as long as it speaks.
struct CircuitTranscript: ChallengeSource {
    private(set) var builder: CircuitBuilder
    private var sponge: DuplexSponge<Target>

    /// Takes the builder's place: give it back with `finish(into:)`.
    init(
        taking builder: inout CircuitBuilder, domain: DomainTag, version: UInt64,
        parameters: [UInt64]
    ) {
        self.builder = CircuitBuilder()
        swap(&self.builder, &builder)
        let capacity = Transcript.capacity(
            domain, version: version, parameterCount: parameters.count)
        var elements: [Target] = []
        for index in 0..<Poseidon2.capacity {
            elements.append(self.builder.constant(capacity[index]))
        }
        let zero = self.builder.zero()
        sponge = DuplexSponge(capacity: InlineArray { elements[$0] }, zero: zero)
        absorb(parameters.map { self.builder.constant(Goldilocks($0)) })
    }

    consuming func finish(into builder: inout CircuitBuilder) { builder = self.builder }

    mutating func absorb(_ elements: [Target]) {
        sponge.absorb(elements) { builder.permute(&$0) }
    }

    mutating func challenge() -> Target {
        sponge.challenge { builder.permute(&$0) }
    }
}

extension CircuitBuilder {
    fileprivate mutating func permute(_ state: inout InlineArray<12, Target>) {
        let outputs = permute((0..<Poseidon2.width).map { state[$0] })
        for (index, output) in outputs.enumerated() { state[index] = output }
    }
}

/// All challenges of a proof.
package struct ChallengeTargets: Sendable {
    package let beta: ExtensionTarget
    package let gamma: ExtensionTarget
    package let alpha: ExtensionTarget
    package let zeta: ExtensionTarget
    package let openingAlpha: ExtensionTarget
    package let foldings: [ExtensionTarget]
    package let work: Target
    package let queries: [Target]

    /// In the order in which they are drawn.
    package var all: [Target] {
        [beta, gamma, alpha, zeta, openingAlpha].flatMap(\.elements)
            + foldings.flatMap(\.elements) + [work] + queries
    }
}

extension CircuitBuilder {
    mutating func challenges(
        of proof: ProofTarget, keyDigest: HashTarget, publicInputsHash: HashTarget,
        profile: ProofProfile
    ) -> ChallengeTargets {
        var plonk = PlonkTranscript(
            CircuitTranscript(
                taking: &self, domain: .plonk, version: CircuitParameters.version,
                parameters: profile.transcriptParameters),
            extensionDegree: profile.extensionDegree, keyDigest: keyDigest.elements,
            publicInputsHash: publicInputsHash.elements)
        let (beta, gamma) = plonk.absorb(wires: proof.wiresCap.flatMap(\.elements))
        let alpha = plonk.absorb(products: proof.productsCap.flatMap(\.elements))
        let zeta = plonk.absorb(quotient: proof.quotientCap.flatMap(\.elements))
        let fri = FRIChallenges(
            openings: proof.openings.map { $0.flatMap(\.elements) },
            roundCaps: proof.roundCaps.map { $0.flatMap(\.elements) },
            finalPolynomial: proof.finalPolynomial.flatMap(\.elements), nonce: proof.nonce,
            extensionDegree: profile.extensionDegree, queryCount: profile.fri.queryCount,
            transcript: &plonk.source)
        plonk.source.finish(into: &self)
        return ChallengeTargets(
            beta: ExtensionTarget(beta), gamma: ExtensionTarget(gamma),
            alpha: ExtensionTarget(alpha), zeta: ExtensionTarget(zeta),
            openingAlpha: ExtensionTarget(fri.alpha),
            foldings: fri.foldings.map { ExtensionTarget($0) }, work: fri.work,
            queries: fri.queries)
    }
}
