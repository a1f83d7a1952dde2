internal import Field
internal import Hash

/// One permutation in a row of 135 wires: 12 inputs, 12 outputs, a swap bit, the 4 differences it
/// makes, and the input of every s-box that isn't linear in these.
///
/// Where the swap bit is 1, inputs 0..<4 and 4..<8 change places first: a step of a Merkle path
/// costs one row, whichever side the sibling is on. Since each s-box input has a wire of its own,
/// no constraint exceeds the s-box's degree. Source: plonky2 `gates/poseidon.rs`, for Poseidon2's
/// rounds.
enum Poseidon2Gate: Gate {
    static let firstInputColumn = 0
    static let firstOutputColumn = Poseidon2.width
    static let swapColumn = 2 * Poseidon2.width
    static let firstDeltaColumn = swapColumn + 1
    /// S-boxes in the order of the rounds; the first round's inputs are linear in the row's.
    static let firstSboxColumn = firstDeltaColumn + Poseidon2.digestCount
    static let sboxCount =
        (2 * Poseidon2.halfFullRounds - 1) * Poseidon2.width + Poseidon2.partialRounds

    static let degree = 7
    static let constraintCount = 1 + Poseidon2.digestCount + sboxCount + Poseidon2.width

    @inline(__always)
    static func constrain<Sink: ConstraintSink>(
        wires: Span<Sink.Element>, constants: Span<Sink.Element>,
        publicInputsHash: Span<Sink.Element>, into sink: inout Sink
    ) {
        let swap = wires[swapColumn]
        sink.requireZero(swap * swap - swap)
        var state = InlineArray<12, Sink.Element> { wires[firstInputColumn + $0] }
        for index in 0..<Poseidon2.digestCount {
            let delta = wires[firstDeltaColumn + index]
            let (left, right) = (state[index], state[index + Poseidon2.digestCount])
            sink.requireZero(swap * (right - left) - delta)
            state[index] = left + delta
            state[index + Poseidon2.digestCount] = right - delta
        }
        permute(&state) { sbox, input in
            let wire = wires[firstSboxColumn + sbox]
            sink.requireZero(input - wire)
            return wire
        }
        for index in 0..<Poseidon2.width {
            sink.requireZero(state[index] - wires[firstOutputColumn + index])
        }
    }

    /// Computes a row's other wires from its inputs and its swap bit, and hands each to `write`
    /// with its column.
    static func fill(
        inputs: InlineArray<12, Goldilocks>, swap: Goldilocks,
        write: (_ column: Int, _ value: Goldilocks) -> Void
    ) {
        var state = inputs
        for index in 0..<Poseidon2.digestCount {
            let delta = swap * (inputs[index + Poseidon2.digestCount] - inputs[index])
            write(firstDeltaColumn + index, delta)
            state[index] = state[index] + delta
            state[index + Poseidon2.digestCount] = state[index + Poseidon2.digestCount] - delta
        }
        permute(&state) { sbox, input in
            write(firstSboxColumn + sbox, input)
            return input
        }
        for index in 0..<Poseidon2.width { write(firstOutputColumn + index, state[index]) }
    }

    /// The permutation over any algebra. `sbox` sees the input of each s-box past the first round
    /// and says what stands for it from there on.
    @inline(__always)
    private static func permute<Element: AlgebraElement>(
        _ state: inout InlineArray<12, Element>, sbox: (Int, Element) -> Element
    ) {
        let external = Poseidon2.externalConstants
        var next = 0
        externalLayer(&state)
        for round in 0..<2 * Poseidon2.halfFullRounds {
            if round == Poseidon2.halfFullRounds { partialRounds(&state, &next, sbox) }
            for index in 0..<Poseidon2.width {
                let constant = external[round * Poseidon2.width + index]
                var input = state[index] + Element(embedding: constant)
                if round > 0 {
                    input = sbox(next, input)
                    next += 1
                }
                state[index] = input.seventhPower
            }
            externalLayer(&state)
        }
    }

    @inline(__always)
    private static func partialRounds<Element: AlgebraElement>(
        _ state: inout InlineArray<12, Element>, _ next: inout Int,
        _ sbox: (Int, Element) -> Element
    ) {
        let constants = Poseidon2.internalConstants
        let diagonal = Poseidon2.internalDiagonal
        for round in 0..<Poseidon2.partialRounds {
            let input = state[0] + Element(embedding: constants[round])
            state[0] = sbox(next, input).seventhPower
            next += 1
            var sum = state[0]
            for index in 1..<Poseidon2.width { sum = sum + state[index] }
            for index in 0..<Poseidon2.width {
                state[index] = sum + state[index].scaled(by: diagonal[index])
            }
        }
    }

    /// circ(2·M4, M4, M4) with M4 = circ(2, 3, 1, 1).
    @inline(__always)
    private static func externalLayer<Element: AlgebraElement>(
        _ state: inout InlineArray<12, Element>
    ) {
        for first in stride(from: 0, to: Poseidon2.width, by: 4) {
            let (a, b) = (state[first], state[first + 1])
            let (c, d) = (state[first + 2], state[first + 3])
            let (front, back) = (a + b, c + d)
            let (odd, even) = (front + back + b, front + back + d)
            state[first] = odd + front
            state[first + 1] = odd + c + c
            state[first + 2] = even + back
            state[first + 3] = even + a + a
        }
        for lane in 0..<4 {
            let sum = state[lane] + state[lane + 4] + state[lane + 8]
            for index in stride(from: lane, to: Poseidon2.width, by: 4) {
                state[index] = state[index] + sum
            }
        }
    }
}
