package import Cryptography

/// Where a peer can be dialled, signed by that peer: whoever passes it on can change nothing.
///
///     1 peer_id   2 seq   3 addresses { 1 multiaddr }
///
/// in a `SignedEnvelope` of type 0x0301 and domain `libp2p-peer-record`. A later record of a peer
/// has a higher `sequence`. Bounds: 2 KiB, 64 addresses of which the first eight that this network
/// can dial are kept. Source: libp2p RFC 0003.
package struct PeerRecord: Hashable, Sendable {
    package static let domain = "libp2p-peer-record"
    package static let payloadType: [UInt8] = [0x03, 0x01]

    package let peer: PeerID
    package let sequence: UInt64
    /// A host, a TCP port and `peer`, each; at most `maximumPeerRecordAddresses`.
    package let addresses: [Multiaddress]
    /// As it came: this is what is passed on.
    package let envelope: [UInt8]

    /// Reads and verifies. Every error is the fault of whoever passed it on, who could know:
    /// a false signature, another peer's name or address. Addresses that nobody can dial (port 0,
    /// wildcards, multicast) are left out, perhaps all.
    package init(verifying envelope: [UInt8]) throws(ConnectionError) {
        let limit = ConnectionParameters.maximumPeerRecordByteCount
        guard envelope.count <= limit else {
            throw .messageTooLong(limit: limit, found: UInt64(envelope.count))
        }
        let sealed = try SignedEnvelope(bytes: envelope)
        guard sealed.payloadType == Self.payloadType else {
            throw .malformed("an envelope that holds no peer record")
        }
        let content = try Content(sealed.payload)
        guard content.peer == sealed.signer else {
            throw .malformed("a peer record signed by another peer")
        }
        guard sealed.isSigned(for: Self.domain) else {
            throw .malformed("a peer record with a false signature")
        }
        peer = sealed.signer
        sequence = content.sequence
        addresses = content.addresses
        self.envelope = envelope
    }

    /// A record of our own. At most `maximumPeerRecordAddresses` are told; `sequence` is below
    /// 2⁶³.
    package init(
        of peer: PeerID, sequence: UInt64, addresses: [Multiaddress],
        sign: ([UInt8]) -> Signature
    ) throws(ConnectionError) {
        var told: [Multiaddress] = []
        for address in addresses.prefix(ConnectionParameters.maximumPeerRecordAddresses) {
            told.append(try address.naming(peer))
        }
        var payload: [UInt8] = []
        payload.append(field: 1, peer.bytes)
        payload.append(field: 2, sequence)
        for address in told {
            var field: [UInt8] = []
            field.append(field: 1, address.bytes)
            payload.append(field: 3, field)
        }
        let signature = sign(
            SignedEnvelope.signedBytes(
                domain: Self.domain, payloadType: Self.payloadType, payload: payload))
        self.peer = peer
        self.sequence = sequence
        self.addresses = told
        envelope =
            SignedEnvelope(
                signer: peer, payloadType: Self.payloadType, payload: payload,
                signature: signature
            ).bytes
    }
}

/// What the envelope holds.
private struct Content {
    var peer: PeerID?
    var sequence: UInt64 = 0
    var addresses: [Multiaddress] = []
    private var addressCount = 0

    init(_ bytes: [UInt8]) throws(ConnectionError) {
        var found: [Multiaddress] = []
        var fields = ProtobufFields(bytes)
        while let (number, value) = try fields.next() {
            switch (number, value) {
            case (1, .bytes(let id)): peer = try PeerID(bytes: id)
            case (2, .varint(let number)): sequence = number
            case (3, .bytes(let field)):
                addressCount += 1
                guard addressCount <= ConnectionParameters.maximumPeerRecordEntries else {
                    throw .malformed("a peer record of more than \(addressCount - 1) addresses")
                }
                if let address = try Self.address(in: field) { found.append(address) }
            default: break
            }
        }
        guard let peer else { throw .malformed("a peer record without its peer") }
        for address in found { try take(address, of: peer) }
    }

    /// Nil for a kind that this network does not dial.
    private static func address(in field: ArraySlice<UInt8>) throws(ConnectionError)
        -> Multiaddress?
    {
        var fields = ProtobufFields(field)
        while let (number, value) = try fields.next() {
            guard number == 1, case .bytes(let bytes) = value else { continue }
            guard let address = try? Multiaddress(bytes: [UInt8](bytes)), address.isPlainTCP else {
                return nil
            }
            return address
        }
        return nil
    }

    private mutating func take(_ address: Multiaddress, of peer: PeerID) throws(ConnectionError) {
        guard address.peerID == nil || address.peerID == peer else {
            throw .malformed("a peer record with another peer's address")
        }
        guard address.scope > .nowhere else { return }
        let named = try address.naming(peer)
        guard addresses.count < ConnectionParameters.maximumPeerRecordAddresses,
            !addresses.contains(named)
        else { return }
        addresses.append(named)
    }
}
