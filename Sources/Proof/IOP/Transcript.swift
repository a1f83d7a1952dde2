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
    private var state: Poseidon2.State
    /// Absorbed and not yet permuted in; fewer than the rate.
    private var pending: [Goldilocks] = []
    /// Squeezed and not yet drawn, in the order in which they will be.
    private var available: ArraySlice<Goldilocks> = []

    /// `version` is the proof format's; `parameters` are all numbers that shape the proof.
    package init(domain: DomainTag, version: UInt64, parameters: [UInt64]) {
        state = Poseidon2.State(repeating: .zero)
        state[Poseidon2.rate] = domain.element
        state[Poseidon2.rate + 1] = Goldilocks(version)
        state[Poseidon2.rate + 2] = Goldilocks(UInt64(parameters.count))
        absorb(parameters.map { Goldilocks($0) })
    }

    /// What was squeezed before is stale from here on.
    package mutating func absorb(_ elements: [Goldilocks]) {
        for element in elements {
            available = []
            pending.append(element)
            if pending.count == Poseidon2.rate { permute() }
        }
    }

    /// The next element of the rate, from the first on; a permutation first when something is
    /// pending or none is left.
    package mutating func challenge() -> Goldilocks {
        if !pending.isEmpty || available.isEmpty { permute() }
        return available.removeFirst()
    }

    /// Whatever is pending, the nonce and its challenge are one permutation apart, so the search
    /// is over one element of one state.
    package func nonce(forProofOfWorkBits bits: Int) -> Goldilocks {
        var start = state
        for (index, element) in pending.enumerated() { start[index] = element }
        return Poseidon2.lowestElement(
            at: pending.count, of: start, givingZeroBits: bits)
    }

    private mutating func permute() {
        for (index, element) in pending.enumerated() { state[index] = element }
        pending.removeAll(keepingCapacity: true)
        Poseidon2.permute(&state)
        available = (0..<Poseidon2.rate).map { Goldilocks(state[$0].canonical) }[...]
    }
}
