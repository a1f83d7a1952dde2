/// The numbers of the mesh and the limits on what peers may make us hold or send.
package struct GossipParameters: Hashable, Sendable {
    /// Mesh size that is aimed at, per topic.
    package var meshSize: Int
    package var meshSizeLow: Int
    package var meshSizeHigh: Int
    /// Mesh members that we dialled ourselves: an attacker cannot fill a mesh by dialling us.
    package var meshOutboundMinimum: Int
    /// At least so many peers outside the mesh hear of our messages at a heartbeat.
    package var lazyPeerCount: Int
    /// Of the peers outside the mesh, in hundredths.
    package var gossipPercent: Int
    package var heartbeatInterval: Duration
    /// Heartbeats for which a message can be asked for.
    package var historyLength: Int
    /// Heartbeats for which it is announced; at most `historyLength`.
    package var gossipLength: Int
    package var fanoutLifetime: Duration
    package var seenLifetime: Duration
    package var pruneBackoff: Duration
    package var unsubscribeBackoff: Duration
    /// A peer's longer wish counts as this much.
    package var maximumBackoff: Duration
    /// Own messages up to this size go to every subscriber at once.
    package var floodLimitByteCount: Int
    /// Longer messages are worth telling that one has them.
    package var dontWantThresholdByteCount: Int
    package var dontWantHeartbeats: Int
    /// How long a peer may take to send what it announced before another is asked.
    package var promiseTimeout: Duration
    package var score: ScoreParameters
    package var limits: GossipLimits

    /// D 8, D_low 6, D_high 12, D_lazy 6, heartbeat 0.7 s, history 6/3: Ethereum consensus-specs
    /// phase0/p2p-interface.md. D_out 2, factor 0.25, fanout 60 s, back-offs 60 s and 10 s:
    /// libp2p/specs gossipsub-v1.1.md. Back-off cap 3,600 s: GHSA-gc42-3jg7-rxr2. IDONTWANT above
    /// 1,024 bytes for 3 heartbeats: go-libp2p-pubsub v0.16. Ours: flooding only what fits one
    /// datagram; promises of 2 s, so that a second peer asked then still holds the message.
    ///
    /// `seenLifetime` follows from the length of a slot: a message must not be new again while it
    /// still matters.
    package static func standard(seenLifetime: Duration) -> GossipParameters {
        GossipParameters(
            meshSize: 8, meshSizeLow: 6, meshSizeHigh: 12, meshOutboundMinimum: 2,
            lazyPeerCount: 6, gossipPercent: 25, heartbeatInterval: .milliseconds(700),
            historyLength: 6, gossipLength: 3, fanoutLifetime: .seconds(60),
            seenLifetime: seenLifetime, pruneBackoff: .seconds(60),
            unsubscribeBackoff: .seconds(10), maximumBackoff: .seconds(3_600),
            floodLimitByteCount: 1_100, dontWantThresholdByteCount: 1_024,
            dontWantHeartbeats: 3, promiseTimeout: .seconds(2), score: .standard,
            limits: .standard)
    }
}

/// Scores are points, all of them at or below zero; see `PeerScore`.
package struct ScoreParameters: Hashable, Sendable {
    package var invalidMessageWeight: Int
    package var behaviourWeight: Int
    /// What is left of a counter after a heartbeat, in thousandths.
    package var invalidDecayPermille: Int
    package var behaviourDecayPermille: Int
    /// Below it a peer's gossip (IHAVE, IWANT) is ignored and it gets none.
    package var gossipThreshold: Int
    /// Below it a peer does not get our own messages by flooding.
    package var publishThreshold: Int
    /// Below it nothing of a peer is read.
    package var graylistThreshold: Int

    /// Weights and thresholds −10, −50, −80: rust-libp2p gossipsub peer_score/params.rs. The decay
    /// is per heartbeat: an invalid message counts half after 48 s, misbehaviour after 2 s.
    package static let standard = ScoreParameters(
        invalidMessageWeight: 10, behaviourWeight: 10, invalidDecayPermille: 990,
        behaviourDecayPermille: 800, gossipThreshold: -10, publishThreshold: -50,
        graylistThreshold: -80)
}

/// Bounds of every collection and of every peer's demands.
package struct GossipLimits: Hashable, Sendable {
    package var peers: Int
    package var topics: Int
    package var topicByteCount: Int
    package var topicsPerPeer: Int
    package var messageByteCount: Int
    /// An RPC on the wire, either way.
    package var rpcByteCount: Int
    /// Subscriptions, grafts, prunes and announcements together.
    package var topicsPerRPC: Int
    package var publicationsPerRPC: Int
    package var idsPerRPC: Int
    package var messageIDByteCount: Int
    package var seenMessages: Int
    package var cachedMessages: Int
    package var cachedByteCount: Int
    /// Messages waiting for a verdict.
    package var undecidedMessages: Int
    /// Other contents under the id of a message that waits for a verdict.
    package var alternatesPerMessage: Int
    package var backoffs: Int
    package var promises: Int
    package var scores: Int
    package var announcementsPerHeartbeat: Int
    package var announcedIDsPerHeartbeat: Int
    package var wantedIDsPerHeartbeat: Int
    package var servedByteCountPerHeartbeat: Int
    /// How often one peer gets the same message on demand.
    package var retransmissions: Int
    package var dontWantIDsPerHeartbeat: Int

    /// Topics per peer 100 (rust), RPC 1 MiB and IHAVE 10 with 5,000 ids per heartbeat and
    /// retransmissions 3 (go-libp2p-pubsub); the others ours.
    package static let standard = GossipLimits(
        peers: 1_024, topics: 64, topicByteCount: 256, topicsPerPeer: 100,
        messageByteCount: 64 << 10, rpcByteCount: 1 << 20, topicsPerRPC: 512,
        publicationsPerRPC: 16_384, idsPerRPC: 16_384, messageIDByteCount: 64,
        seenMessages: 1 << 18, cachedMessages: 1 << 14, cachedByteCount: 64 << 20,
        undecidedMessages: 8_192, alternatesPerMessage: 4, backoffs: 1 << 14, promises: 1 << 14,
        scores: 4_096, announcementsPerHeartbeat: 10, announcedIDsPerHeartbeat: 5_000,
        wantedIDsPerHeartbeat: 5_000, servedByteCountPerHeartbeat: 4 << 20, retransmissions: 3,
        dontWantIDsPerHeartbeat: 1_000)
}
