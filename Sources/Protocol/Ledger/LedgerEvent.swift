package import Cryptography
package import Primitives
package import ProverElection
package import Sequencing

/// What a log block did, in order: for those who watch. Nothing in it decides anything.
package enum LedgerEvent: Hashable, Sendable {
    case slotOpened(Slot, at: Height, beacon: Beacon)
    case committed(Slot, key: OperatorKey)
    case proposed(Slot, key: OperatorKey, feeShare: BasisPoints)
    case leaderElected(Slot, key: OperatorKey, feeShare: BasisPoints, candidates: Int)
    case revealed(Slot, blockID: BlockID, header: BlockHeader)
    case elected(Slot, blockID: BlockID, assignment: TreeAssignment)
    case proofCommitted(Slot, range: LeafRange, key: OperatorKey, at: Height)
    case finalised(FinalBlock)
    case skipped(Slot, SkipReason, at: Height)
    case slashed(Slashing)
    case rewarded(key: OperatorKey, amount: Amount, RewardKind)
    case registered(role: Role, key: OperatorKey, stake: Amount)
    /// The key is not admitted to slots that open from now on.
    case exiting(role: Role, key: OperatorKey, paidAt: Height)
    /// The stake is on the key's account, and the key may register again.
    case exited(role: Role, key: OperatorKey, amount: Amount)
    case transferred(
        transactionID: Digest, from: OperatorKey, to: OperatorKey, amount: Amount)
    case intentLogged(key: OperatorKey, Intent)
    /// The transaction used its nonce and fee and did nothing else.
    case refused(transactionID: Digest, key: OperatorKey, kind: TransactionKind, Refusal)
    /// The transaction did nothing.
    case dropped(transactionID: Digest, key: OperatorKey, kind: TransactionKind, Drop)
}

package enum RewardKind: Hashable, Sendable {
    case sequencer(Slot)
    case prover(Slot)
    case report
}

package enum SkipReason: Hashable, Sendable {
    /// No prover offers work for the slot, or none on the block's terms.
    case emptyPool
    case noCommit
    case noProposal
    /// The leader was slashed.
    case noReveal(leader: OperatorKey)
    case noRootProof
}

package enum OffenceKind: UInt8, Hashable, Sendable {
    case equivocation = 1
    case noReveal = 2
}

/// A stake that paid for an offence.
package struct Slashing: Hashable, Sendable {
    package let role: Role
    package let key: OperatorKey
    package let slot: Slot
    package let offence: OffenceKind
    package let amount: Amount
    package let reporter: OperatorKey?

    package init(
        role: Role, key: OperatorKey, slot: Slot, offence: OffenceKind, amount: Amount,
        reporter: OperatorKey?
    ) {
        self.role = role
        self.key = key
        self.slot = slot
        self.offence = offence
        self.amount = amount
        self.reporter = reporter
    }
}

/// A block whose root proof, or whose emptiness, settled it.
package struct FinalBlock: Hashable, Sendable {
    package let slot: Slot
    package let blockID: BlockID
    package let header: BlockHeader
    package let sequencer: OperatorKey
    package let feeShare: BasisPoints
    package let openingHeight: Height
    /// The height that holds reveal and election, whichever is later.
    package let revealHeight: Height
    package let height: Height
    /// Who posted the root proof; nil for an empty block.
    package let submitter: OperatorKey?
    /// Nil for an empty block.
    package let contributions: Contributions?
    /// What was handed out, per key and role; sums with `forfeited` to fees and block reward.
    package let payouts: [Payout]
    /// Units whose assigned prover has no proof in the tree.
    package let forfeited: Amount

    package init(
        slot: Slot, blockID: BlockID, header: BlockHeader, sequencer: OperatorKey,
        feeShare: BasisPoints, openingHeight: Height, revealHeight: Height, height: Height,
        submitter: OperatorKey?, contributions: Contributions?, payouts: [Payout],
        forfeited: Amount
    ) {
        self.slot = slot
        self.blockID = blockID
        self.header = header
        self.sequencer = sequencer
        self.feeShare = feeShare
        self.openingHeight = openingHeight
        self.revealHeight = revealHeight
        self.height = height
        self.submitter = submitter
        self.contributions = contributions
        self.payouts = payouts
        self.forfeited = forfeited
    }

    package var leafCount: Int { header.leafCount }
    package var mergeCount: Int { max(0, header.leafCount - 1) }
    /// Distinct keys whose proofs the tree holds, ascending.
    package var provers: [OperatorKey] {
        guard let contributions else { return [] }
        let all = (contributions.leaves.map(\.prover) + contributions.merges).sorted()
        return all.enumerated().filter { $0 == 0 || all[$0 - 1] != $1 }.map(\.element)
    }
}

package struct Payout: Hashable, Sendable {
    package let key: OperatorKey
    package let role: Role
    /// Tree nodes paid for; 0 for the sequencer.
    package let units: Int
    package let amount: Amount

    package init(key: OperatorKey, role: Role, units: Int, amount: Amount) {
        self.key = key
        self.role = role
        self.units = units
        self.amount = amount
    }
}
