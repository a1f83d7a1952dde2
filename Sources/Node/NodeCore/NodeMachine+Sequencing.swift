internal import Ledger
internal import Mempool
internal import Messages
internal import Payments
internal import Primitives
internal import ProverElection
internal import Sequencing
internal import VRF

/// From payments to a revealed block.
extension NodeMachine {
    mutating func built(_ request: BuildRequest, _ block: BuiltBlock) -> [NodeEffect] {
        guard sequencing?.slot == request.slot, sequencing?.parent == request.parent else {
            return []
        }
        sequencing?.built(block)
        return advanceSequencing()
    }

    mutating func proved(_ request: VRFRequest, _ proof: VRFProof) -> [NodeEffect] {
        if request.purpose == .register { return provedPossession(proof) }
        guard sequencing?.slot == request.slot else { return [] }
        sequencing?.vrfProved(request.purpose, proof)
        return advanceSequencing()
    }

    mutating func advanceSequencing() -> [NodeEffect] {
        guard follower.isLive, let slot = ledger.slot, let situation = situation(in: slot),
            let steps = sequencing?.advance(situation)
        else { return [] }
        return steps.flatMap { perform($0, in: slot) }
    }

    private func situation(in slot: SlotState) -> SequencingDuty.Situation? {
        guard let duty = sequencing, duty.slot == slot.slot else { return nil }
        let phase: SequencingDuty.Situation.Phase =
            switch ledger.phase {
            case .propose: .propose
            case .open: .open
            case .reveal: .reveal
            default: .other
            }
        return SequencingDuty.Situation(
            phase: phase, isSealed: slot.seals[duty.key] != nil,
            isOpened: slot.proposals[duty.key] != nil, leads: slot.leader == duty.key,
            isRevealed: slot.reveal != nil, isElected: slot.electionClaim != nil)
    }

    private mutating func perform(
        _ step: SequencingDuty.Step, in slot: SlotState
    ) -> [NodeEffect] {
        let name = slot.slot.description
        switch step {
        case .prepare:
            return prepareBlock(in: slot)
        case .seal(let proposal):
            let seal = FernetProposal.sealingHash(
                networkID: identity.networkID, key: identity.key,
                bodyBytes: MessageCodec.encode(.fernetProposal(proposal)))
            let commit = FernetCommit(slot: slot.slot, proposalHash: seal)
            return [submit(.fernetCommit(commit), duty: "fernet-commit/\(name)")]
        case .open(let proposal):
            return [
                submit(.fernetProposal(proposal), duty: "fernet-proposal/\(name)"),
                publish(.proposal(proposal), duty: Duty("gossip-proposal/\(name)")),
            ]
        case .reveal(let reveal):
            return [
                submit(.blockReveal(reveal), duty: "block-reveal/\(name)"),
                publish(.blockHeader(reveal.header), duty: Duty("gossip-header/\(name)")),
            ]
        case .proveTree:
            return [.proveVRF(request(.tree, in: slot))]
        case .elect(let election):
            return [
                submit(.election(election), duty: "election/\(name)"),
                publish(.election(election), duty: Duty("gossip-election/\(name)")),
            ]
        }
    }

    private func prepareBlock(in slot: SlotState) -> [NodeEffect] {
        let limit = rollup.parameters.maximumPaymentCount
        let request = BuildRequest(
            slot: slot.slot, parent: slot.parent.blockID, parentState: rollup,
            payments: mempool.select(limit: limit), feeShare: parameters.feeShare)
        return [.buildBlock(request), .proveVRF(self.request(.fernet, in: slot))]
    }

    private func request(_ purpose: VRFRequest.Purpose, in slot: SlotState) -> VRFRequest {
        let input =
            switch purpose {
            case .fernet:
                FernetElection.vrfInput(
                    networkID: identity.networkID, slot: slot.slot, beacon: slot.beacon)
            case .tree:
                TreeElection.vrfInput(
                    networkID: identity.networkID, slot: slot.slot, beacon: slot.beacon)
            case .register:
                VRFInput.registration(networkID: identity.networkID, operatorKey: identity.key)
            }
        return VRFRequest(slot: slot.slot, purpose: purpose, input: input)
    }
}

/// How this node speaks: to the log with a nonce, to its peers without.
extension NodeMachine {
    func submit(_ body: LedgerBody, duty: String) -> NodeEffect {
        submit(.body(MessageCodec.kind(of: body), MessageCodec.encode(body)), duty: duty)
    }

    func submit(_ content: Submission.Content, duty: String) -> NodeEffect {
        .submit(
            Submission(
                duty: Duty(duty), content: content,
                foldedNonce: ledger.nonce(of: identity.key)))
    }

    func publish(_ message: GossipMessage, duty: Duty) -> NodeEffect {
        .publish(message.topic, bodyBytes: MessageCodec.encode(message), duty: duty)
    }
}
