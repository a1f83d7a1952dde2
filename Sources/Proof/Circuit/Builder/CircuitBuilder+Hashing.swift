internal import Field
package import Hash

/// The hashes of `Hash` in the circuit: same inputs, same digests. A permutation is a row.
extension CircuitBuilder {
    /// One permutation of twelve targets; where `swap` is 1, the first four and the next four
    /// change places before it.
    package mutating func permute(_ state: [Target], swap: BoolTarget? = nil) -> [Target] {
        precondition(state.count == Poseidon2.width, "\(state.count) elements are no state")
        let swap = swap ?? constant(false)
        let row = addRow(.poseidon2)
        for (index, input) in state.enumerated() {
            assertEqual(input, .wire(row: row, column: Poseidon2Gate.firstInputColumn + index))
        }
        assertEqual(swap.target, .wire(row: row, column: Poseidon2Gate.swapColumn))
        steps.append(.poseidon2(row: row))
        return (0..<Poseidon2.width).map {
            .wire(row: row, column: Poseidon2Gate.firstOutputColumn + $0)
        }
    }

    /// `hash(domain:_:)`: max(1, ⌈count / 8⌉) rows.
    package mutating func hash(domain: DomainTag, _ elements: [Target]) -> HashTarget {
        let zero = zero()
        var state = [Target](repeating: zero, count: Poseidon2.width)
        state[Poseidon2.rate] = constant(domain.element)
        state[Poseidon2.rate + 1] = constant(Goldilocks(UInt64(elements.count)))
        var position = 0
        repeat {
            let block = elements[position..<min(position + Poseidon2.rate, elements.count)]
            for (index, element) in block.enumerated() { state[index] = element }
            state = permute(state)
            position += Poseidon2.rate
        } while position < elements.count
        return HashTarget(Array(state[..<Poseidon2.digestCount]))
    }

    /// `compress(left, right)`, or `compress(right, left)` where `swap` is 1. One row.
    package mutating func compress(
        _ left: HashTarget, _ right: HashTarget, swap: BoolTarget? = nil
    ) -> HashTarget {
        let zero = zero()
        let padding = [Target](repeating: zero, count: Poseidon2.width - 2 * Poseidon2.digestCount)
        let state = permute(left.elements + right.elements + padding, swap: swap)
        return HashTarget(Array(state[..<Poseidon2.digestCount]))
    }

    /// The root over `leaf`, a row for each level: `siblings` and the leaf's `position` bits,
    /// lowest level first; a bit of 1 puts the sibling on the left.
    package mutating func merkleRoot(
        leaf: HashTarget, siblings: [HashTarget], position: [BoolTarget]
    ) -> HashTarget {
        precondition(
            siblings.count == position.count,
            "\(siblings.count) siblings, but \(position.count) bits of position")
        return zip(siblings, position).reduce(leaf) { compress($0, $1.0, swap: $1.1) }
    }

    package mutating func constant(_ digest: HashOutput) -> HashTarget {
        HashTarget(constant(digest.elements))
    }

    package mutating func registerPublicInputs(_ digest: HashTarget) {
        registerPublicInputs(digest.elements)
    }
}
