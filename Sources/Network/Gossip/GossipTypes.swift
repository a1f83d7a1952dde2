/// A peer of the router: the bytes of its peer id, opaque here.
package struct GossipPeer: Hashable, Comparable, Sendable {
    package let bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }

    package static func < (lhs: GossipPeer, rhs: GossipPeer) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}

/// What names a message: equal for two copies of one message, whoever sends them.
package struct GossipMessageID: Hashable, Comparable, Sendable {
    package let bytes: [UInt8]
    package init(bytes: [UInt8]) { self.bytes = bytes }

    package static func < (lhs: GossipMessageID, rhs: GossipMessageID) -> Bool {
        lhs.bytes.lexicographicallyPrecedes(rhs.bytes)
    }
}

/// Names one message that waits for its verdict.
package struct MessageHandle: Hashable, Comparable, Sendable {
    package let number: UInt64
    package init(number: UInt64) { self.number = number }

    package static func < (lhs: MessageHandle, rhs: MessageHandle) -> Bool {
        lhs.number < rhs.number
    }
}

/// A message on a topic as gossipsub carries it. The last four fields are empty on a
/// `strictNoSign` topic.
package struct GossipPublication: Hashable, Sendable {
    package var topic: String
    package var data: [UInt8]
    /// The author's peer id.
    package var from: [UInt8]
    package var sequenceNumber: [UInt8]
    package var signature: [UInt8]
    /// The author's public key, where the peer id does not hold it.
    package var key: [UInt8]

    package init(
        topic: String, data: [UInt8], from: [UInt8] = [], sequenceNumber: [UInt8] = [],
        signature: [UInt8] = [], key: [UInt8] = []
    ) {
        self.topic = topic
        self.data = data
        self.from = from
        self.sequenceNumber = sequenceNumber
        self.signature = signature
        self.key = key
    }
}

/// libp2p/specs pubsub README, "Message Signing".
package enum TopicPolicy: Hashable, Sendable {
    /// No author, sequence number, signature or key; the id is the application's. Grove's topics.
    case strictNoSign
    /// All of them; the id is `from ‖ sequenceNumber`, the application checks the signature over
    /// `GossipRPC.signedBytes(of:)`. For peers that speak gossipsub and not Grove.
    case strictSign
}

/// The application's verdict on a message (gossipsub-v1.1.md, "Extended validators").
package enum Acceptance: Hashable, Sendable {
    /// Forward it.
    case accept
    /// Its sender could have known better: forward nothing and count it against the sender.
    case reject
    /// Forward nothing.
    case ignore
}

package enum GossipEvent: Hashable, Sendable {
    /// Our stream to the peer is open: for the first time, or again after it broke.
    /// `understandsDontWant` from meshsub 1.2.0 on; `isOutbound` where we dialled.
    case connected(GossipPeer, isOutbound: Bool, understandsDontWant: Bool)
    case disconnected(GossipPeer)
    /// One RPC without its length prefix.
    case received(GossipPeer, rpc: [UInt8])
    case subscribe(topic: String, TopicPolicy)
    case unsubscribe(topic: String)
    case publish(GossipPublication)
    /// Messages that were published or accepted before, for one peer that came late. What it did
    /// not subscribe to is left out.
    case tell(GossipPeer, [GossipPublication])
    case verdict(MessageHandle, Acceptance)
    case deadline
}

package enum GossipEffect: Hashable, Sendable {
    /// One RPC to be length-prefixed and written on our stream to the peer.
    case send(GossipPeer, rpc: [UInt8])
    /// Answer with `GossipEvent.verdict`.
    case validate(MessageHandle, GossipPublication, from: GossipPeer)
    /// The peer listens to this topic from now on.
    case subscribed(GossipPeer, topic: String)
    /// An own message went to so many peers.
    case published(GossipMessageID, peerCount: Int)
    case penalise(GossipPeer, GossipFault)
    case count(GossipDrop)
}

/// What a peer did wrong.
package enum GossipFault: Hashable, Sendable {
    case malformedRPC
    /// A limit of `GossipLimits` on an RPC's parts.
    case oversizedRPC
    case oversizedMessage
    case tooManySubscriptions
    /// Author or signature on a topic without them, or none where they are due.
    case wrongSigningPolicy
    /// No message id can be computed.
    case unidentifiableMessage
    /// The application rejected it.
    case invalidMessage
    case graftDuringBackoff
    /// Announced, asked for, never sent.
    case brokenPromise
}

/// What was dropped, by name.
package enum GossipDrop: String, CaseIterable, Sendable {
    case unknownPeer
    case tooManyPeers
    case tooManyTopics
    case graylistedPeer
    case duplicate
    case unknownTopic
    case undecidedFull
    case undecidedExpired
    case unknownHandle
    case announcementFlood
    case wantFlood
    case wantedUnknown
    case wantedTooOften
    case dontWantFlood
    case unwantedGraft
    case lowScore
    case peerExchange
    case ownMessageTooLong
}
