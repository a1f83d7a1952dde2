import Field
import SansIO
import Testing

struct GoldilocksTests {
    private static let edges: [UInt64] = [
        0, 1, 2, 7, 0xFFFF_FFFE, 0xFFFF_FFFF, 0x1_0000_0000, 0x1_0000_0001,
        0xFFFF_FFFF_0000_0000, 0xFFFF_FFFF_0000_0001, 0xFFFF_FFFF_0000_0002, .max - 1, .max,
    ]

    private static let samples: [UInt64] = {
        var generator = SeededGenerator(seed: 3)
        return edges + (0..<40).map { _ in generator.next() }
    }()

    /// The residue of `high`·2⁶⁴ + `low` by division.
    private static func residue(high: UInt64, low: UInt64) -> UInt64 {
        Goldilocks.modulus.dividingFullWidth((high % Goldilocks.modulus, low)).remainder
    }

    @Test func `arithmetic agrees with division on edge values`() {
        for a in Self.samples {
            for b in Self.samples {
                let (x, y) = (Goldilocks(a), Goldilocks(b))
                let product = a.multipliedFullWidth(by: b)
                #expect((x * y).canonical == Self.residue(high: product.high, low: product.low))
                let sum = a.addingReportingOverflow(b)
                #expect(
                    (x + y).canonical
                        == Self.residue(high: sum.overflow ? 1 : 0, low: sum.partialValue))
                #expect((x - y) + y == x)
                #expect(x + -x == .zero)
            }
        }
    }

    @Test func `only integers below the modulus are canonical`() {
        #expect(Goldilocks(canonical: Goldilocks.modulus - 1) != nil)
        #expect(Goldilocks(canonical: Goldilocks.modulus) == nil)
        #expect(Goldilocks(canonical: .max) == nil)
        #expect(Goldilocks(Goldilocks.modulus) == .zero)
        #expect(Goldilocks(.max).canonical == 0xFFFF_FFFE)
        #expect(Goldilocks(Goldilocks.modulus).hashValue == Goldilocks.zero.hashValue)
    }

    @Test func `everything but zero has an inverse`() {
        #expect(Goldilocks.zero.inverse == nil)
        #expect(Goldilocks(Goldilocks.modulus).inverse == nil)
        for sample in Self.samples where !Goldilocks(sample).isZero {
            let inverse = Goldilocks(sample).inverse
            #expect(inverse.map { $0 * Goldilocks(sample) } == .one)
        }
    }

    @Test func `powers multiply`() {
        for sample in Self.samples {
            let x = Goldilocks(sample)
            #expect(x.power(7) == x.seventhPower)
            #expect(x.power(0) == .one)
            #expect(x.power(Goldilocks.modulus) == x)
        }
        #expect(Goldilocks(3).powers(4) == [1, 3, 9, 27])
    }

    @Test func `roots of unity have their exact orders`() {
        #expect(
            Goldilocks.rootOfUnity(bits: 32)
                == Goldilocks.multiplicativeGenerator.power((Goldilocks.modulus - 1) >> 32))
        for bits in 1...32 {
            let root = Goldilocks.rootOfUnity(bits: bits)
            #expect(root.squared(times: bits - 1) == -.one)
        }
        #expect(Goldilocks.rootOfUnity(bits: 0) == .one)
    }

    @Test func `seven generates the multiplicative group`() {
        for prime: UInt64 in [2, 3, 5, 17, 257, 65537] {
            let exponent = (Goldilocks.modulus - 1) / prime
            #expect(Goldilocks.multiplicativeGenerator.power(exponent) != .one)
        }
    }

    @Test func `batch inversion agrees with inversion`() {
        let elements = Self.samples.map { Goldilocks($0) }.filter { !$0.isZero }
        #expect(batchInverses(elements) == elements.map { $0.inverse! })
        #expect(batchInverses(elements + [.zero]) == nil)
        #expect(batchInverses([Goldilocks]()) == [])
    }
}
