package import Cryptography
package import Ledger
package import Payments
package import Primitives

/// The rollup's state along a fold of the log, for those who only look on: the state after a final
/// block is that of the body which was executed when it was revealed.
package struct RollupFollower: Sendable {
    /// After the last final block.
    package private(set) var state: RollupState
    /// The revealed block of the open slot.
    private var revealed: ExecutedBlock?

    /// - Parameter state: of the genesis.
    package init(_ state: RollupState) { self.state = state }

    /// - Parameter executed: what was executed for the event's log block, by block commitment.
    package mutating func follow(
        _ event: LedgerEvent, executed: [Digest: ExecutedBlock]
    ) throws(UnexecutedBlock) {
        switch event {
        case .slotOpened:
            revealed = nil
        case .revealed(_, _, let header):
            revealed = executed[header.commitment]
        case .finalised(let block):
            guard block.header.stateAfter != state.root else { break }
            guard let revealed, revealed.after.root == block.header.stateAfter else {
                throw UnexecutedBlock(slot: block.slot)
            }
            state = revealed.after
        default:
            break
        }
    }
}

/// A block is final with a state that nobody here has executed: the fault of whoever judged it.
package struct UnexecutedBlock: Error, Hashable, Sendable {
    package let slot: Slot
}
