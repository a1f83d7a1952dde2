internal import Cryptography
internal import Primitives
internal import Sequencing
internal import VRF

/// The race for the open slot: sealed proposals, then the proposals.
extension LedgerState {
    mutating func seal(
        _ commit: FernetCommit, by key: OperatorKey, in fold: inout Fold
    ) -> Refusal? {
        if let refusal = refusalOutside(.propose, of: commit.slot, at: fold.height) {
            return refusal
        }
        guard let slot, slot.sequencer(key) != nil else { return .notAdmitted }
        guard !slot.seals.contains(key) else { return .alreadyCommitted }
        self.slot?.seals[key] = commit.proposalHash
        fold.report(.committed(slot.slot, key: key))
        return nil
    }

    /// - Parameter seal: the hash of the proposal as it was sent.
    mutating func open(
        _ proposal: FernetProposal, sealedAs seal: Digest, by key: OperatorKey,
        in fold: inout Fold
    ) -> Refusal? {
        if let refusal = refusalOutside(.open, of: proposal.slot, at: fold.height) {
            return refusal
        }
        guard let slot, let sequencer = slot.sequencer(key) else { return .notAdmitted }
        guard let sealed = slot.seals[key] else { return .notCommitted }
        guard sealed == seal else { return .sealBroken }
        guard !slot.proposals.contains(key) else { return .alreadyProposed }
        guard proposal.parent == slot.parent.blockID else {
            return .wrongParent(expected: slot.parent.blockID, found: proposal.parent)
        }
        let input = FernetElection.vrfInput(
            networkID: rules.networkID, slot: slot.slot, beacon: slot.beacon)
        guard
            let output = ECVRF.verify(
                key: sequencer.vrfKey, input: input, proof: proposal.vrfProof)
        else { return .invalidVRFProof }
        self.slot?.proposals[key] = OpenedProposal(
            proposal: proposal, output: output, stake: sequencer.stake, height: fold.height)
        fold.report(.proposed(slot.slot, key: key, feeShare: proposal.feeShare))
        return nil
    }

    /// Nil where `slot` is the open one and in `phase`.
    func refusalOutside(_ phase: FernetPhase, of slot: Slot, at height: Height) -> Refusal? {
        guard let open = self.slot else { return .noOpenSlot }
        guard open.slot == slot else { return .wrongSlot(expected: open.slot, found: slot) }
        return open.phase(at: height) == phase ? nil : .wrongPhase
    }
}
