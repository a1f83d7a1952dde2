// The hash of the proof system.
//
// Poseidon2 over Goldilocks, width 12, s-box x⁷, 4 + 22 + 4 rounds, Plonky3's parameterisation;
// a sponge of rate 8 and capacity 4 in overwrite mode; digests of four elements, 128 bits against
// collisions. The domain tag and the length stand in the capacity before the first permutation,
// so that no two uses and no two lengths share an input. Two-to-one compression is one permutation
// of (left, right, 0).
//
// Source: Grassi, Khovratovich, Schofnegger, "Poseidon2" (eprint 2023/323), sections 5 and 6.

import CGoldilocks
package import Field

/// The permutation and the sizes of its sponge.
package enum Poseidon2 {
    package static let width = 12
    package static let rate = 8
    package static let capacity = 4
    package static let digestCount = 4
    /// Full rounds before the partial ones, and again after them.
    package static let halfFullRounds = 4
    package static let partialRounds = 22

    package typealias State = InlineArray<12, Goldilocks>

    /// Permutes `state` in place; about 1 µs.
    package static func permute(_ state: inout State) {
        withConstants { constants in
            withUnsafeMutableBytes(of: &state) { bytes in
                bytes.withMemoryRebound(to: UInt64.self) { words in
                    guard let base = words.baseAddress else { return }
                    poseidon2_permute(base, constants)
                }
            }
        }
    }

    /// The same in Swift, against which the kernels are checked; about 1.4 µs.
    package static func referencePermute(_ state: inout State) {
        externalConstants.withUnsafeBufferPointer { external in
            internalConstants.withUnsafeBufferPointer { partial in
                permute(&state, external, partial)
            }
        }
    }

    /// A round's constants ride along with the linear layer before it, whose accumulators have
    /// the room: a full layer is one reduction an element.
    private static func permute(
        _ state: inout State, _ external: UnsafeBufferPointer<Goldilocks>,
        _ partial: UnsafeBufferPointer<Goldilocks>
    ) {
        externalLayer(&state, adding: external, from: 0)
        for round in 1...halfFullRounds {
            for index in 0..<width { state[index] = state[index].seventhPower }
            if round < halfFullRounds {
                externalLayer(&state, adding: external, from: round * width)
            } else {
                externalLayer(&state)
            }
        }
        for round in 0..<partialRounds {
            state[0] = addCanonical(state[0], partial[round]).seventhPower
            internalLayer(&state)
        }
        let final = halfFullRounds * width
        for index in 0..<width {
            state[index] = addCanonical(state[index], external[final + index])
        }
        for round in 1...halfFullRounds {
            for index in 0..<width { state[index] = state[index].seventhPower }
            if round < halfFullRounds {
                externalLayer(&state, adding: external, from: final + round * width)
            } else {
                externalLayer(&state)
            }
        }
    }

    @inline(__always)
    private static func addCanonical(_ lhs: Goldilocks, _ constant: Goldilocks) -> Goldilocks {
        Goldilocks(goldilocks_add_canonical(lhs.representative, constant.representative))
    }
}
