internal import Cryptography
internal import FoundationEssentials
internal import Primitives

extension GossipEnvelope: WireConvertible {
    init(wire: Grove_V1_GossipEnvelope) throws(DecodingError) {
        guard wire.version == Self.version else { throw .unknownVersion(wire.version) }
        guard let topic = Topic(rawValue: wire.topic) else { throw .unknownTopic(wire.topic) }
        self.init(
            networkID: try WireField.bytes32(wire.networkID, "network_id"), topic: topic,
            bodyBytes: [UInt8](wire.body), key: try WireField.bytes32(wire.key, "key"),
            signature: try WireField.signature(wire.signature, "signature"))
    }

    var wire: Grove_V1_GossipEnvelope {
        var wire = Grove_V1_GossipEnvelope()
        wire.version = Self.version
        wire.networkID = Data(networkID.bytes)
        wire.topic = topic.rawValue
        wire.body = Data(bodyBytes)
        wire.key = Data(key.bytes)
        wire.signature = Data(signature.bytes)
        return wire
    }
}

extension GossipMessage: WireConvertible {
    init(wire: Grove_V1_GossipBody) throws(DecodingError) {
        switch wire.message {
        case .payment(let body): self = .payment(try Payment(wire: body))
        case .intent(let body): self = .intent(try Intent(wire: body))
        case .proposal(let body): self = .proposal(try FernetProposal(wire: body))
        case .blockHeader(let body): self = .blockHeader(try BlockHeader(wire: body))
        case .election(let body): self = .election(try Election(wire: body))
        case .proofCommitment(let body):
            self = .proofCommitment(try ProofCommitment(wire: body))
        case .proofAnnouncement(let body):
            self = .proofAnnouncement(try ProofAnnouncement(wire: body))
        case .evidence(let body): self = .evidence(try Evidence(wire: body))
        case .logHeader(let body): self = .logHeader(try SignedLogHeader(wire: body))
        case .ledgerRoot(let body): self = .ledgerRoot(try LedgerRootStatement(wire: body))
        case nil: throw .missing(field: "message")
        }
    }

    var wire: Grove_V1_GossipBody {
        var wire = Grove_V1_GossipBody()
        switch self {
        case .payment(let body): wire.payment = body.wire
        case .intent(let body): wire.intent = body.wire
        case .proposal(let body): wire.proposal = body.wire
        case .blockHeader(let body): wire.blockHeader = body.wire
        case .election(let body): wire.election = body.wire
        case .proofCommitment(let body): wire.proofCommitment = body.wire
        case .proofAnnouncement(let body): wire.proofAnnouncement = body.wire
        case .evidence(let body): wire.evidence = body.wire
        case .logHeader(let body): wire.logHeader = body.wire
        case .ledgerRoot(let body): wire.ledgerRoot = body.wire
        }
        return wire
    }
}

extension Intent: WireConvertible {
    init(wire: Grove_V1_Intent) throws(DecodingError) {
        self.init(
            sequence: wire.sequence, firstSlot: Slot(wire.firstSlot),
            lastSlot: Slot(wire.lastSlot), capacity: wire.capacity,
            minFeePerUnit: Amount(units: wire.minFeePerUnit))
    }

    var wire: Grove_V1_Intent {
        var wire = Grove_V1_Intent()
        wire.sequence = sequence
        wire.firstSlot = firstSlot.number
        wire.lastSlot = lastSlot.number
        wire.capacity = capacity
        wire.minFeePerUnit = minFeePerUnit.units
        return wire
    }
}

/// The body of an `intents` transaction.
struct IntentBatch: WireConvertible {
    let intents: [SignedIntent]

    init(intents: [SignedIntent]) { self.intents = intents }

    init(wire: Grove_V1_Intents) throws(DecodingError) {
        var intents: [SignedIntent] = []
        for envelope in wire.envelopes {
            let envelope = try GossipEnvelope(wire: envelope)
            let message = try MessageCodec.decodeGossipMessage(of: envelope)
            guard case .intent(let intent) = message else {
                throw .wrongTopic(expected: .intent, found: envelope.topic)
            }
            intents.append(SignedIntent(envelope: envelope, intent: intent))
        }
        self.intents = intents
    }

    var wire: Grove_V1_Intents {
        var wire = Grove_V1_Intents()
        wire.envelopes = intents.map(\.envelope.wire)
        return wire
    }
}
