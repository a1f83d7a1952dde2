package import Cryptography

/// A libp2p signed envelope: bytes of a stated type, and the signature of one key over them.
///
///     1 public_key   2 payload_type   3 payload   5 signature
///
/// What is signed is domain, type and payload, each behind its length as a varint; the domain
/// itself is not sent, so that a signature for one purpose is worth nothing for another. Only
/// Ed25519 keys are taken. Source: libp2p RFC 0002.
package struct SignedEnvelope: Hashable, Sendable {
    package let signer: PeerID
    package let payloadType: [UInt8]
    package let payload: [UInt8]
    package let signature: Signature

    package init(
        signer: PeerID, payloadType: [UInt8], payload: [UInt8], signature: Signature
    ) {
        self.signer = signer
        self.payloadType = payloadType
        self.payload = payload
        self.signature = signature
    }

    /// Says nothing about the signature. The caller has bounded `bytes`.
    package init(bytes: [UInt8]) throws(ConnectionError) {
        var signer: PeerID?
        var payloadType: [UInt8] = []
        var payload: [UInt8] = []
        var signature: Signature?
        var fields = ProtobufFields(bytes)
        while let (number, value) = try fields.next() {
            guard case .bytes(let value) = value else { continue }
            switch number {
            case 1: signer = try PeerID(protobufKey: value)
            case 2: payloadType = [UInt8](value)
            case 3: payload = [UInt8](value)
            case 5: signature = Signature(value)
            default: break
            }
        }
        guard let signer, let signature else {
            throw .malformed("an envelope without key or signature")
        }
        self.init(
            signer: signer, payloadType: payloadType, payload: payload, signature: signature)
    }

    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(field: 1, signer.protobufKey)
        bytes.append(field: 2, payloadType)
        bytes.append(field: 3, payload)
        bytes.append(field: 5, signature.bytes)
        return bytes
    }

    package static func signedBytes(
        domain: String, payloadType: [UInt8], payload: [UInt8]
    ) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [Array(domain.utf8), payloadType, payload] {
            UnsignedVarint.append(UInt64(part.count), to: &bytes)
            bytes += part
        }
        return bytes
    }

    /// Under the strict rule of `Ed25519`; about 100 µs.
    package func isSigned(for domain: String) -> Bool {
        Ed25519.verify(
            signature,
            message: Self.signedBytes(
                domain: domain, payloadType: payloadType, payload: payload),
            key: signer.publicKey)
    }
}
