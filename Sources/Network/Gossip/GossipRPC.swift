/// One RPC of gossipsub, its limits checked.
///
/// Decoding counts the elements on the raw bytes before it parses them (an RPC of 1 MiB could
/// otherwise become half a million objects), skips unknown fields, and allocates at most a small
/// multiple of the RPC.
package struct GossipRPC: Hashable, Sendable {
    package struct Subscription: Hashable, Sendable {
        package var topic: String
        package var isSubscribing: Bool

        package init(topic: String, isSubscribing: Bool) {
            self.topic = topic
            self.isSubscribing = isSubscribing
        }
    }

    package struct Announcement: Hashable, Sendable {
        package var topic: String
        package var ids: [GossipMessageID]

        package init(topic: String, ids: [GossipMessageID]) {
            self.topic = topic
            self.ids = ids
        }
    }

    package struct Prune: Hashable, Sendable {
        package var topic: String
        /// As the peer says; 0 where it says nothing.
        package var backoffSeconds: UInt64
        package var offeredPeerCount: Int

        package init(topic: String, backoffSeconds: UInt64, offeredPeerCount: Int) {
            self.topic = topic
            self.backoffSeconds = backoffSeconds
            self.offeredPeerCount = offeredPeerCount
        }
    }

    package var subscriptions: [Subscription] = []
    package var publications: [GossipPublication] = []
    package var announcements: [Announcement] = []
    package var wanted: [GossipMessageID] = []
    package var grafts: [String] = []
    package var prunes: [Prune] = []
    package var unwanted: [GossipMessageID] = []

    package init() {}

    package var hasControl: Bool {
        !announcements.isEmpty || !wanted.isEmpty || !grafts.isEmpty || !prunes.isEmpty
            || !unwanted.isEmpty
    }
}
