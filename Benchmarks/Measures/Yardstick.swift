internal import CYardstick
internal import Field
internal import Hash

/// N: the processor time of 10⁶ scalar permutations of the yardstick. Times of different machines, and
/// of one machine on different days, compare as multiples of it.
package enum Yardstick {
    /// Measured with a fifth of the permutations: what counts is the least of five tries.
    package static func measure() -> Duration {
        var state = [UInt64](0..<12)
        let count = 200_000
        return Measurement.least(of: 5) { permute(&state, count: count) }.processor
            * (1_000_000 / count)
    }

    /// `state` are twelve canonical elements.
    package static func permute(_ state: inout [UInt64], count: Int) {
        precondition(state.count == Poseidon2.width, "a state of \(state.count)")
        let external = Poseidon2.externalConstants.map(\.canonical)
        let partial = Poseidon2.internalConstants.map(\.canonical)
        yardstick_permute(&state, count, external, partial)
    }
}
