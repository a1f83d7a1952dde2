internal import Primitives
internal import Sequencing

/// A slot's life as heights pass. Everything here happens after the height's transactions.
extension LedgerState {
    /// Opens the next slot at `nextHeight`.
    @discardableResult
    mutating func openSlot() -> SlotState {
        let number = beacons.currentSlot
        openings[number] = nextHeight
        let admission = admissionHeight(of: number)
        if let admission { registry.settleTopUps(before: admission) }
        forgetOldSlots(before: number)
        let opened = SlotState(
            slot: number, openingHeight: nextHeight, beacon: beacons.current,
            phases: rules.sequencing.phases(openedAt: nextHeight), parent: parent,
            sequencers: admitted(.sequencer, registeredBefore: admission),
            provers: admitted(.prover, registeredBefore: admission))
        slot = opened
        return opened
    }

    /// Slot s admits what registered before slot `s − 2·lag` opened; nil, where there is no such
    /// slot: genesis only. A VRF key can be ground against a known beacon in minutes.
    private func admissionHeight(of slot: Slot) -> Height? {
        let delay = 2 * rules.lag
        return slot.number >= delay ? openings[Slot(slot.number - delay)] : nil
    }

    private func admitted(_ role: Role, registeredBefore height: Height?) -> [AdmittedKey] {
        registry.admitted(
            role, registeredBefore: height,
            minimum: rules.stakes.ejectionStake(for: role), treasury: treasury)
    }

    private mutating func forgetOldSlots(before slot: Slot) {
        let delay = 2 * rules.lag
        let oldestForAdmission = slot.number > delay ? slot.number - delay : 0
        let height = nextHeight
        let expiry = rules.evidenceExpiryTicks
        openings.filter { number, opening in
            number.number >= oldestForAdmission || opening.advanced(by: expiry) >= height
        }
        let kept = openings
        punishments.filter { act, _ in kept.contains(act.slot) }
    }

    /// Ends what ends with this height: a phase, perhaps the slot.
    mutating func endHeight(in fold: inout Fold) throws(LedgerHalt) {
        guard let slot else { return }
        if fold.height == slot.phases.proposeHeights.upperBound {
            endPropose(in: &fold)
        } else if fold.height == slot.phases.openHeights.upperBound {
            electLeader(in: &fold)
        } else if let elected = slot.elected {
            if fold.height >= elected.provingDeadline { skip(.noRootProof, in: &fold) }
        } else if fold.height >= slot.phases.revealHeights.upperBound, let leader = slot.leader {
            try punish(
                Act(slot: slot.slot, key: leader, duty: .reveal), for: .noReveal,
                role: .sequencer, reporter: nil, in: &fold)
            skip(.noReveal(leader: leader), in: &fold)
        }
    }

    /// Takes the pool's offers as they stand now. Nobody picks them, so nobody is left out.
    private mutating func endPropose(in fold: inout Fold) {
        guard let open = slot else { return }
        let offers = open.provers.compactMap { prover -> PoolOffer? in
            guard let intent = intents[prover.key],
                intent.firstSlot <= open.slot, open.slot <= intent.lastSlot
            else { return nil }
            return PoolOffer(
                key: prover.key, stake: prover.stake, capacity: intent.capacity,
                minFeePerUnit: intent.minFeePerUnit)
        }
        slot?.offers = offers
        if offers.isEmpty {
            skip(.emptyPool, in: &fold)
        } else if open.seals.isEmpty {
            skip(.noCommit, in: &fold)
        }
    }

    private mutating func electLeader(in fold: inout Fold) {
        guard let open = slot else { return }
        let candidates = open.proposals.elements.map { key, opened in
            FernetCandidate(
                key: key, output: opened.output, feeShare: opened.proposal.feeShare,
                stake: opened.stake)
        }
        guard let leader = rules.sequencing.leader(among: candidates) else {
            skip(.noProposal, in: &fold)
            return
        }
        slot?.leader = leader.key
        fold.report(
            .leaderElected(
                open.slot, key: leader.key, feeShare: leader.feeShare,
                candidates: candidates.count))
    }

    mutating func skip(_ reason: SkipReason, in fold: inout Fold) {
        guard let open = slot else { return }
        fold.report(.skipped(open.slot, reason, at: fold.height))
        beacons.skip()
        skippedSlotCount += 1
        lastEndedSlot = open.slot
        slot = nil
    }
}
