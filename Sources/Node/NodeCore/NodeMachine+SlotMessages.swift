internal import Ledger
internal import Payments
internal import Primitives
internal import ProverElection
internal import Sequencing
internal import VRF

/// What travels besides the log: proposals, the leader's block, intents, evidence. The log brings
/// them to the ledger; here each is only checked and passed on, once.
///
/// In two steps: what costs nothing comes before the envelope's signature is checked, VRF proofs
/// and the signatures of evidence after it. What the sender could know is rejected; what depends
/// on how far its log had come is ignored.
extension NodeMachine {
    // MARK: Before the signature; nil where nothing speaks against the message.

    /// Whoever is a log block ahead opens its proposal a phase early.
    func check(
        _ proposal: FernetProposal, by key: OperatorKey, in open: SlotState
    ) -> GossipJudgement? {
        if let refusal = check(proposal.slot, isOpenIn: open) { return refusal }
        guard open.sequencer(key) != nil else { return .ignore(.notAdmitted) }
        let next = ledger.nextHeight
        guard open.phase(at: next) == .open || open.phase(at: next.advanced(by: 1)) == .open
        else { return .ignore(.wrongPhase) }
        return slotGossip.hasProposal(of: key) ? .ignore(.duplicate) : nil
    }

    func check(
        _ header: BlockHeader, by key: OperatorKey, in open: SlotState
    ) -> GossipJudgement? {
        if let refusal = checkLeader(key, of: header.slot, in: open) { return refusal }
        guard open.reveal == nil, slotGossip.header == nil else { return .ignore(.duplicate) }
        return nil
    }

    func check(
        _ election: Election, by key: OperatorKey, in open: SlotState
    ) -> GossipJudgement? {
        if let refusal = checkLeader(key, of: election.slot, in: open) { return refusal }
        guard open.electionClaim == nil, !slotGossip.hasElection else {
            return .ignore(.duplicate)
        }
        return nil
    }

    func check(
        _ intent: Intent, by key: OperatorKey, in open: SlotState
    ) -> GossipJudgement? {
        guard intent.firstSlot <= intent.lastSlot, intent.capacity > 0 else {
            return .reject(.malformedIntent)
        }
        guard open.prover(key) != nil else { return .ignore(.notAdmitted) }
        guard intent.lastSlot >= open.slot else { return .ignore(.staleSlot) }
        guard
            intent.lastSlot <= open.slot.advanced(by: LedgerParameters.maximumIntentSlotsAhead)
        else { return .ignore(.futureSlot) }
        let known = max(
            ledger.intent(of: key)?.sequence ?? 0, slotGossip.highestSequence(of: key))
        guard intent.sequence > known else { return .ignore(.oldSequence) }
        return slotGossip.mayBringIntent(key) ? nil : .ignore(.tooManyIntents)
    }

    func check(_ evidence: Evidence) -> GossipJudgement? {
        let accused = evidence.first.key
        guard ledger.stake(of: accused, role: .sequencer) > .zero else {
            return .ignore(.nothingAtStake)
        }
        return slotGossip.mayBringEvidence(against: accused) ? nil : .ignore(.tooMuchEvidence)
    }

    private func check(_ slot: Slot, isOpenIn open: SlotState) -> GossipJudgement? {
        guard slot >= open.slot else { return .ignore(.staleSlot) }
        return slot == open.slot ? nil : .ignore(.futureSlot)
    }

    private func checkLeader(
        _ key: OperatorKey, of slot: Slot, in open: SlotState
    ) -> GossipJudgement? {
        if let refusal = check(slot, isOpenIn: open) { return refusal }
        guard open.sequencer(key) != nil else { return .ignore(.notAdmitted) }
        guard let leader = open.leader else { return .ignore(.wrongPhase) }
        return leader == key ? nil : .ignore(.notLeader)
    }

    // MARK: After the signature.

    mutating func pass(_ proposal: FernetProposal, by key: OperatorKey) -> GossipJudgement {
        guard let open = ledger.slot, let sequencer = open.sequencer(key) else {
            return .ignore(.notAdmitted)
        }
        guard proposal.parent == open.parent.blockID else { return .ignore(.otherBlock) }
        let input = FernetElection.vrfInput(
            networkID: identity.networkID, slot: open.slot, beacon: open.beacon)
        guard
            ECVRF.verify(key: sequencer.vrfKey, input: input, proof: proposal.vrfProof) != nil
        else { return .reject(.badVRFProof) }
        slotGossip.noteProposal(of: key)
        return .accept()
    }

    mutating func pass(_ header: BlockHeader) -> GossipJudgement {
        guard let proposal = ledger.slot?.leaderProposal?.proposal else {
            return .ignore(.wrongPhase)
        }
        guard header.commitment == proposal.blockCommitment else { return .reject(.otherBlock) }
        slotGossip.note(header)
        return .accept()
    }

    mutating func pass(_ election: Election, by key: OperatorKey) -> GossipJudgement {
        guard let open = ledger.slot, let leader = open.sequencer(key) else {
            return .ignore(.notAdmitted)
        }
        if let known = leaderBlockID(in: open), known != election.blockID {
            return .ignore(.otherBlock)
        }
        let input = TreeElection.vrfInput(
            networkID: identity.networkID, slot: open.slot, beacon: open.beacon)
        guard ECVRF.verify(key: leader.vrfKey, input: input, proof: election.vrfProof) != nil
        else { return .reject(.badVRFProof) }
        slotGossip.noteElection()
        return .accept()
    }

    mutating func pass(_ intent: Intent, by key: OperatorKey) -> GossipJudgement {
        slotGossip.note(intent, of: key)
        return .accept()
    }

    mutating func pass(_ evidence: Evidence) -> GossipJudgement {
        guard let open = ledger.slot,
            let shown = Contradiction(shownBy: evidence, networkID: identity.networkID)
        else { return .reject(.badEvidence) }
        guard shown.slot <= open.slot else { return .ignore(.futureSlot) }
        slotGossip.noteEvidence(against: shown.key)
        return .accept()
    }

    /// From the log, or from a header that matched the leader's proposal.
    private func leaderBlockID(in open: SlotState) -> BlockID? {
        open.reveal?.blockID
            ?? slotGossip.header.map {
                BlockIdentity.blockID(of: $0, networkID: identity.networkID)
            }
    }
}
