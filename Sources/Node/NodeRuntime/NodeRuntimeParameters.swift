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
    /// A node that lags by no more is well, and so is one that has seen a log block within so many
    /// ticks (and 15 seconds).
    package static let healthyLagBlockCount: UInt64 = 8
    package static let healthySilenceTicks = 10
    /// A block that comes after so many ticks without one (and two seconds) may be an old one.
    static let catchUpSilenceTicks = 4
    /// Ended slots in a snapshot.
    static let shownSlotCount = 8
    /// For one proof, wherever it is pulled from: two steps of the ladder, within bounds. A server that
    /// stalls holds up whoever stands in for its prover, and must not for long.
    static func proofTimeout(stepTicks: UInt64, tick: Duration) -> Duration {
        min(max(tick * Int(clamping: min(2 * stepTicks, 1 << 16)), .seconds(2)), .seconds(20))
    }
    /// Of it, for connecting to the server.
    static let connectTimeout = Duration.seconds(5)
    static let statusTimeout = Duration.seconds(10)
    /// How often a peer that does not answer is asked where it stands.
    static let maximumStatusAttempts = 3
    /// How precisely deadlines of the machine are met.
    static let deadlineResolution = Duration.milliseconds(20)
    /// Between two questions to a settlement log that does not answer.
    static let logRetryPause = Duration.milliseconds(500)
    /// Jobs that wait to be started.
    static let jobBufferCount = 1 << 16
    /// Between two looks whether the peer book has changed.
    static let peerBookInterval = Duration.seconds(5)
    /// How often one body is signed under another nonce before the duty is given up.
    static let maximumNonceAttempts = 4
    /// How far above the folded nonce the log may say that this key is: what it says is unsigned.
    static let maximumNonceLead: UInt64 = 1 << 20
    /// Receipts whose transactions are not folded yet.
    static let maximumReceipts = 1_024
    /// Proofs and log blocks that are being prepared for peers.
    package static let maximumServings = 32
    package static let maximumServingsPerPeer = 8
}
