package import Connection
package import NetworkFile
package import NodeCore
package import TransportNIO

/// What one node is told: its network, its place on this machine and in the network, and its
/// operator's choices. Secrets come apart (`NodeSecrets`).
package struct NodeConfiguration: Sendable {
    package var network: NetworkDescription
    package var roles: NodeRoles
    package var dataDirectory: String
    package var listenAddresses: [Multiaddress]
    /// Dialled for ever.
    package var peers: [Multiaddress]
    package var connectionLimits: ConnectionLimits
    /// Where the settlement log listens.
    package var settlementHost: String
    package var settlementPort: Int
    package var parameters: NodeParameters
    /// Proofs in the making at one time, one thread each.
    package var provingThreadCount: Int
    package var agentVersion: String

    package init(
        network: NetworkDescription, roles: NodeRoles, dataDirectory: String,
        listenAddresses: [Multiaddress], peers: [Multiaddress],
        connectionLimits: ConnectionLimits, settlementHost: String, settlementPort: Int,
        parameters: NodeParameters, provingThreadCount: Int, agentVersion: String
    ) {
        self.network = network
        self.roles = roles
        self.dataDirectory = dataDirectory
        self.listenAddresses = listenAddresses
        self.peers = peers
        self.connectionLimits = connectionLimits
        self.settlementHost = settlementHost
        self.settlementPort = settlementPort
        self.parameters = parameters
        self.provingThreadCount = provingThreadCount
        self.agentVersion = agentVersion
    }
}

/// Limits of the shell.
package enum NodeRuntimeParameters {
    /// Proofs of so many ended slots stay in memory for those who still ask.
    static let keptSlots = 2
    /// Reports that a watcher has not read yet; older ones are dropped.
    static let reportBufferCount = 4_096
    static let maximumWatchers = 64
    static let proofTimeout = Duration.seconds(20)
    static let statusTimeout = Duration.seconds(10)
    /// How precisely deadlines of the machine are met.
    static let deadlineResolution = Duration.milliseconds(20)
    static let restartPause = Duration.seconds(1)
    /// Jobs that wait to be started.
    static let jobBufferCount = 1 << 16
}
