import Primitives

/// Money as people write it: IDE with up to nine decimals, exactly.
package enum AmountText {
    /// `12.5` is 12,500,000,000 units. Nil for anything else than digits with at most one point.
    package static func units(_ text: some StringProtocol) -> UInt64? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = digits(parts[0]) else { return nil }
        var fraction: UInt64 = 0
        if parts.count == 2 {
            guard parts[1].count <= 9, let value = digits(parts[1]) else { return nil }
            fraction = (parts[1].count..<9).reduce(value) { value, _ in value * 10 }
        }
        let (product, overflow) = whole.multipliedReportingOverflow(by: Amount.unitsPerIDE)
        let (sum, carry) = product.addingReportingOverflow(fraction)
        return overflow || carry ? nil : sum
    }

    private static func digits(_ text: some StringProtocol) -> UInt64? {
        guard !text.isEmpty,
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt64(text)
    }
}
