package import Connection
package import Cryptography
internal import Logging
package import TransportNIO

extension RunningNode {
    /// The place in the network of a node that is about to run.
    package static func makeHost(
        _ configuration: NodeConfiguration, secrets: NodeSecrets
    ) throws(CryptographyError) -> PeerHost {
        try secrets.withPeerSeed { seed throws(CryptographyError) in
            try PeerHost(
                identitySeed: seed,
                configuration: PeerHost.Configuration(
                    listenAddresses: configuration.listenAddresses,
                    peers: configuration.peers, gossipProtocols: PeerHost.gossipProtocols,
                    requestProtocols: PeerProtocol.served,
                    agentVersion: configuration.agentVersion,
                    limits: configuration.connectionLimits),
                logger: Logger(label: "network"))
        }
    }

    /// Takes its place in the network before `run()`: where it can be dialled.
    package nonisolated func listen() async throws -> [Multiaddress] {
        _ = try await host.listen()
        return host.listenAddresses
    }
}
