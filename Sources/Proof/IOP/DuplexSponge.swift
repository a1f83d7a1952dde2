import Field
import Hash

/// The order in which a transcript absorbs, permutes and squeezes, over whatever stands for field
/// elements: values, or the targets of a circuit that follows the transcript. `Transcript` says
/// what it is for.
package struct DuplexSponge<Element: Sendable>: Sendable {
    package typealias State = InlineArray<12, Element>
    package typealias Permutation = (inout State) -> Void

    private(set) var state: State
    /// Absorbed and not yet permuted in; fewer than the rate.
    private(set) var pending: [Element] = []
    /// Squeezed and not yet drawn, in the order in which they will be.
    private var available: ArraySlice<Element> = []

    /// `capacity` are the last four elements of a state that is `zero` elsewhere.
    package init(capacity: InlineArray<4, Element>, zero: Element) {
        state = State(repeating: zero)
        for index in 0..<Poseidon2.capacity { state[Poseidon2.rate + index] = capacity[index] }
    }

    /// What was squeezed before is stale from here on.
    package mutating func absorb(_ elements: [Element], permuting permute: Permutation) {
        for element in elements {
            available = []
            pending.append(element)
            if pending.count == Poseidon2.rate { advance(permute) }
        }
    }

    /// The next element of the rate, from the first on; a permutation first when something is
    /// pending or none is left.
    package mutating func challenge(permuting permute: Permutation) -> Element {
        if !pending.isEmpty || available.isEmpty { advance(permute) }
        return available.removeFirst()
    }

    private mutating func advance(_ permute: Permutation) {
        for (index, element) in pending.enumerated() { state[index] = element }
        pending.removeAll(keepingCapacity: true)
        permute(&state)
        available = (0..<Poseidon2.rate).map { state[$0] }[...]
    }
}
