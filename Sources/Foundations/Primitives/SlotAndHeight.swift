/// The number of a slot: one block to be won, proven and settled, or skipped.
package struct Slot: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt64
    package init(_ number: UInt64) { self.number = number }

    package static func < (lhs: Slot, rhs: Slot) -> Bool { lhs.number < rhs.number }
    package var description: String { String(number) }
    /// Saturates: no reachable slot comes near `UInt64.max`.
    package func advanced(by slots: UInt64) -> Slot {
        let (sum, overflow) = number.addingReportingOverflow(slots)
        return Slot(overflow ? .max : sum)
    }
}

/// The number of a log block; consecutive from 0, one for each tick.
package struct Height: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let number: UInt64
    package init(_ number: UInt64) { self.number = number }

    package static func < (lhs: Height, rhs: Height) -> Bool { lhs.number < rhs.number }
    package var description: String { String(number) }
    /// Saturates, so that a hostile parameter cannot trap.
    package func advanced(by ticks: UInt64) -> Height {
        let (sum, overflow) = number.addingReportingOverflow(ticks)
        return Height(overflow ? .max : sum)
    }
}
