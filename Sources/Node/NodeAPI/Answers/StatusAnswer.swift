/// `GET /status`
package struct StatusAnswer: Codable, Hashable, Sendable {
    /// `grove/0.1.0`
    package var version: String
    package var networkName: String
    package var networkId: String
    package var policyHash: String
    package var key: String
    package var peerId: String
    /// `sequencer`, `prover`; an observer has none.
    package var roles: [String]
    package var listenAddresses: [String]
    /// Where peers are told that this node can be dialled.
    package var toldAddresses: [String]
    package var dataDirectory: String
    package var uptimeSeconds: Int
    package var health: HealthAnswer
    package var log: LogAnswer
    /// Sorted by peer id.
    package var peers: [PeerAnswer]
    package var peerBook: PeerBookAnswer
    /// Of the last folded log block; absent before the first.
    package var height: UInt64?
    /// After `height`.
    package var ledgerRoot: String
    /// The open slot; absent while none is.
    package var slot: SlotAnswer?
    package var finalBlockCount: UInt64
    package var skippedSlotCount: UInt64
    package var mintedUnits: UInt64
    package var burnedUnits: UInt64
    package var balanceUnits: UInt64
    /// Of the first role.
    package var stakeUnits: UInt64
    /// One for each role of the node.
    package var memberships: [MembershipAnswer]
    package var duties: DutiesAnswer
    package var earnings: EarningsAnswer.Totals
    /// The newest ended slots, oldest first, then the open one.
    package var recentSlots: [EarningsAnswer.SlotEntry]
    package var pendingPaymentCount: Int
    package var machine: MachineAnswer
    /// What was dropped or refused since the start, sorted by name.
    package var drops: [DropCount]

    /// The settlement log as this node follows it.
    package struct LogAnswer: Codable, Hashable, Sendable {
        package var url: String
        package var tickMilliseconds: UInt64
        /// The newest height that it is known to have.
        package var head: UInt64
        /// Blocks that are not folded yet.
        package var behind: UInt64
        /// Since a block came over the wire; absent where none has since the start.
        package var secondsSinceBlock: Double?
    }

    package struct PeerAnswer: Codable, Hashable, Sendable {
        package var id: String
        /// The IP address of its end.
        package var host: String
        /// Where it says that it can be dialled.
        package var addresses: [String]
        /// `in`, `out`.
        package var direction: String
        package var connectedSeconds: Int
        package var agent: String?
        /// Whether it has shown that it is of this network.
        package var isOfNetwork: Bool
        /// Of the gossip router, at most 0.
        package var score: Int
        /// Topics on which this node pushes messages to it.
        package var meshTopics: Int
        /// Of gossip.
        package var receivedBytes: UInt64
        package var sentBytes: UInt64
        /// Points; too many bar it for a while.
        package var faults: Int
    }

    /// Beyond those who are connected.
    package struct PeerBookAnswer: Codable, Hashable, Sendable {
        package struct Barred: Codable, Hashable, Sendable {
            package var id: String
            package var reason: String
            package var secondsLeft: UInt64
        }

        /// Peers that this node knows, and those of them that it reached once.
        package var known: Int
        package var reached: Int
        package var barred: [Barred]
        package var barredHosts: [String]
    }

    package struct SlotAnswer: Codable, Hashable, Sendable {
        package var slot: UInt64
        package var openingHeight: UInt64
        /// `propose`, `open`, `reveal`, `proving` and so on.
        package var phase: String
        package var leader: String?
        package var blockId: String?
        package var leafCount: Int
        /// Nodes of the proof tree by state, as far as this node has heard; 0 before the election.
        package var waitingCount: Int
        package var provingCount: Int
        package var committedCount: Int
        package var provenCount: Int
        /// The last height at which a root proof counts; absent before the election.
        package var provingDeadline: UInt64?
    }

    package struct MembershipAnswer: Codable, Hashable, Sendable {
        package var role: String
        /// `notRegistered`, `waiting` to be admitted, `admitted`, `ejected`, `exiting`.
        package var state: String
        package var stakeUnits: UInt64
        /// The first slot that can admit a waiting key, if slots go on one by one.
        package var admittedFrom: UInt64?
        /// What an ejected key needs at stake.
        package var minimumUnits: UInt64?
        /// The height at which an exiting key's stake is on its account again.
        package var paidAt: UInt64?

        package init(role: String, state: String, stakeUnits: UInt64) {
            self.role = role
            self.state = state
            self.stakeUnits = stakeUnits
        }
    }

    /// What this node proves with.
    package struct MachineAnswer: Codable, Hashable, Sendable {
        /// `portable`, `avx2`, `avx512`.
        package var kernels: String
        package var provingThreads: Int
        /// Made since the start.
        package var leafProofs: Int
        package var mergeProofs: Int
        package var failedProofs: Int
    }

    package struct DropCount: Codable, Hashable, Sendable {
        package var name: String
        package var count: UInt64
    }
}

/// `GET /health`: 200 where the node runs and follows the log, else 503.
package struct HealthAnswer: Codable, Hashable, Sendable {
    /// `ok` or `unwell`.
    package var health: String
    /// Why it is unwell.
    package var reason: String?

    package init(health: String, reason: String?) {
        self.health = health
        self.reason = reason
    }

    package var isOK: Bool { health == "ok" }
}
