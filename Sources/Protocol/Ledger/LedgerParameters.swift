/// The limits of what a ledger holds; `LedgerRules` are the network's choices, these are ours.
package enum LedgerParameters {
    /// Accounts that hold a balance or have signed a transaction. A transfer that would open one
    /// more is refused.
    package static let maximumAccounts = 1 << 20
    package static let maximumRegistrations = 1 << 14
    /// Top-ups of one registration that the admission lag still holds back.
    package static let maximumPendingTopUps = 8
    /// Intents in one transaction.
    package static let maximumIntentsPerBatch = 64
    /// How far ahead of the open slot an intent may reach.
    package static let maximumIntentSlotsAhead: UInt64 = 64
    /// Root proofs of one key in one slot that are verified and found wrong; further ones are not
    /// looked at.
    package static let maximumFailedRootProofs = 4
    /// Final blocks kept for those who ask; older ones are in the log.
    package static let recentFinalBlocks = 128
    /// For `LedgerRules.lag`, `evidenceExpiryTicks` and the like.
    package static let maximumTicks: UInt64 = 1 << 32
}
