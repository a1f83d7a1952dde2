package import HTTPSupport
package import Primitives

/// The limits of a faucet and of those who ask it.
package enum FaucetParameters {
    /// Keys that are paid in all; each is remembered for ever.
    package static let maximumGrants = 10_000
    /// New keys that are paid within `grantWindow`.
    package static let maximumGrantsPerWindow = 60
    package static let grantWindow = Duration.seconds(60)
    /// What a key gets besides one stake: for the fees of some hundred transactions.
    package static let feeAllowance = Amount(units: Amount.unitsPerIDE)

    /// `{"operatorKey": "…"}` has about 90 bytes.
    package static let maximumBodyByteCount = 1_024
    package static let maximumUploadDuration = Duration.seconds(10)
    static let service = HTTPService.Limits(
        maximumConnectionCount: 256, idleTimeout: .seconds(30), maximumShutdownDuration: .seconds(3)
    )
    package static let door = HTTPDoor.Limits(
        maximumWaiting: 64, headTimeout: .seconds(10), stallTimeout: .seconds(10))
    /// Between two tries to hand a payment to the log.
    package static let retryPause = Duration.seconds(1)
    /// How often one payment is signed under another nonce at one try.
    static let maximumNonceAttempts = 4

    /// A whole exchange of the client.
    package static let requestTimeout = Duration.seconds(15)
    package static let maximumAnswerByteCount = 64 << 10
}
