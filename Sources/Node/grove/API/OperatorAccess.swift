import Cryptography
import NodeAPI
import NodeCore
import NodeRuntime
import Primitives

/// What a command needs that gives a running node its operator's orders.
extension Settings {
    /// The keys of `--keys`, else of the node's directory.
    func operatorSecrets() throws -> NodeSecrets {
        let directory = find(.dataDirectory)?.text
        guard let path = find(.keys)?.text ?? directory.map({ $0 + "/operator.key" }) else {
            throw CommandFailure(
                .usage, "give the node's directory by --data, or its key file by --keys")
        }
        return try NodeSecrets(settings: setting([.keys: path]))
    }

    /// What `--api` says, else where the node that joined wrote its own.
    func ownNodeClient() throws -> NodeAPIClient {
        if find(.api)?.origin == .defaultValue, let directory = find(.dataDirectory)?.text,
            let bytes = try? LocalFile.read(directory + "/api", atMost: 1_024)
        {
            let url = String(decoding: bytes, as: UTF8.self)
            return try NodeAPIClient(url: String(url.prefix { !$0.isNewline }))
        }
        return try apiClient()
    }
}

extension NodeAPIClient {
    /// The network and the last folded height of the node that answers. Throws where that is not the
    /// node of `secrets`.
    func whereabouts(of secrets: NodeSecrets) async throws -> (NetworkID, Height) {
        let status = try await status()
        guard status.key == secrets.key.hex else {
            throw CommandFailure(
                .usage,
                "the node at \(address.url) is \(status.key), but the key file holds "
                    + "\(secrets.key.hex)")
        }
        guard let networkID = NetworkID(hex: status.networkId), let height = status.height else {
            throw CommandFailure(
                .environment, "the node at \(address.url) has folded no log block yet")
        }
        return (networkID, Height(height))
    }
}
