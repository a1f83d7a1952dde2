/// `GET /earnings?slots=N`: the node's books, out of the log alone.
package struct EarningsAnswer: Codable, Hashable, Sendable {
    package var key: String
    package var balanceUnits: UInt64
    package var totals: Totals
    /// The newest ended slots, oldest first, then the open one.
    package var slots: [SlotEntry]

    package struct Totals: Codable, Hashable, Sendable {
        package var paidUnits: UInt64
        package var paidAsSequencerUnits: UInt64
        package var paidAsProverUnits: UInt64
        /// For evidence of others' offences.
        package var paidForReportsUnits: UInt64
        package var slashedUnits: UInt64
        package var feeUnits: UInt64
        package var sentUnits: UInt64
        package var receivedUnits: UInt64
        /// Moved from the account to stakes, and back.
        package var stakedUnits: UInt64
        package var unstakedUnits: UInt64
        /// Slots with a sealed proposal, with an opened one, led, and final so.
        package var sealed: Int
        package var proposed: Int
        package var led: Int
        package var won: Int
        /// Sealed and not opened; led and not revealed.
        package var missedOpenings: Int
        package var missedReveals: Int
        /// Nodes of proof trees: elected for, of these proven and missed, and others' proven.
        package var electedUnits: Int
        package var provenUnits: Int
        package var missedUnits: Int
        package var helpedUnits: Int
        package var refusedTransactions: Int
    }

    package struct SlotEntry: Codable, Hashable, Sendable {
        package var slot: UInt64
        /// `open`, `final`, `skipped`.
        package var outcome: String
        /// Why it was skipped.
        package var reason: String?
        /// At which it ended.
        package var height: UInt64?
        package var isProposed: Bool
        package var isLeader: Bool
        package var electedUnits: Int
        package var provenUnits: Int
        package var missedUnits: Int
        package var helpedUnits: Int
        package var paidAsSequencerUnits: UInt64
        package var paidAsProverUnits: UInt64
        package var slashedUnits: UInt64
    }
}
