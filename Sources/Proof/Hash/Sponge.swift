package import Field

/// The digest of `elements` under `domain`.
///
/// The capacity starts as (domain, length, 0, 0) and the rate as zero; each run of eight elements
/// overwrites the rate, a shorter last run only its first places, and is followed by one
/// permutation; no elements take one permutation too. The digest is the first four of the rate.
/// Cost: max(1, ⌈count / 8⌉) permutations.
package func hash(domain: DomainTag, _ elements: [Goldilocks]) -> HashOutput {
    elements.withUnsafeBufferPointer { hash(domain: domain, $0) }
}

package func hash(domain: DomainTag, _ elements: ArraySlice<Goldilocks>) -> HashOutput {
    elements.withUnsafeBufferPointer { hash(domain: domain, $0) }
}

/// As above, of elements in place.
package func hash(
    domain: DomainTag, _ elements: UnsafeBufferPointer<Goldilocks>
) -> HashOutput {
    var state = Poseidon2.State(repeating: .zero)
    state[Poseidon2.rate] = domain.element
    state[Poseidon2.rate + 1] = Goldilocks(UInt64(elements.count))
    var position = 0
    repeat {
        let end = min(position + Poseidon2.rate, elements.count)
        for index in position..<end { state[index - position] = elements[index] }
        Poseidon2.permute(&state)
        position = end
    } while position < elements.count
    return HashOutput(squeezing: state)
}

/// Two digests to one: the first four of the permutation of (left, right, 0, 0, 0, 0).
package func compress(_ left: HashOutput, _ right: HashOutput) -> HashOutput {
    var state = Poseidon2.State(repeating: .zero)
    state[0] = left.first
    state[1] = left.second
    state[2] = left.third
    state[3] = left.fourth
    state[4] = right.first
    state[5] = right.second
    state[6] = right.third
    state[7] = right.fourth
    Poseidon2.permute(&state)
    return HashOutput(squeezing: state)
}

extension HashOutput {
    /// The first four elements, canonical.
    init(squeezing state: Poseidon2.State) {
        self.init(
            Goldilocks(state[0].canonical), Goldilocks(state[1].canonical),
            Goldilocks(state[2].canonical), Goldilocks(state[3].canonical))
    }
}

extension [Goldilocks] {
    /// Thirty-two bytes as eight elements of 32 bits each, little-endian: injective, where whole
    /// words of 64 bits would wrap. Traps on another length.
    package init(packing bytes: some Collection<UInt8>) {
        precondition(bytes.count == 32, "packing 32 bytes, not \(bytes.count)")
        let flat = [UInt8](bytes)
        self = stride(from: 0, to: 32, by: 4).map { start in
            let limb = (0..<4).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(flat[start + $1]) }
            return Goldilocks(limb)
        }
    }
}
