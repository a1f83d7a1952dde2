package import Cryptography

/// The Ed25519 key by which an operator signs messages and transactions and holds its balance.
package struct OperatorKey: Bytes32Representable {
    package let rawBytes: Bytes32
    package init(_ rawBytes: Bytes32) { self.rawBytes = rawBytes }
}

/// `H("network", genesisNonce)`: every signature and VRF input names it.
package struct NetworkID: Bytes32Representable {
    package let rawBytes: Bytes32
    package init(_ rawBytes: Bytes32) { self.rawBytes = rawBytes }

    package init(genesisNonce: [UInt8]) {
        self = NetworkID(taggedHash("network", .bytes(genesisNonce)).rawBytes)
    }
}
