package import Cryptography
package import Primitives
package import ProofSubmission
package import ProverElection
package import Sequencing
package import VRF

/// The open slot, as far as the log has brought it.
package struct SlotState: Hashable, Sendable {
    package let slot: Slot
    package let openingHeight: Height
    /// What this slot's VRF inputs name.
    package let beacon: Beacon
    package let phases: FernetPhases
    /// The last final block and the state after it: what the slot's block builds on.
    package let parent: ParentBlock
    /// By ascending key, with the stake that counted when the slot opened.
    package let sequencers: [AdmittedKey]
    /// By ascending key, with the stake that counted when the slot opened.
    package let provers: [AdmittedKey]

    /// Sealed proposals by key; a key's first is its only one.
    package internal(set) var seals = SortedMap<OperatorKey, Digest>()
    package internal(set) var proposals = SortedMap<OperatorKey, OpenedProposal>()
    /// Offers on the log at the end of the propose phase; nil before it.
    package internal(set) var offers: [PoolOffer]?
    /// Known from the end of the open phase on.
    package internal(set) var leader: OperatorKey?
    package internal(set) var reveal: RevealedBlock?
    /// The leader's block was executed and did not hold: another try would be the same block.
    package internal(set) var isRevealRefused = false
    package internal(set) var electionClaim: ElectionClaim?
    /// There when reveal and election are: the slot is proving.
    package internal(set) var elected: ElectedTree?
    package internal(set) var proofCommitments = CommitmentBook()
    /// Root proofs that were judged and did not hold, by who posted them.
    package internal(set) var failedRootProofs = SortedMap<OperatorKey, Int>()

    package var leaderProposal: OpenedProposal? { leader.flatMap { proposals[$0] } }

    /// The phase of the transactions in the log block at `height`.
    package func phase(at height: Height) -> FernetPhase {
        phases.phase(at: height, revealedAt: elected?.revealHeight)
    }

    package func sequencer(_ key: OperatorKey) -> AdmittedKey? {
        sequencers.first { $0.key == key }
    }

    package func prover(_ key: OperatorKey) -> AdmittedKey? { provers.first { $0.key == key } }
}

/// What the next block builds on.
package struct ParentBlock: Hashable, Sendable {
    package let blockID: BlockID
    package let stateRoot: FieldDigest
}

/// A proposal that matched its seal.
package struct OpenedProposal: Hashable, Sendable {
    package let proposal: FernetProposal
    /// β over the slot's beacon.
    package let output: VRFOutput
    package let stake: Amount
    package let height: Height
}

/// An offer of work that covers the slot.
package struct PoolOffer: Hashable, Sendable {
    package let key: OperatorKey
    package let stake: Amount
    /// Leaves.
    package let capacity: UInt64
    package let minFeePerUnit: Amount
}

/// The leader's block on the log, executed.
package struct RevealedBlock: Hashable, Sendable {
    package let blockID: BlockID
    package let header: BlockHeader
    /// The encoded payments.
    package let body: [UInt8]
    package let height: Height
}

/// The leader's seed, and the block it says the seed is for.
package struct ElectionClaim: Hashable, Sendable {
    package let blockID: BlockID
    package let seed: VRFOutput
    package let height: Height
}

/// Who proves what, until when.
package struct ElectedTree: Hashable, Sendable {
    package let seed: VRFOutput
    /// By ascending key: whose offers the block's terms met.
    package let pool: [PoolMember]
    package let assignment: TreeAssignment
    package let ladder: Ladder
    /// The height that holds reveal and election, whichever is later.
    package let revealHeight: Height
    /// The last height at which a root proof counts.
    package let provingDeadline: Height
}
