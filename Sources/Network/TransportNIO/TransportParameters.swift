internal import Peering

/// Every limit of the transport that does not depend on the deployment.
package enum TransportParameters {
    /// Bytes taken from a session for one write to the socket.
    package static let writeByteCount = 64 * 1_024
    /// The socket counts as full above the first and as free again below the second.
    package static let highWaterByteCount = 256 * 1_024
    package static let lowWaterByteCount = 64 * 1_024
    /// Gossip handed over by the node that the event loop has not yet taken, for each peer.
    package static let outboxByteCount = 8 << 20
    /// Events that the node has not yet taken: gossip and requests above either are dropped.
    package static let eventQueueCount = 8_192
    package static let eventQueueByteCount = 64 << 20
    package static let connectTimeout = Duration.seconds(10)
    package static let listenBacklog = 256
    /// How precisely the dial plan's deadlines are met.
    package static let planResolution = Duration.milliseconds(50)
    /// Callers that wait for a connection.
    package static let maximumWaiters = 256
}

/// How many connections a node takes; part of its configuration, since it depends on the machine.
package struct ConnectionLimits: Hashable, Sendable {
    package var maximumConnections: Int
    /// Of them, those that others dialled: what is left is ours to dial.
    package var maximumAccepted: Int
    package var maximumPerAddress: Int
    /// Accepted sockets whose peer has not yet proved who it is.
    package var maximumUnproved: Int
    /// The same from one address, so that none can keep the others out.
    package var maximumUnprovedPerAddress: Int
    /// Others are sought below so many connections, and below so many that this host dialled.
    package var target: Int
    package var minimumOutbound: Int

    /// Without the two limits within limits, these are as wide as those around them.
    package init(
        maximumConnections: Int, maximumPerAddress: Int, maximumUnproved: Int,
        maximumAccepted: Int? = nil, maximumUnprovedPerAddress: Int? = nil,
        target: Int = PeeringParameters.targetConnections,
        minimumOutbound: Int = PeeringParameters.minimumOutboundConnections
    ) {
        self.maximumConnections = maximumConnections
        self.maximumPerAddress = maximumPerAddress
        self.maximumUnproved = maximumUnproved
        self.maximumAccepted = maximumAccepted ?? maximumConnections
        self.maximumUnprovedPerAddress = maximumUnprovedPerAddress ?? maximumUnproved
        self.target = target
        self.minimumOutbound = minimumOutbound
    }

    /// go-libp2p's connection manager keeps 160 to 192. Behind one address may be a whole
    /// development network: another host's, or one behind a router.
    package static let standard = ConnectionLimits(
        maximumConnections: 256, maximumPerAddress: 64, maximumUnproved: 64,
        maximumAccepted: 224, maximumUnprovedPerAddress: 32)
    /// A whole network on one machine.
    package static let devnet = ConnectionLimits(
        maximumConnections: 256, maximumPerAddress: 256, maximumUnproved: 128,
        maximumAccepted: 224)
}
