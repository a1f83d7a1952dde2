import CGoldilocks
import Field

// The linear layers on 32-bit halves: sums of halves are plain additions, and one reduction an
// element joins them again.

extension Poseidon2 {
    private typealias Halves = InlineArray<12, UInt64>

    /// circ(2·M4, M4, M4) with M4 = circ(2, 3, 1, 1).
    @inline(__always)
    static func externalLayer(_ state: inout State) {
        var low = lowHalves(state)
        var high = highHalves(state)
        mix(&low)
        mix(&high)
        join(&state, high, low)
    }

    /// The layer, then `constants[first...]` added: halves stay below 2⁴⁰.
    @inline(__always)
    static func externalLayer(
        _ state: inout State, adding constants: UnsafeBufferPointer<Goldilocks>, from first: Int
    ) {
        var low = lowHalves(state)
        var high = highHalves(state)
        mix(&low)
        mix(&high)
        for index in 0..<width {
            let constant = constants[first &+ index].representative
            low[index] &+= constant & 0xFFFF_FFFF
            high[index] &+= constant &>> 32
        }
        join(&state, high, low)
    }

    @inline(__always)
    private static func lowHalves(_ state: State) -> Halves {
        Halves { state[$0].representative & 0xFFFF_FFFF }
    }

    @inline(__always)
    private static func highHalves(_ state: State) -> Halves {
        Halves { state[$0].representative &>> 32 }
    }

    @inline(__always)
    private static func join(_ state: inout State, _ high: Halves, _ low: Halves) {
        for index in 0..<width {
            state[index] = Goldilocks(goldilocks_join_halves(high[index], low[index]))
        }
    }

    @inline(__always)
    private static func mix(_ values: inout Halves) {
        mixFour(&values, 0)
        mixFour(&values, 4)
        mixFour(&values, 8)
        for lane in 0..<4 {
            let sum = values[lane] &+ values[lane &+ 4] &+ values[lane &+ 8]
            values[lane] &+= sum
            values[lane &+ 4] &+= sum
            values[lane &+ 8] &+= sum
        }
    }

    /// Rows 2311, 1231, 1123, 3112.
    @inline(__always)
    private static func mixFour(_ values: inout Halves, _ first: Int) {
        let (a, b) = (values[first], values[first &+ 1])
        let (c, d) = (values[first &+ 2], values[first &+ 3])
        let (front, back) = (a &+ b, c &+ d)
        let all = front &+ back
        values[first] = all &+ b &+ front
        values[first &+ 1] = all &+ b &+ c &+ c
        values[first &+ 2] = all &+ d &+ back
        values[first &+ 3] = all &+ d &+ a &+ a
    }

    /// All ones plus `internalDiagonal`: y = Σx + d·x. Small multiples are sums of halves,
    /// fractions are shifts, and what is subtracted is subtracted from Σx + 8p.
    @inline(__always)
    static func internalLayer(_ state: inout State) {
        var lowSum: UInt64 = 0
        var highSum: UInt64 = 0
        for index in 0..<width {
            lowSum &+= state[index].representative & 0xFFFF_FFFF
            highSum &+= state[index].representative &>> 32
        }
        // 8p in halves, neither of which goes below zero when 4x is taken from it.
        let lowSpare = lowSum &+ 8 &+ (8 << 32)
        let highSpare = highSum &+ (8 &* 0xFFFF_FFFF &- 8)

        @inline(__always)
        func plus(_ value: UInt64, times factor: UInt64) -> Goldilocks {
            Goldilocks(
                goldilocks_join_halves(
                    highSum &+ factor &* (value &>> 32),
                    lowSum &+ factor &* (value & 0xFFFF_FFFF)))
        }
        @inline(__always)
        func minus(_ value: UInt64, times factor: UInt64) -> Goldilocks {
            Goldilocks(
                goldilocks_join_halves(
                    highSpare &- factor &* (value &>> 32),
                    lowSpare &- factor &* (value & 0xFFFF_FFFF)))
        }
        state[0] = minus(state[0].representative, times: 2)
        state[1] = plus(state[1].representative, times: 1)
        state[2] = plus(state[2].representative, times: 2)
        state[3] = plus(quotient(state[3], byTwoToThe: 1), times: 1)
        state[4] = plus(state[4].representative, times: 3)
        state[5] = plus(state[5].representative, times: 4)
        state[6] = minus(quotient(state[6], byTwoToThe: 1), times: 1)
        state[7] = minus(state[7].representative, times: 3)
        state[8] = minus(state[8].representative, times: 4)
        state[9] = plus(quotient(state[9], byTwoToThe: 2), times: 1)
        state[10] = minus(quotient(state[10], byTwoToThe: 2), times: 1)
        state[11] = plus(quotient(state[11], byTwoToThe: 3), times: 1)
    }

    /// x / 2ⁿ, n ≤ 3: (x + k·p) / 2ⁿ with the k below 2ⁿ that makes it whole; as p = 1 modulo 2ⁿ,
    /// k = −x.
    @inline(__always)
    private static func quotient(_ value: Goldilocks, byTwoToThe bits: UInt64) -> UInt64 {
        let x = value.representative
        // k·(p − 1)/2ⁿ, with k in the upper bits: k·2^(64−n) − k·2^(32−n).
        let multiple = (0 &- x) &<< (64 &- bits)
        let remainder: UInt64 = x & ((1 &<< bits) &- 1) == 0 ? 0 : 1
        return (x &>> bits) &+ (multiple &- (multiple &>> 32)) &+ remainder
    }
}
