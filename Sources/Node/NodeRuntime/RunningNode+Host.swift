package import Connection
package import Cryptography
internal import Logging
package import TransportNIO

extension RunningNode {
    /// The place in the network of a node that is about to run.
    package static func makeHost(
        _ configuration: NodeConfiguration, secrets: NodeSecrets
    ) throws(CryptographyError) -> PeerHost {
        let logger = Logger(label: "network")
        let knowledge = PeerBookFile(directory: configuration.dataDirectory).read(logger)
        return try secrets.withPeerSeed { seed throws(CryptographyError) in
            try PeerHost(
                identitySeed: seed,
                configuration: PeerHost.Configuration(
                    listenAddresses: configuration.listenAddresses,
                    peers: configuration.peers, gossipProtocols: PeerHost.gossipProtocols,
                    requestProtocols: PeerProtocol.served,
                    agentVersion: configuration.agentVersion,
                    limits: configuration.connectionLimits,
                    advertisedAddresses: configuration.advertisedAddresses,
                    knowledge: knowledge),
                logger: logger)
        }
    }

    /// Takes its place in the network before `run()`: where it can be dialled.
    package nonisolated func listen() async throws -> [Multiaddress] {
        _ = try await host.listen()
        return host.listenAddresses
    }

    /// Keeps what is known of peers on disk, until the task is cancelled; then once more.
    func keepPeerBook() async {
        let file = PeerBookFile(directory: configuration.dataDirectory)
        var revision = -1
        repeat {
            guard let knowledge = host.knowledge(since: revision) else { continue }
            revision = knowledge.revision
            do {
                try await diskPool.run { try file.write(knowledge.bytes) }
            } catch {
                // It is worth something, but nothing depends on it.
                counters.count(.peerBookNotKept)
                logger.error("cannot keep the peer book", metadata: ["error": "\(error)"])
            }
        } while (try? await Task.sleep(for: NodeRuntimeParameters.peerBookInterval)) != nil
        if let last = host.knowledge(since: revision) { try? file.write(last.bytes) }
    }
}
