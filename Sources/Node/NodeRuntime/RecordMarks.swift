package import Primitives

/// Up to which record the last slots had come when they ended, so that what is older can go.
package struct RecordMarks: Sendable {
    private var marks: [(slot: Slot, sequence: Int64)] = []

    package init() {}

    /// Notes that `sequence` was the newest record at the end of `slot`; returns that of the slot
    /// which ended `NodeRuntimeParameters.keptSlots` slots before: whatever is up to it may go.
    package mutating func ended(_ slot: Slot, at sequence: Int64) -> Int64? {
        marks.append((slot, sequence))
        var old: Int64?
        while let first = marks.first,
            first.slot.advanced(by: UInt64(NodeRuntimeParameters.keptSlots)) <= slot
        {
            old = first.sequence
            marks.removeFirst()
        }
        return old
    }
}
