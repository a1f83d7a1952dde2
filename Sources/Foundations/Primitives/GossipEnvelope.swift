package import Cryptography

/// What travels on a Grove topic. The signature covers `tag ‖ networkId ‖ topic ‖ body`.
package struct GossipEnvelope: Hashable, Sendable {
    package static let version: UInt32 = 1
    package static let messageIDByteCount = 20

    package let networkID: NetworkID
    package let topic: Topic
    package let bodyBytes: [UInt8]
    package let key: OperatorKey
    package let signature: Signature

    package init(
        networkID: NetworkID, topic: Topic, bodyBytes: [UInt8], key: OperatorKey,
        signature: Signature
    ) {
        self.networkID = networkID
        self.topic = topic
        self.bodyBytes = bodyBytes
        self.key = key
        self.signature = signature
    }

    package static func signedBytes(
        networkID: NetworkID, topic: Topic, bodyBytes: [UInt8]
    ) -> [UInt8] {
        taggedBytes(
            "gossip", [.key(networkID), .text(topic.rawValue), .bytes(bodyBytes)])
    }

    package var signedBytes: [UInt8] {
        Self.signedBytes(networkID: networkID, topic: topic, bodyBytes: bodyBytes)
    }

    /// `H("message", networkID, topic, operatorKey, body)[:20]`, without the signature: an author
    /// must not slip past de-duplication by signing again.
    package var messageID: [UInt8] {
        let digest = taggedHash(
            "message", .key(networkID), .text(topic.rawValue), .key(key), .bytes(bodyBytes))
        return Array(digest.bytes.prefix(Self.messageIDByteCount))
    }
}

/// The gossip topics of this protocol version; on the wire `/grove/1/<networkId>/<topic>`.
package enum Topic: String, CaseIterable, Sendable {
    case payment
    case intent
    case proposal
    case block
    case proof
    case evidence
    case log
}

/// The decoded body of a gossip envelope.
package enum GossipMessage: Hashable, Sendable {
    case payment(Payment)
    case intent(Intent)
    case proposal(FernetProposal)
    case blockHeader(BlockHeader)
    case election(Election)
    case proofCommitment(ProofCommitment)
    case proofAnnouncement(ProofAnnouncement)
    case evidence(Evidence)
    case logHeader(SignedLogHeader)
    case ledgerRoot(LedgerRootStatement)
}
