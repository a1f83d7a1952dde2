internal import Field

/// Splitting values into bits. A split of up to 63 bits is one row and unique by itself; one of 64
/// bits has two solutions for values below 2³² − 1, and the larger is ruled out.
extension CircuitBuilder {
    /// The `bitCount` bits of `target`, lowest first, `bitCount` in 1...64; the circuit is
    /// unsatisfiable if the value doesn't fit. One row, for 64 bits two and some operations.
    package mutating func splitLittleEndian(_ target: Target, bitCount: Int) -> [BoolTarget] {
        precondition((1...64).contains(bitCount), "a field element has no \(bitCount) bits")
        guard bitCount == 64 else { return splitRow(target, bitCount: bitCount) }

        let halves = hint([target], outputCount: 2) {
            [Goldilocks($0[0].canonical & 0xFFFF_FFFF), Goldilocks($0[0].canonical >> 32)]
        }
        let bits = halves.map { splitRow($0, bitCount: 32) }
        let composed = arithmetic(Goldilocks(1 << 32), halves[1], one(), .one, halves[0])
        assertEqual(composed, target)
        // low + 2³²·high < p = 2³²·(2³² − 1) + 1, that is: high = 2³² − 1 implies low = 0.
        let highest = constant(0xFFFF_FFFF)
        let isHighest = isEqual(halves[1], highest)
        let shouldBeZero = mul(isHighest.target, halves[0])
        assertZero(shouldBeZero)
        return bits[0] + bits[1]
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
}
