package import Cryptography
package import Primitives

extension MessageCodec {
    /// A signed envelope of `message`. `sign` gets the bytes that the signature covers.
    package static func envelope<Failure: Error>(
        _ message: GossipMessage, networkID: NetworkID, key: OperatorKey,
        sign: ([UInt8]) throws(Failure) -> Signature
    ) throws(Failure) -> GossipEnvelope {
        let bodyBytes = encode(message)
        let signature = try sign(
            GossipEnvelope.signedBytes(
                networkID: networkID, topic: message.topic, bodyBytes: bodyBytes))
        return GossipEnvelope(
            networkID: networkID, topic: message.topic, bodyBytes: bodyBytes, key: key,
            signature: signature)
    }

    package static func encode(_ envelope: GossipEnvelope) -> [UInt8] { encoded(envelope) }

    /// The body stays bytes; the signature is unchecked.
    package static func decodeEnvelope(_ bytes: [UInt8]) throws(DecodingError) -> GossipEnvelope {
        try decoded(
            GossipEnvelope.self, from: bytes, atMost: MessagesParameters.maximumEnvelopeByteCount)
    }

    /// The body of an envelope.
    package static func encode(_ message: GossipMessage) -> [UInt8] { encoded(message) }

    /// Throws `wrongTopic` where the body belongs on another topic than the envelope's.
    package static func decodeGossipMessage(
        of envelope: GossipEnvelope
    ) throws(DecodingError) -> GossipMessage {
        let message = try decoded(
            GossipMessage.self, from: envelope.bodyBytes,
            atMost: MessagesParameters.maximumEnvelopeByteCount)
        guard message.topic == envelope.topic else {
            throw .wrongTopic(expected: message.topic, found: envelope.topic)
        }
        return message
    }
}

extension GossipMessage {
    /// Where this message is published.
    package var topic: Topic {
        switch self {
        case .payment: .payment
        case .intent: .intent
        case .proposal: .proposal
        case .blockHeader, .election: .block
        case .proofCommitment, .proofAnnouncement: .proof
        case .evidence: .evidence
        case .logHeader, .ledgerRoot: .log
        }
    }
}

extension Topic {
    /// The name by which peers subscribe: `/grove/1/<networkId>/<topic>`.
    package func wireName(networkID: NetworkID) -> String {
        "/grove/1/\(networkID.hex)/\(rawValue)"
    }

    /// Nil where `wireName` is no topic of this network and protocol version.
    package init?(wireName: String, networkID: NetworkID) {
        let prefix = "/grove/1/\(networkID.hex)/"
        guard wireName.hasPrefix(prefix) else { return nil }
        self.init(rawValue: String(wireName.dropFirst(prefix.count)))
    }
}
