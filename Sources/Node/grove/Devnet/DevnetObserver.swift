import Connection
import Cryptography
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives
import TransportNIO

/// The node inside a devnet's own process: no role, no API, only eyes.
extension NodeConfiguration {
    init(observerOf site: DevnetSite) throws {
        guard let noShare = BasisPoints(0) else { preconditionFailure("0 is a share") }
        self.init(
            network: site.network, roles: .observer, dataDirectory: site.observerDataPath,
            listenAddresses: [try Multiaddress("/ip4/127.0.0.1/tcp/0")],
            peers: try site.members.map { try Multiaddress($0.localAddress) },
            connectionLimits: .devnet, settlementHost: site.options.local.text,
            settlementPort: site.settlementPort,
            parameters: NodeParameters(feeShare: noShare, capacity: 1, minFeePerUnit: .zero),
            provingThreadCount: 1, agentVersion: "grove/\(GroveVersion.text)")
    }
}

extension NodeSecrets {
    convenience init(observerOf site: DevnetSite) throws {
        let keystore = try KeyFileStore.open(site.observerKeyPath, expecting: .node) {
            SecretBytes(copying: try LocalFile.read(site.passphrasePath, atMost: 1_024))
        }
        try self.init(keystore)
    }
}
