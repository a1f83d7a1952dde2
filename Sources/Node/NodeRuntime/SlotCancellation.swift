package import Primitives
internal import Synchronization

/// Which slots are over: asked by running proofs, from their own threads.
package final class SlotCancellation: Sendable {
    private let firstLiveSlot = Atomic<UInt64>(0)
    private let isStopped = Atomic<Bool>(false)

    package init() {}

    /// What is over stays over, in whatever order it is said.
    package func cancel(through slot: Slot) {
        firstLiveSlot.max(slot.advanced(by: 1).number, ordering: .relaxed)
    }

    package func stop() { isStopped.store(true, ordering: .relaxed) }

    package func isCancelled(_ slot: Slot) -> Bool {
        isStopped.load(ordering: .relaxed)
            || slot.number < firstLiveSlot.load(ordering: .relaxed)
    }
}
