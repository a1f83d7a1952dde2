/// A moment on a monotonic clock whose origin the shell chooses.
package struct Instant: Hashable, Comparable, Sendable {
    package let nanosecondsSinceOrigin: UInt64

    package static let origin = Instant(nanosecondsSinceOrigin: 0)

    package init(nanosecondsSinceOrigin: UInt64) {
        self.nanosecondsSinceOrigin = nanosecondsSinceOrigin
    }

    package static func < (lhs: Instant, rhs: Instant) -> Bool {
        lhs.nanosecondsSinceOrigin < rhs.nanosecondsSinceOrigin
    }

    /// Saturates at the ends of the clock.
    package static func + (lhs: Instant, rhs: Duration) -> Instant {
        let delta = rhs.clampedNanoseconds
        let (sum, overflow) = lhs.nanosecondsSinceOrigin.addingReportingOverflow(delta)
        return Instant(nanosecondsSinceOrigin: overflow ? .max : sum)
    }

    /// Zero when `rhs` is later than `lhs`.
    package static func - (lhs: Instant, rhs: Instant) -> Duration {
        guard lhs > rhs else { return .zero }
        let difference = lhs.nanosecondsSinceOrigin - rhs.nanosecondsSinceOrigin
        return .nanoseconds(Int64(min(difference, UInt64(Int64.max))))
    }
}

extension Duration {
    /// Whole nanoseconds, 0 for a negative duration, `UInt64.max` where they do not fit.
    package var clampedNanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = product.addingReportingOverflow(UInt64(attoseconds / 1_000_000_000))
        return overflow || carry ? .max : sum
    }
}
