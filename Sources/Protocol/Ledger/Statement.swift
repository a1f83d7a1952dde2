package import Cryptography
package import Primitives

/// What a key is answerable for: one duty in one slot.
package struct Act: Hashable, Comparable, Sendable {
    package enum Duty: UInt8, Sendable {
        case proposal = 1
        case reveal = 2
    }

    package let slot: Slot
    package let key: OperatorKey
    package let duty: Duty

    package init(slot: Slot, key: OperatorKey, duty: Duty) {
        self.slot = slot
        self.key = key
        self.duty = duty
    }

    package static func < (lhs: Act, rhs: Act) -> Bool {
        (lhs.slot, lhs.key, lhs.duty.rawValue) < (rhs.slot, rhs.key, rhs.duty.rawValue)
    }
}

/// What a signed transaction says about a duty, decoded and without the VRF proof, which can take
/// many forms and mean the same.
package enum Statement: Hashable, Sendable {
    case proposal(Slot, parent: BlockID, blockCommitment: Digest, feeShare: BasisPoints)
    case reveal(BlockReveal)

    /// Nil for the kinds that cannot be equivocal.
    package init?(_ transaction: LedgerTransaction) {
        switch (transaction.kind, transaction.body) {
        case (.fernetProposal, .fernetProposal(let proposal)):
            self = .proposal(
                proposal.slot, parent: proposal.parent,
                blockCommitment: proposal.blockCommitment, feeShare: proposal.feeShare)
        case (.blockReveal, .blockReveal(let reveal)):
            self = .reveal(reveal)
        default:
            return nil
        }
    }

    package var slot: Slot {
        switch self {
        case .proposal(let slot, _, _, _): slot
        case .reveal(let reveal): reveal.header.slot
        }
    }

    package var duty: Act.Duty {
        switch self {
        case .proposal: .proposal
        case .reveal: .reveal
        }
    }
}
