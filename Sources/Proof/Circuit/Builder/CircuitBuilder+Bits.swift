internal import Field

/// Splitting values into bits. A split of up to 63 bits is one row and unique by itself; one of 64
/// bits has two solutions for values below 2³² − 1, and the larger is ruled out.
extension CircuitBuilder {
    /// The `bitCount` bits of `target`, lowest first, `bitCount` in 1...64; the circuit is
    /// unsatisfiable if the value doesn't fit. One row, for 64 bits one and some operations.
    package mutating func splitLittleEndian(_ target: Target, bitCount: Int) -> [BoolTarget] {
        precondition((1...64).contains(bitCount), "a field element has no \(bitCount) bits")
        guard bitCount == 64 else { return splitRow(target, bitCount: bitCount) }

        let topBit = assertBool(
            hint([target], outputCount: 1) { [Goldilocks($0[0].canonical >> 63)] }[0])
        let low = arithmetic(-Goldilocks(1 << 63), topBit.target, one(), .one, target)
        let bits = splitRow(low, bitCount: 63) + [topBit]
        assertCanonical(low: Array(bits[..<32]), high: Array(bits[32...]))
        return bits
    }

    /// Constrains the value to be below 2^`bitCount`, `bitCount` in 1...63. One row.
    package mutating func rangeCheck(_ target: Target, bitCount: Int) {
        precondition((1...63).contains(bitCount), "\(bitCount) bits are no range to check")
        _ = splitRow(target, bitCount: bitCount)
    }

    /// The sum of 2ⁱ · bit i of at most 63 bits. One row.
    package mutating func composeLittleEndian(_ bits: [BoolTarget]) -> Target {
        precondition(bits.count <= BaseSumGate.bitCount, "\(bits.count) bits don't fit a row")
        let row = addRow(.baseSum)
        connectBits(of: row, to: bits.map(\.target))
        steps.append(.composeBits(row: row))
        return .wire(row: row, column: BaseSumGate.sumColumn)
    }

    private mutating func splitRow(_ target: Target, bitCount: Int) -> [BoolTarget] {
        let row = addRow(.baseSum)
        assertEqual(target, .wire(row: row, column: BaseSumGate.sumColumn))
        let bits = (0..<bitCount).map {
            Target.wire(row: row, column: BaseSumGate.firstBitColumn + $0)
        }
        connectBits(of: row, to: bits)
        steps.append(.splitBits(row: row))
        return bits.map { BoolTarget(trusting: $0) }
    }

    /// Joins the first bits of a row with `bits` and holds the others at zero.
    private mutating func connectBits(of row: Int, to bits: [Target]) {
        let zero = zero()
        for index in 0..<BaseSumGate.bitCount {
            let wire = Target.wire(row: row, column: BaseSumGate.firstBitColumn + index)
            let bit = index < bits.count ? bits[index] : zero
            if bit != wire { assertEqual(wire, bit) }
        }
    }

    /// low + 2³²·high < p = 2³²·(2³² − 1) + 1, that is: high = 2³² − 1 implies low = 0.
    private mutating func assertCanonical(low: [BoolTarget], high: [BoolTarget]) {
        let high = composeLittleEndian(high)
        let low = composeLittleEndian(low)
        let highest = constant(0xFFFF_FFFF)
        let isHighest = isEqual(high, highest)
        let shouldBeZero = mul(isHighest.target, low)
        assertZero(shouldBeZero)
    }
}
