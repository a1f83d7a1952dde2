package import Primitives
internal import Sequencing

/// Where a registered key stands.
package enum Admission: Hashable, Sendable {
    /// Admitted to the open slot, with the stake that counts there.
    case admitted(stake: Amount)
    /// The first slot that can admit it, if slots go on one by one.
    case from(slot: Slot)
    /// Its stake is below what slots admit, and nothing put up since makes up for it.
    case ejected(stake: Amount, minimum: Amount)
    /// It has left; the duties of the slot that was open then are still its own.
    case exiting(paidAt: Height)
}

extension LedgerState {
    /// Nil where the key is not registered in this role.
    package func admission(of role: Role, key: OperatorKey) -> Admission? {
        guard let registrant = registry.registrant(role, key) else { return nil }
        if let paidAt = registrant.exitsAt { return .exiting(paidAt: paidAt) }
        if let stake = stakeInOpenSlot(of: role, key) { return .admitted(stake: stake) }
        let next = slot.map { $0.slot.advanced(by: 1) } ?? beacons.currentSlot
        let minimum = rules.stakes.ejectionStake(for: role)
        let held = stake(of: key, role: role)
        // The stake counts part by part: what was there at registration, then each top-up.
        var late = registrant.pendingTopUps
        var counting = firstSlot(admitting: registrant.registeredAt)
        while true {
            let stake = late.reduce(held.units) { $0 - min($0, $1.amount.units) }
            if stake >= minimum.units, stake > 0 { return .from(slot: max(counting, next)) }
            guard !late.isEmpty else { return .ejected(stake: held, minimum: minimum) }
            counting = firstSlot(admitting: late.removeFirst().height)
        }
    }

    private func stakeInOpenSlot(of role: Role, _ key: OperatorKey) -> Amount? {
        switch role {
        case .sequencer: slot?.sequencer(key)?.stake
        case .prover: slot?.prover(key)?.stake
        case .builder: nil
        }
    }

    /// Slot s admits what registered before slot `s − 2·lag` opened: the first one is `2·lag` slots
    /// after the first that opened later.
    private func firstSlot(admitting height: Height?) -> Slot {
        guard let height else { return Slot(0) }
        let opened = openings.elements.first { $0.value > height }?.key
        let later = opened ?? slot.map { $0.slot.advanced(by: 1) } ?? beacons.currentSlot
        return later.advanced(by: 2 * rules.lag)
    }
}
