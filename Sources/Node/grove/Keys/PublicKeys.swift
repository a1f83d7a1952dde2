import Connection
package import Cryptography

/// What a key file says without its passphrase.
package struct PublicKeys: Hashable, Sendable, Encodable {
    package var purpose: String
    package var operatorKey: String?
    package var vrfKey: String?
    package var peerKey: String?
    package var peerId: String?
    package var walletKey: String?
    /// Whether the file was opened, and the keys computed again from its seeds.
    package var proven: Bool

    package init(_ file: KeyFile, proven: Bool) {
        purpose = "\(file.purpose)"
        self.proven = proven
        let keys = file.publicKeys
        switch file.purpose {
        case .node:
            operatorKey = keys[0].hex
            vrfKey = keys[1].hex
            peerKey = keys[2].hex
            peerId = PeerID(publicKey: keys[2]).description
        case .wallet:
            walletKey = keys[0].hex
        }
    }

    package var text: String {
        let fields = [
            ("purpose", purpose), ("operator key", operatorKey), ("VRF key", vrfKey),
            ("peer key", peerKey), ("peer id", peerId), ("wallet key", walletKey),
        ]
        let lines = fields.compactMap { name, value in
            value.map { name + String(repeating: " ", count: 14 - name.count) + $0 }
        }
        return lines.joined(separator: "\n")
    }
}
