// Fiat–Shamir: how an interactive proof becomes one message.
//
// A duplex sponge over Poseidon2, rate 8, capacity 4, in overwrite mode. Both sides say the same
// things in the same order, and each challenge depends on all that was said before it. The
// capacity starts as (domain tag, version, number of parameters, 0), and the parameters are
// absorbed first. How much is absorbed between two challenges follows from the parameters alone,
// never from a proof, which is why no padding is needed.
//
// Source: Bertoni et al., "Duplexing the Sponge" (2011); plonky2's challenger.

import Commitment
package import Field
package import Hash

/// The only source of a proof's challenges.
package struct Transcript: Challenger, Sendable {
    private var sponge: DuplexSponge<Goldilocks>

    /// `version` is the proof format's; `parameters` are all numbers that shape the proof.
    package init(domain: DomainTag, version: UInt64, parameters: [UInt64]) {
        sponge = DuplexSponge(
            capacity: Self.capacity(domain, version: version, parameterCount: parameters.count),
            zero: .zero)
        absorb(parameters.map { Goldilocks($0) })
    }

    /// What the sponge starts with.
    package static func capacity(
        _ domain: DomainTag, version: UInt64, parameterCount: Int
    ) -> InlineArray<4, Goldilocks> {
        [domain.element, Goldilocks(version), Goldilocks(UInt64(parameterCount)), .zero]
    }

    package mutating func absorb(_ elements: [Goldilocks]) {
        sponge.absorb(elements, permuting: Poseidon2.permute)
    }

    /// Canonical.
    package mutating func challenge() -> Goldilocks {
        Goldilocks(sponge.challenge(permuting: Poseidon2.permute).canonical)
    }

    /// Whatever is pending, the nonce and its challenge are one permutation apart, so the search
    /// is over one element of one state.
    package func nonce(
        forProofOfWorkBits bits: Int, workers: Workers = .alone,
        isCancelled: () -> Bool = { false }
    ) -> Goldilocks? {
        var start = sponge.state
        for (index, element) in sponge.pending.enumerated() { start[index] = element }
        return Poseidon2.lowestElement(
            at: sponge.pending.count, of: start, givingZeroBits: bits, workers: workers,
            isCancelled: isCancelled)
    }
}
