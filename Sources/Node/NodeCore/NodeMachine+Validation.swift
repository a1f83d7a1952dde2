internal import Cryptography
internal import Gossip
internal import Ledger
internal import Messages
internal import Primitives
internal import SansIO

/// What each topic's messages must show before they are forwarded (`docs/protocol/messages.md`),
/// and what this node does with them.
extension NodeMachine {
    /// Nil where only what costs is missing: the signature, then proofs.
    func checkBeforeSignature(_ message: GossipMessage, _ key: OperatorKey) -> GossipJudgement? {
        guard let open = ledger.slot else {
            if case .payment = message { return nil }
            return .ignore(.staleSlot)
        }
        switch message {
        case .payment:
            return nil
        case .logHeader(let header):
            return check(header, by: key)
        case .ledgerRoot:
            return isAdmitted(key) ? nil : .ignore(.notAdmitted)
        case .evidence(let evidence):
            return check(evidence)
        case .intent(let intent):
            return check(intent, by: key, in: open)
        case .proposal(let proposal):
            return check(proposal, by: key, in: open)
        case .blockHeader(let header):
            return check(header, by: key, in: open)
        case .election(let election):
            return check(election, by: key, in: open)
        case .proofCommitment(let commitment):
            return check(commitment.slot, in: open, prover: key)
        case .proofAnnouncement(let announcement):
            // Whoever names us as the server of its proof would have us blamed for it.
            guard key == identity.key || announcement.server != identity.peer.bytes else {
                return .ignore(.namesUsAsServer)
            }
            return check(announcement.slot, in: open, prover: key)
        }
    }

    private func check(
        _ slot: Slot, in open: SlotState, prover key: OperatorKey
    ) -> GossipJudgement? {
        guard slot >= open.slot else { return .ignore(.staleSlot) }
        guard slot <= open.slot.advanced(by: 1) else { return .ignore(.futureSlot) }
        return open.prover(key) == nil ? .ignore(.notAdmitted) : nil
    }

    private func isAdmitted(_ key: OperatorKey) -> Bool {
        stakes.contains { $0.key == key }
    }

    /// The signature holds: what does the message bring?
    mutating func use(
        _ message: GossipMessage, of envelope: GossipEnvelope, _ handle: MessageHandle,
        from peer: GossipPeer
    ) -> GossipJudgement {
        let key = envelope.key
        switch message {
        case .payment(let payment):
            return pass(payment)
        case .proofCommitment, .proofAnnouncement:
            return useProofMessage(message, of: envelope, handle, from: peer)
        case .ledgerRoot(let statement): return compare(statement, by: key)
        case .intent(let intent): return pass(intent, by: key)
        case .proposal(let proposal): return pass(proposal, by: key)
        case .blockHeader(let header): return pass(header)
        case .election(let election): return pass(election, by: key)
        case .evidence(let evidence): return pass(evidence)
        case .logHeader(let header): return pass(header)
        }
    }

    private mutating func useProofMessage(
        _ message: GossipMessage, of envelope: GossipEnvelope, _ handle: MessageHandle,
        from peer: GossipPeer
    ) -> GossipJudgement {
        let slot: Slot
        switch message {
        case .proofCommitment(let commitment): slot = commitment.slot
        case .proofAnnouncement(let announcement): slot = announcement.slot
        default: return .ignore(.wrongTopic)
        }
        guard proving?.slot == slot else {
            if let open = ledger.slot, slot < open.slot { return .ignore(.staleSlot) }
            let entry = EarlyMessages.Entry(
                envelope: envelope, message: message, handle: handle, teller: peer)
            return early.hold(entry) ? .later : .ignore(.tooManyEarlyMessages)
        }
        return useInProving(message, by: envelope.key, from: peer)
    }

    private mutating func useInProving(
        _ message: GossipMessage, by key: OperatorKey, from peer: GossipPeer
    ) -> GossipJudgement {
        switch message {
        case .proofCommitment(let commitment):
            guard let steps = proving?.committed(commitment, by: key) else {
                return .ignore(.notAssigned)
            }
            let report = NodeReport.committed(commitment.slot, commitment.range, prover: key)
            return .accept([.report(report)] + perform(steps))
        case .proofAnnouncement(let announcement):
            guard let steps = proving?.announced(announcement, by: key, from: peer) else {
                return .ignore(.notAssigned)
            }
            return .accept(perform(steps))
        default:
            return .ignore(.wrongTopic)
        }
    }

    /// The election is known, or the slot is over: what waited for it gets its verdict.
    mutating func releaseEarlyMessages(at now: Instant) -> [NodeEffect] {
        early.release().flatMap { entry -> [NodeEffect] in
            let judgement = useProofMessage(
                entry.message, of: entry.envelope, entry.handle, from: entry.teller)
            guard let acceptance = judgement.acceptance else { return judgement.effects }
            if acceptance == .accept {
                archive.note(
                    entry.message,
                    GossipPublication(
                        topic: entry.envelope.topic.wireName(networkID: identity.networkID),
                        data: MessageCodec.encode(entry.envelope)))
            }
            return judgement.effects + gossip(.verdict(entry.handle, acceptance), at: now)
        }
    }
}
