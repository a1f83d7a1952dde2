internal import Cryptography
internal import Gossip
internal import Messages
internal import Primitives
package import SansIO

/// Gossip's own loop: message → verdict (accept, reject, ignore) → router.
extension NodeMachine {
    /// Everything this node listens to.
    package mutating func subscribe(at now: Instant) -> [NodeEffect] {
        Topic.allCases.flatMap { topic in
            let name = topic.wireName(networkID: identity.networkID)
            return gossip(.subscribe(topic: name, .strictNoSign), at: now)
        }
    }

    mutating func connected(
        _ peer: GossipPeer, isOutbound: Bool, understandsDontWant: Bool, at now: Instant
    ) -> [NodeEffect] {
        archive.forget(peer)
        return gossip(
            .connected(
                peer, isOutbound: isOutbound, understandsDontWant: understandsDontWant), at: now)
    }

    mutating func disconnected(_ peer: GossipPeer, at now: Instant) -> [NodeEffect] {
        archive.forget(peer)
        return gossip(.disconnected(peer), at: now)
    }

    mutating func gossip(_ event: GossipEvent, at now: Instant) -> [NodeEffect] {
        router.handle(event, at: now).flatMap { effect -> [NodeEffect] in
            switch effect {
            case .send(let peer, let rpc): [.sendGossip(to: peer, rpcBytes: rpc)]
            case .validate(let handle, let publication, let peer):
                validate(publication, handle, from: peer, at: now)
            case .published: []
            case .subscribed(let peer, let topic): greet(peer, on: topic, at: now)
            case .penalise(let peer, let fault): [.penalise(peer, .gossip(fault))]
            case .count(let drop): [.countGossip(drop)]
            }
        }
    }

    mutating func heartbeat(at now: Instant) -> [NodeEffect] {
        refusedPayments.heartbeat()
        return gossip(.deadline, at: now)
    }

    mutating func publishSigned(_ envelope: GossipEnvelope, at now: Instant) -> [NodeEffect] {
        let publication = GossipPublication(
            topic: envelope.topic.wireName(networkID: identity.networkID),
            data: MessageCodec.encode(envelope))
        if let message = try? MessageCodec.decodeGossipMessage(of: envelope) {
            archive.note(message, publication)
        }
        return gossip(.publish(publication), at: now) + logOwnIntent(envelope)
    }

    private mutating func validate(
        _ publication: GossipPublication, _ handle: MessageHandle, from peer: GossipPeer,
        at now: Instant
    ) -> [NodeEffect] {
        let isPayment = publication.topic == Topic.payment.wireName(networkID: identity.networkID)
        if isPayment, !refusedPayments.mayBring(peer) {
            return [.count(.tooManyRefusedPayments)]
                + gossip(.verdict(handle, .ignore), at: now)
        }
        let judgement = judge(publication, handle, from: peer, at: now)
        if isPayment, judgement.acceptance != .accept { refusedPayments.note(peer) }
        guard let acceptance = judgement.acceptance else { return judgement.effects }
        return judgement.effects + gossip(.verdict(handle, acceptance), at: now)
    }

    /// Stale slots and strangers are dropped before any signature is checked.
    private mutating func judge(
        _ publication: GossipPublication, _ handle: MessageHandle, from peer: GossipPeer,
        at now: Instant
    ) -> GossipJudgement {
        guard let envelope = try? MessageCodec.decodeEnvelope(publication.data),
            let message = try? MessageCodec.decodeGossipMessage(of: envelope)
        else { return .reject(.undecodableEnvelope) }
        guard envelope.networkID == identity.networkID else { return .reject(.otherNetwork) }
        guard publication.topic == envelope.topic.wireName(networkID: identity.networkID) else {
            return .reject(.wrongTopic)
        }
        if let early = checkBeforeSignature(message, envelope.key) { return early }
        guard
            Ed25519.verify(
                envelope.signature, message: envelope.signedBytes, key: envelope.key)
        else { return .reject(.badSignature) }
        let judgement = use(message, of: envelope, handle, from: peer)
        if judgement.acceptance == .accept { archive.note(message, publication) }
        return judgement
    }
}

/// What one message leads to.
struct GossipJudgement {
    /// Nil: the verdict comes later.
    var acceptance: Acceptance?
    var effects: [NodeEffect]

    static func reject(_ drop: NodeDrop) -> GossipJudgement {
        GossipJudgement(acceptance: .reject, effects: [.count(drop)])
    }

    static func ignore(_ drop: NodeDrop) -> GossipJudgement {
        GossipJudgement(acceptance: .ignore, effects: [.count(drop)])
    }

    static func accept(_ effects: [NodeEffect] = []) -> GossipJudgement {
        GossipJudgement(acceptance: .accept, effects: effects)
    }

    static let later = GossipJudgement(acceptance: nil, effects: [])
}
