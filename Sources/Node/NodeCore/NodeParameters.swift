package import Primitives

/// The limits of what one node holds, and its operator's choices.
package struct NodeParameters: Hashable, Sendable {
    /// Candidates of one prover for one tree node that are remembered.
    package static let maximumCommitmentsPerProverAndNode = 4
    /// Proof messages that arrive before the block they belong to.
    package static let maximumEarlyProofMessages = 1_024
    /// What newcomers are told: proof messages of the open slot, and payments that wait.
    package static let maximumArchivedProofMessages = 1_024
    package static let maximumArchivedPayments = 256
    /// Log blocks that wait to be judged.
    package static let maximumQueuedLogBlocks = 256
    /// Ledger roots of past heights kept for comparison with others'.
    package static let maximumRememberedRoots = 256
    /// Ended slots whose part in them a key's books remember.
    package static let maximumBookedSlots = 256
    /// Keys whose statements about one height are remembered.
    package static let maximumRootStatementsPerHeight = 4_096
    /// A node signs its ledger root at every height that is a multiple of this.
    package static let ledgerRootInterval: UInt64 = 4
    /// Slots for which a prover's intent reaches ahead, and how early it is renewed.
    package static let intentSlots: UInt64 = 32
    package static let intentRenewalSlots: UInt64 = 8
    /// Before an offer that did not come onto the log is made anew.
    package static let intentPatienceTicks: UInt64 = 8
    /// Proof messages of one prover that wait so.
    package static let maximumEarlyProofMessagesPerProver = 64
    /// Intents of one prover that are passed on during one slot.
    package static let maximumIntentsPerSlot = 4
    /// Payments of one peer that may be refused between two heartbeats; an honest peer sends on only
    /// what it would hold itself.
    package static let maximumRefusedPaymentsPerPeer = 64
    /// Evidence against one key that is passed on during one slot: two duties.
    package static let maximumEvidencePerSlot = 2
    /// Slots whose proposals and reveals are compared, and how many of them in all.
    package static let maximumWatchedSlots = 8
    package static let maximumWatchedStatements = 1 << 14
    /// Contradictions that were found and wait for this node's turn to report them.
    package static let maximumPendingEvidence = 64
    /// Between the turns of two who may report the same: an inclusion and its folding.
    package static let evidenceTurnTicks: UInt64 = 3
    package static let maximumEvidenceTurns: UInt64 = 16
    /// How far beyond what this node has folded, or knows the log to have, a height may lie.
    package static let maximumHeightsAhead: UInt64 = 8

    /// Slots by whose openings a slot's length is estimated.
    package static let rememberedOpenings = 9
    /// Orders to leave that are remembered: one for each time that the key was a member.
    package static let maximumLeaveOrders = 64
    /// How many ticks old an operator's order may be, to leave or to send.
    package static let maximumOrderAgeTicks: UInt64 = 100
    /// Orders to send that are not settled, and all that are remembered.
    package static let maximumWaitingSends = 16
    package static let maximumRememberedSends = 256
    /// Transactions that are signed for one order to send, each when the one before is void.
    package static let maximumSendAttempts: UInt64 = 16
    /// Before a transfer that the ledger does not show is handed to the log again; and one that the
    /// log refused.
    package static let sendPatienceTicks: UInt64 = 32
    package static let sendRefusalPatienceTicks: UInt64 = 8
    /// How often one registration is handed to a log that refuses it; as often an exit.
    package static let maximumRegistrationRefusals = 4

    /// What share of fees and reward this sequencer offers to the provers.
    package let feeShare: BasisPoints
    /// Leaves of one slot that this prover takes.
    package let capacity: UInt64
    package let minFeePerUnit: Amount
    /// Nil for a node that does not register its key.
    package let joining: JoinOrder?

    package init(
        feeShare: BasisPoints, capacity: UInt64, minFeePerUnit: Amount,
        joining: JoinOrder? = nil
    ) {
        self.joining = joining
        self.feeShare = feeShare
        self.capacity = capacity
        self.minFeePerUnit = minFeePerUnit
    }
}
