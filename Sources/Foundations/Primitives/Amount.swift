/// Money in base units, `1 IDE = 10⁹`. Arithmetic throws, it never wraps.
package struct Amount: Hashable, Comparable, Sendable {
    package let units: UInt64

    package static let zero = Amount(units: 0)
    package static let unitsPerIDE: UInt64 = 1_000_000_000

    package init(units: UInt64) { self.units = units }

    package static func < (lhs: Amount, rhs: Amount) -> Bool { lhs.units < rhs.units }

    package func adding(_ other: Amount) throws(AmountError) -> Amount {
        let (sum, overflow) = units.addingReportingOverflow(other.units)
        guard !overflow else { throw .overflow(units, other.units) }
        return Amount(units: sum)
    }

    package func subtracting(_ other: Amount) throws(AmountError) -> Amount {
        guard other.units <= units else { throw .insufficient(held: units, needed: other.units) }
        return Amount(units: units - other.units)
    }

    /// `⌊units · share / 10 000⌋`.
    package func share(_ share: BasisPoints) -> Amount {
        let product = UInt128(units) * UInt128(share.value) / UInt128(BasisPoints.whole)
        return Amount(units: UInt64(product))
    }
}

extension Amount: CustomStringConvertible {
    /// IDE with the fraction's trailing zeros cut: `12.5 IDE`.
    package var description: String {
        let fraction = String(units % Self.unitsPerIDE)
        let padded = String(repeating: "0", count: 9 - fraction.count) + fraction
        let trimmed = String(padded.reversed().drop { $0 == "0" }.reversed())
        let whole = String(units / Self.unitsPerIDE)
        return trimmed.isEmpty ? "\(whole) IDE" : "\(whole).\(trimmed) IDE"
    }
}

package enum AmountError: Error, Hashable, Sendable {
    case overflow(UInt64, UInt64)
    case insufficient(held: UInt64, needed: UInt64)
}

/// Hundredths of a percent, `0...10_000`.
package struct BasisPoints: Hashable, Comparable, Sendable {
    package static let whole: UInt64 = 10_000
    package static let zero = BasisPoints(0)!
    package let value: UInt64

    /// Nil above 10 000.
    package init?(_ value: UInt64) {
        guard value <= Self.whole else { return nil }
        self.value = value
    }

    package static func < (lhs: BasisPoints, rhs: BasisPoints) -> Bool { lhs.value < rhs.value }
}
