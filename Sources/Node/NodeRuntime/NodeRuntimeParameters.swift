/// Limits of the shell.
package enum NodeRuntimeParameters {
    /// Proofs of so many ended slots stay for those who still ask, in memory and on disk, and as
    /// long what the log may not yet have included of this node's transactions.
    package static let keptSlots = 2
    /// Payments of this node's users that are on disk until their nonces are used.
    static let maximumKeptPayments = 4_096
    /// Reports that a watcher has not read yet; older ones are dropped.
    static let reportBufferCount = 4_096
    static let maximumWatchers = 64
    static let proofTimeout = Duration.seconds(20)
    static let statusTimeout = Duration.seconds(10)
    /// How precisely deadlines of the machine are met.
    static let deadlineResolution = Duration.milliseconds(20)
    /// Between two questions to a settlement log that does not answer.
    static let logRetryPause = Duration.milliseconds(500)
    /// Jobs that wait to be started.
    static let jobBufferCount = 1 << 16
    /// A connected peer that has so many faults is disconnected.
    package static let maximumPenalties = 16
    /// What serving an invalid proof counts; any other fault counts 1.
    static let invalidProofPenalty = 4
    /// How often one body is signed under another nonce before the duty is given up.
    static let maximumNonceAttempts = 4
    /// How far above the folded nonce the log may say that this key is: what it says is unsigned.
    static let maximumNonceLead: UInt64 = 1 << 20
}
