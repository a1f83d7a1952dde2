internal import Gossip
internal import Ledger
internal import Messages
internal import Payments
internal import Primitives
internal import ProverElection
internal import SansIO

/// From an elected tree to a root proof on the log.
extension NodeMachine {
    mutating func startProving(at now: Instant) -> [NodeEffect] {
        guard let slot = ledger.slot, let reveal = slot.reveal, let elected = slot.elected,
            let revealed
        else { return [] }
        proving = ProvingDuty(
            key: identity.key, slot: slot.slot, blockID: reveal.blockID, header: reveal.header,
            executed: revealed, assignment: elected.assignment, ladder: elected.ladder,
            height: ledger.nextHeight, takesPart: identity.roles.contains(.prover))
        suspendProving()
        return releaseEarlyMessages(at: now)
    }

    mutating func advanceProving(to height: Height) -> [NodeEffect] {
        guard let steps = proving?.advanced(to: height.advanced(by: 1)) else { return [] }
        return perform(steps)
    }

    /// Once a slot, as soon as this node is live: what it finished before a restart is neither
    /// lost nor proven again.
    mutating func recallProofs() -> [NodeEffect] {
        guard let proving, identity.roles.contains(.prover), recalledSlot != proving.slot else {
            return []
        }
        recalledSlot = proving.slot
        let ranges = proving.ownNodes
        guard !ranges.isEmpty else { return [] }
        return [
            .recallProofs(
                ProofRecall(slot: proving.slot, header: proving.header, ranges: ranges))
        ]
    }

    mutating func recalled(_ proofs: [RecalledProof], of slot: Slot) -> [NodeEffect] {
        guard proving?.slot == slot, let steps = proving?.recalled(proofs) else { return [] }
        return perform(steps)
    }

    mutating func finished(_ task: ProvingTask, _ proof: ProvenProof) -> [NodeEffect] {
        guard proving?.slot == task.slot, let steps = proving?.proven(task, proof) else {
            return []
        }
        return [.report(.proven(task.slot, task.range))] + perform(steps)
    }

    mutating func failed(_ task: ProvingTask, _ reason: String) -> [NodeEffect] {
        guard proving?.slot == task.slot else { return [] }
        proving?.failed(task)
        return []
    }

    mutating func obtained(
        _ request: ProofRequest, _ availability: ProofAvailability
    ) -> [NodeEffect] {
        guard proving?.slot == request.slot,
            let steps = proving?.obtained(request, availability)
        else { return [] }
        switch availability {
        case .valid:
            let report = NodeReport.obtained(request.slot, request.range, prover: request.prover)
            return [.report(report)] + perform(steps)
        case .invalid(let reason):
            let blame = request.answerable.map {
                NodeEffect.penalise($0, .invalidProof(reason: reason))
            }
            return [blame].compactMap(\.self) + perform(steps)
        case .unavailable:
            return perform(steps)
        }
    }

    /// Duties of slots long past are not performed while a node catches up, nor while the log says
    /// that it is far ahead: that may be a lie, and then they are still to be done.
    mutating func suspendProving() { proving?.isSuspended = !follower.isLive }

    func perform(_ steps: [ProvingDuty.Step]) -> [NodeEffect] {
        steps.flatMap { step -> [NodeEffect] in
            switch step {
            case .prove(let task):
                return reports(startOf: task) + [.prove(task)]
            case .obtain(let request):
                return [.obtainProof(request)]
            case .publish(let range, let proof):
                return commitAndAnnounce(range, proof)
            case .submitRoot(let proof):
                return submitRoot(proof)
            }
        }
    }

    private func reports(startOf task: ProvingTask) -> [NodeEffect] {
        guard let elected = proving?.assignment.prover(of: task.range), elected != identity.key
        else { return [.report(.proving(task.slot, task.range))] }
        return [.report(.helping(task.slot, task.range, insteadOf: elected))]
    }

    /// Commit before reveal: the commitment is signed, and sent, before the announcement is.
    private func commitAndAnnounce(_ range: LeafRange, _ proof: ProvenProof) -> [NodeEffect] {
        guard let proving else { return [] }
        let commitment = ProofCommitment(
            slot: proving.slot, range: range,
            commitment: ProofCommitment.commitment(proofHash: proof.hash, prover: identity.key))
        let announcement = ProofAnnouncement(
            slot: proving.slot, range: range, proofHash: proof.hash, byteCount: proof.byteCount,
            server: identity.peer.bytes)
        let place = "\(proving.slot)/\(range)"
        return [
            publish(.proofCommitment(commitment), duty: Duty("proof-commitment/\(place)")),
            publish(.proofAnnouncement(announcement), duty: Duty("proof-announcement/\(place)")),
        ]
    }

    private func submitRoot(_ proof: ProvenProof) -> [NodeEffect] {
        guard let proving else { return [] }
        let content = Submission.Content.rootProof(
            header: proving.header, blockID: proving.blockID, proofHash: proof.hash)
        return [submit(content, duty: "root-proof/\(proving.slot)")]
    }
}

/// A prover's standing offer of work.
extension NodeMachine {
    /// Renews the offer well before it ends, so that no slot finds the pool without this prover; one
    /// that does not come onto the log is made anew. A new prover makes its first one before its
    /// first slot opens: the pool is counted early. Sequences are heights: above whatever this key
    /// has offered before, also before it left and came back.
    mutating func renewIntent() -> [NodeEffect] {
        guard identity.roles.contains(.prover), let slot = ledger.slot, !isLeaving,
            let first = firstProverSlot
        else { return [] }
        let wanted = slot.slot.advanced(by: NodeParameters.intentRenewalSlots)
        guard first <= wanted, ledger.balance(of: identity.key) >= ledger.rules.fees.intents
        else { return [] }
        let standing = ledger.intent(of: identity.key)
        if let standing, standing.lastSlot >= wanted { return [] }
        let height = ledger.nextHeight
        if let last = lastIntentHeight,
            height < last.advanced(by: NodeParameters.intentPatienceTicks)
        {
            return []
        }
        lastIntentHeight = height
        let next = standing.map { $0.sequence == .max ? .max : $0.sequence + 1 } ?? 1
        let sequence = max(height.number, next)
        let intent = Intent(
            sequence: sequence, firstSlot: slot.slot,
            lastSlot: slot.slot.advanced(by: NodeParameters.intentSlots),
            capacity: parameters.capacity, minFeePerUnit: parameters.minFeePerUnit)
        return [publish(.intent(intent), duty: Duty("intent/\(sequence)"))]
    }
}
