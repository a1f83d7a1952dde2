// The field of the proof system, its extensions and its transforms.
//
// Goldilocks is F_p with p = 2^64 - 2^32 + 1: 2^64 = 2^32 - 1 and 2^96 = -1 reduce a product with
// shifts, and p - 1 = 2^32 (2^32 - 1) leaves room for transforms of any size met here. An element
// is held as any of its 64-bit representatives and made canonical where it is compared, hashed or
// serialised; so an operation costs at most one correction.
//
// Over it stand the extensions that challenges come from, `QuadraticExtension` and
// `CubicExtension`; over rows of columns, `FieldMatrix`, stands `NumberTheoreticTransform`.
//
// Source: Plonky2 white paper (Polygon Zero, 2022), section 2; Goldilocks (Hamburg, 2015).

public import CGoldilocks

/// An element of the field of 2^64 - 2^32 + 1 elements.
@frozen
@usableFromInline
package struct Goldilocks: Sendable {
    /// One of the element's representatives in `0 ..< 2^64`: for kernels, never for comparing.
    @usableFromInline package var representative: UInt64

    package static let modulus: UInt64 = 0xFFFF_FFFF_0000_0001
    package static let byteCount = 8

    /// The residue of `value`: every integer of 64 bits is welcome.
    @inlinable
    package init(_ value: UInt64) { representative = value }

    /// Nil unless `canonical` is below the modulus: for bytes from elsewhere.
    @inlinable
    package init?(canonical: UInt64) {
        guard canonical < 0xFFFF_FFFF_0000_0001 else { return nil }
        representative = canonical
    }

    @inlinable package static var zero: Goldilocks { Goldilocks(0) }
    @inlinable package static var one: Goldilocks { Goldilocks(1) }

    /// The representative below the modulus.
    @inlinable
    package var canonical: UInt64 {
        representative >= 0xFFFF_FFFF_0000_0001
            ? representative &- 0xFFFF_FFFF_0000_0001 : representative
    }

    @inlinable package var isZero: Bool { canonical == 0 }
}

extension Goldilocks {
    @inlinable
    package static func + (lhs: Goldilocks, rhs: Goldilocks) -> Goldilocks {
        Goldilocks(goldilocks_add(lhs.representative, rhs.representative))
    }

    @inlinable
    package static func - (lhs: Goldilocks, rhs: Goldilocks) -> Goldilocks {
        Goldilocks(goldilocks_subtract(lhs.representative, rhs.representative))
    }

    @inlinable
    package static func * (lhs: Goldilocks, rhs: Goldilocks) -> Goldilocks {
        Goldilocks(goldilocks_multiply(lhs.representative, rhs.representative))
    }

    @inlinable
    package static prefix func - (operand: Goldilocks) -> Goldilocks {
        Goldilocks(goldilocks_subtract(0, operand.representative))
    }

    @inlinable
    package static func += (lhs: inout Goldilocks, rhs: Goldilocks) { lhs = lhs + rhs }

    @inlinable
    package static func -= (lhs: inout Goldilocks, rhs: Goldilocks) { lhs = lhs - rhs }

    @inlinable
    package static func *= (lhs: inout Goldilocks, rhs: Goldilocks) { lhs = lhs * rhs }

    @inlinable package var squared: Goldilocks { self * self }
    @inlinable package var doubled: Goldilocks { self + self }

    /// `self` to the seventh power: the s-box.
    @inlinable
    package var seventhPower: Goldilocks {
        let square = squared
        return (square * self) * square.squared
    }

    /// At most 128 multiplications; 0⁰ is 1.
    @inlinable
    package func power(_ exponent: UInt64) -> Goldilocks {
        var result = Goldilocks.one
        var base = self
        var remaining = exponent
        while remaining > 0 {
            if remaining & 1 == 1 { result *= base }
            base = base.squared
            remaining >>= 1
        }
        return result
    }

    /// `self` squared `count` times.
    @inlinable
    package func squared(times count: Int) -> Goldilocks {
        var result = self
        for _ in 0..<count { result = result.squared }
        return result
    }

    /// Nil for zero. By Fermat, 1/x = x^(p-2), with p - 2 = (2^31 - 1)·2^33 + 2^32 - 1.
    @inlinable
    package var inverse: Goldilocks? {
        guard !isZero else { return nil }
        let ones2 = squared * self
        let ones3 = ones2.squared * self
        let ones6 = ones3.squared(times: 3) * ones3
        let ones12 = ones6.squared(times: 6) * ones6
        let ones24 = ones12.squared(times: 12) * ones12
        let ones30 = ones24.squared(times: 6) * ones6
        let ones31 = ones30.squared * self
        let ones32 = ones31.squared * self
        return ones31.squared(times: 33) * ones32
    }
}

extension Goldilocks: Hashable {
    @inlinable
    package static func == (lhs: Goldilocks, rhs: Goldilocks) -> Bool {
        lhs.canonical == rhs.canonical
    }

    @inlinable
    package func hash(into hasher: inout Hasher) { hasher.combine(canonical) }
}

extension Goldilocks: ExpressibleByIntegerLiteral, CustomStringConvertible {
    @inlinable
    package init(integerLiteral value: UInt64) { self.init(value) }

    @usableFromInline package var description: String { String(canonical) }
}

extension Goldilocks {
    /// The largest k for which the field has a root of unity of order 2^k.
    package static let twoAdicity = 32

    /// Generates the multiplicative group; also the shift of every evaluation coset.
    @inlinable package static var multiplicativeGenerator: Goldilocks { Goldilocks(7) }

    /// A root of unity of order exactly `2^bits`, `bits` in `0...32`:
    /// 7^((p-1)/2^32), squared 32 − `bits` times.
    package static func rootOfUnity(bits: Int) -> Goldilocks {
        precondition((0...twoAdicity).contains(bits), "no root of unity of order 2^\(bits)")
        return Goldilocks(1_753_635_133_440_165_772).squared(times: twoAdicity - bits)
    }

    /// 1, `self`, `self`², … : `count` powers.
    package func powers(_ count: Int) -> [Goldilocks] {
        var powers: [Goldilocks] = []
        powers.reserveCapacity(count)
        var current = Goldilocks.one
        for _ in 0..<count {
            powers.append(current)
            current *= self
        }
        return powers
    }
}
