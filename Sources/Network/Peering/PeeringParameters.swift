internal import SansIO

/// Every limit of who is known, dialled and barred.
package enum PeeringParameters {
    // The book.
    package static let maximumPeers = 1_024
    /// Of one host, so that none can fill the book; a whole network on one machine is exempt.
    package static let maximumPeersPerHost = 32
    /// That one peer may tell and nobody has reached yet.
    package static let maximumUntriedPerTeller = 64
    /// A peer that was never reached is forgotten after so many attempts.
    package static let maximumUntriedFailures = 8
    /// A peer that was reached is kept for so long.
    package static let keptSeconds: UInt64 = 7 * 24 * 3_600
    /// How long ago a peer that is told to others may have been reached.
    package static let recentSeconds: UInt64 = 3 * 3_600
    package static let maximumEncodedByteCount = 8 << 20

    // Dialling.
    /// Others are sought below so many connections.
    package static let targetConnections = 32
    /// And below so many that we dialled ourselves, since strangers choose the others.
    package static let minimumOutboundConnections = 8
    /// At one time, beside the addresses of the configuration.
    package static let maximumDials = 16
    package static let maximumFixedAddresses = 1_024
    /// Peers that somebody waits for.
    package static let maximumWanted = 64
    /// A peer that was tried and not reached is not tried again at once, whoever wants it.
    package static let wantedPause = Duration.seconds(2)
    /// The longest pause before a peer of the book is dialled again: lately reached, or not.
    package static let longestRecentPause = Duration.seconds(10)
    package static let longestPause = Duration.seconds(300)

    // The exchange.
    package static let shortestAskPause = Duration.seconds(2)
    package static let longestAskPause = Duration.seconds(60)
    /// Where there are connections enough.
    package static let idleAskPause = Duration.seconds(600)
    package static let askTimeout = Duration.seconds(10)
    /// What a peer may ask at once, and how long each of it takes to grow back.
    package static let askBurst = 4
    package static let askRefill = Duration.seconds(10)
    /// A peer's own record is verified once in this time.
    package static let ownRecordPause = Duration.seconds(10)

    // Faults.
    /// A peer whose faults weigh so much is barred.
    package static let maximumFaultPoints = 16
    /// One point is forgotten in this time.
    package static let faultDecay = Duration.seconds(60)
    package static let maximumFaultyPeers = 1_024

    // Bans.
    package static let maximumBans = 1_024
    /// Of the first ban; it doubles with each one to the longest.
    package static let firstBanSeconds: UInt64 = 600
    package static let longestBanSeconds: UInt64 = 24 * 3_600
    /// Of a peer with other network rules: an operator who mends them wants to come back.
    package static let otherNetworkBanSeconds: UInt64 = 60
    /// For so long after its end a ban makes the next one longer.
    package static let banMemorySeconds: UInt64 = 24 * 3_600
    /// A host is barred once so many of its peers were barred for faults within the time.
    package static let bannedPeersPerHost = 4
    package static let hostBanSeconds: UInt64 = 600
    package static let maximumBannedHosts = 256
}
