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
        var fields = IdentifyFields(bytes)
        while let (number, value) = try fields.next() {
            try take(number, value)
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
        func append(_ number: UInt64, _ value: [UInt8]) {
            UnsignedVarint.append(number << 3 | 2, to: &bytes)
            UnsignedVarint.append(UInt64(value.count), to: &bytes)
            bytes += value
        }
        if let peerID { append(1, peerID.protobufKey) }
        for address in listenAddresses { append(2, address.bytes) }
        for id in protocols { append(3, Array(id.utf8)) }
        if let observedAddress { append(4, observedAddress.bytes) }
        if let protocolVersion { append(5, Array(protocolVersion.utf8)) }
        if let agentVersion { append(6, Array(agentVersion.utf8)) }
        if let signedPeerRecord { append(8, signedPeerRecord) }
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

/// The length-delimited fields of a protobuf message, in order; others are skipped.
private struct IdentifyFields {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    mutating func next() throws(ConnectionError) -> (number: UInt64, value: ArraySlice<UInt8>)? {
        while !rest.isEmpty {
            let key = try varint()
            switch key & 7 {
            case 0: _ = try varint()
            case 1: _ = try take(8)
            case 2: return (key >> 3, try take(varint()))
            case 5: _ = try take(4)
            default: throw .malformed("protobuf wire type \(key & 7)")
            }
        }
        return nil
    }

    /// A protobuf varint: unlike a multiformats one it may be padded and take ten bytes.
    private mutating func varint() throws(ConnectionError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed("protobuf ends early") }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw .invalidVarint
    }

    private mutating func take(_ byteCount: UInt64) throws(ConnectionError) -> ArraySlice<UInt8> {
        guard byteCount <= UInt64(rest.count) else { throw .malformed("protobuf ends early") }
        defer { rest = rest.dropFirst(Int(byteCount)) }
        return rest.prefix(Int(byteCount))
    }
}
