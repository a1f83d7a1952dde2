/// Base-2 logarithms in fixed point, the same on every machine.
///
/// Q6.58: an unsigned 64-bit value with 58 fraction bits, by repeated squaring of a 128-bit
/// mantissa, floored (Knuth, TAOCP volume 1, section 1.2.2, exercise 25). Truncating the mantissa
/// loses less than 2^-67 of a unit in the last place; the vectors are from exact intervals.
package enum BinaryLogarithm {
    package static let fractionBitCount = 58
    /// 64 in Q6.58, one more than a `UInt64` holds.
    package static let sixtyFour: UInt128 = 1 << 64

    /// `⌊log₂(value) · 2^58⌋`; nil for 0.
    package static func floor(_ value: UInt64) -> UInt64? {
        guard value > 0 else { return nil }
        let shift = value.leadingZeroBitCount
        var result = UInt64(63 - shift)
        // The mantissa is in [1, 2) with 127 fraction bits.
        var mantissa = UInt128(value) << UInt128(64 + shift)
        for _ in 0..<fractionBitCount {
            let square = mantissa.multipliedFullWidth(by: mantissa)
            let reachesTwo = square.high >> 127 == 1
            mantissa = reachesTwo ? square.high : square.high << 1 | square.low >> 127
            result = result << 1 | (reachesTwo ? 1 : 0)
        }
        return result
    }

    /// `−log₂(value / 2^64)` in Q6.58, rounded up, in `1...2^64`; 0 counts as 1, which moves a
    /// chance of 2^-64.
    package static func negatedOfFraction(_ value: UInt64) -> UInt128 {
        sixtyFour - UInt128(floor(max(value, 1)) ?? 0)
    }
}

/// One runner of an exponential race: the smallest `−log₂(u/2^64) / weight` wins, which happens
/// with a probability exactly proportional to the weight, however it is split among runners.
///
/// Source: the minimum of independent exponential variables (Feller, volume 2, section I.3);
/// weighted sampling in this form is Efraimidis and Spirakis, 2006.
package struct ExponentialRace: Sendable {
    private let time: UInt128
    private let weight: UInt128

    /// - Parameters:
    ///   - draw: uniform over all 64-bit values.
    ///   - weight: 0 loses to every other weight.
    package init(draw: UInt64, weight: UInt128) {
        time = BinaryLogarithm.negatedOfFraction(draw)
        self.weight = weight
    }

    /// Whether this runner arrives before `other`; exact, by cross-multiplication in 256 bits.
    package func precedes(_ other: ExponentialRace) -> Bool {
        let mine = time.multipliedFullWidth(by: other.weight)
        let theirs = other.time.multipliedFullWidth(by: weight)
        return (mine.high, mine.low) < (theirs.high, theirs.low)
    }
}
