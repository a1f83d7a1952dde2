package import Cryptography
package import Primitives

/// Where a log is and how patient a client is with it.
package struct SettlementClientParameters: Hashable, Sendable {
    package let host: String
    package let port: Int
    package let networkID: NetworkID
    package let policyHash: Digest
    /// Whose signature makes a block or a receipt.
    package let authority: OperatorKey
    /// For a whole exchange; longer than the log holds a nonce gap, and than `pollWait`.
    package let requestTimeout: Duration
    /// How long the log may keep a question for a block that does not exist yet.
    package let pollWait: Duration
    /// How long `submit` tries before it throws the last failure.
    package let submissionDeadline: Duration
    /// Between attempts; doubles up to `maximumBackOff`.
    package let minimumBackOff: Duration
    package let maximumBackOff: Duration

    package init(
        host: String, port: Int, networkID: NetworkID, policyHash: Digest,
        authority: OperatorKey, requestTimeout: Duration, pollWait: Duration,
        submissionDeadline: Duration, minimumBackOff: Duration, maximumBackOff: Duration
    ) {
        self.host = host
        self.port = port
        self.networkID = networkID
        self.policyHash = policyHash
        self.authority = authority
        self.requestTimeout = requestTimeout
        self.pollWait = pollWait
        self.submissionDeadline = submissionDeadline
        self.minimumBackOff = minimumBackOff
        self.maximumBackOff = maximumBackOff
    }

    /// Patience for a log with this tick. A log that comes back is found within half a tick, so
    /// that its restart costs nobody a phase of the open slot.
    package init(
        host: String, port: Int, networkID: NetworkID, policyHash: Digest,
        authority: OperatorKey, tick: Duration
    ) {
        let hold = tick * Int(SettlementLogLimits.heldTicks + 1)
        self.init(
            host: host, port: port, networkID: networkID, policyHash: policyHash,
            authority: authority, requestTimeout: .seconds(30) + hold, pollWait: .seconds(10),
            submissionDeadline: .seconds(60) + hold, minimumBackOff: .milliseconds(50),
            maximumBackOff: min(max(tick / 2, .milliseconds(100)), .seconds(5)))
    }
}
