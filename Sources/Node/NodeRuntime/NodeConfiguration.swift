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
    /// Where others can dial this node, in place of the addresses that it listens on.
    package var advertisedAddresses: [Multiaddress]
    /// Dialled for ever.
    package var peers: [Multiaddress]
    package var connectionLimits: ConnectionLimits
    /// Where the settlement log listens.
    package var settlementHost: String
    package var settlementPort: Int
    package var parameters: NodeParameters
    /// Proofs in the making at one time, and threads for all of them together.
    package var provingThreadCount: Int
    package var agentVersion: String

    package init(
        network: NetworkDescription, roles: NodeRoles, dataDirectory: String,
        listenAddresses: [Multiaddress], peers: [Multiaddress],
        connectionLimits: ConnectionLimits, settlementHost: String, settlementPort: Int,
        parameters: NodeParameters, provingThreadCount: Int, agentVersion: String,
        advertisedAddresses: [Multiaddress] = []
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
        self.advertisedAddresses = advertisedAddresses
    }
}
