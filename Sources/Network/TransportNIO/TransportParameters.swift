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
    package static let maximumPersistentPeers = 1_024
    package static let connectTimeout = Duration.seconds(10)
    package static let listenBacklog = 256
    /// How often a dialler looks whether a peer that is connected otherwise still is.
    package static let recheckInterval = Duration.milliseconds(500)
}

/// How many connections a node takes; part of its configuration, since it depends on the machine.
package struct ConnectionLimits: Hashable, Sendable {
    package var maximumConnections: Int
    package var maximumPerAddress: Int
    /// Accepted sockets whose peer has not yet proved who it is.
    package var maximumUnproved: Int

    package init(maximumConnections: Int, maximumPerAddress: Int, maximumUnproved: Int) {
        self.maximumConnections = maximumConnections
        self.maximumPerAddress = maximumPerAddress
        self.maximumUnproved = maximumUnproved
    }

    /// go-libp2p's connection manager keeps 160 to 192; a home may hide several nodes.
    package static let standard = ConnectionLimits(
        maximumConnections: 256, maximumPerAddress: 16, maximumUnproved: 64)
    /// A whole network on one machine.
    package static let devnet = ConnectionLimits(
        maximumConnections: 256, maximumPerAddress: 256, maximumUnproved: 128)
}
