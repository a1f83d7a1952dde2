/// What a peer says of itself in `/ipfs/id/1.0.0` and `/ipfs/id/push/1.0.0`.
///
/// proto2: publicKey=1, listenAddrs=2, protocols=3, observedAddr=4, protocolVersion=5,
/// agentVersion=6, signedPeerRecord=8. Unknown fields are skipped; a field that is too long or
/// a list with too many entries is refused. Bounds: 8 KiB, 128 entries a list.
/// Source: libp2p/specs identify/README.md.
package struct IdentifyMessage: Hashable, Sendable {
    /// The key inside, which must be the one proved in the handshake; nil when absent.
    package var peerID: PeerID?
    /// Those that this network can dial.
    package var listenAddresses: [Multiaddress] = []
    package var protocols: [String] = []
    /// Where the sender sees the receiver.
    package var observedAddress: Multiaddress?
    package var protocolVersion: String?
    package var agentVersion: String?
    /// A sealed envelope, as it came.
    package var signedPeerRecord: [UInt8]?

    package init() {}

    package init(bytes: [UInt8]) throws(ConnectionError) {
        let limit = ConnectionParameters.maximumIdentifyByteCount
        guard bytes.count <= limit else {
            throw .messageTooLong(limit: limit, found: UInt64(bytes.count))
        }
        var fields = ProtobufFields(bytes)
        while let (number, value) = try fields.next() {
            if case .bytes(let bytes) = value { try take(number, bytes) }
        }
    }

    private mutating func take(_ number: UInt64, _ value: ArraySlice<UInt8>)
        throws(ConnectionError)
    {
        switch number {
        case 1: peerID = try PeerID(protobufKey: value)
        case 2:
            try checkRoom(listenAddresses.count)
            if let address = try? Multiaddress(bytes: [UInt8](value)) {
                listenAddresses.append(address)
            }
        case 3:
            try checkRoom(protocols.count)
            protocols.append(
                try Self.text(value, limit: ConnectionParameters.maximumProtocolIDByteCount))
        case 4: observedAddress = try? Multiaddress(bytes: [UInt8](value))
        case 5:
            protocolVersion = try Self.text(
                value, limit: ConnectionParameters.maximumAgentByteCount)
        case 6:
            agentVersion = try Self.text(
                value, limit: ConnectionParameters.maximumAgentByteCount)
        case 8: signedPeerRecord = [UInt8](value)
        default: break
        }
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        if let peerID { bytes.append(field: 1, peerID.protobufKey) }
        for address in listenAddresses { bytes.append(field: 2, address.bytes) }
        for id in protocols { bytes.append(field: 3, Array(id.utf8)) }
        if let observedAddress { bytes.append(field: 4, observedAddress.bytes) }
        if let protocolVersion { bytes.append(field: 5, Array(protocolVersion.utf8)) }
        if let agentVersion { bytes.append(field: 6, Array(agentVersion.utf8)) }
        if let signedPeerRecord { bytes.append(field: 8, signedPeerRecord) }
        return bytes
    }

    private func checkRoom(_ count: Int) throws(ConnectionError) {
        guard count < ConnectionParameters.maximumIdentifyListEntries else {
            throw .malformed("identify lists more than \(count) entries")
        }
    }

    private static func text(_ value: ArraySlice<UInt8>, limit: Int) throws(ConnectionError)
        -> String
    {
        guard value.count <= limit, let text = String(validating: value, as: UTF8.self) else {
            throw .malformed("identify text of \(value.count) bytes")
        }
        return text
    }
}
