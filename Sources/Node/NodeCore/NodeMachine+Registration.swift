internal import Cryptography
internal import Ledger
internal import Primitives
internal import VRF

/// Becoming a member: what the log says of this node's own key, and the duty that it moves on.
extension NodeMachine {
    /// Looks at every folded block, also while the node catches up.
    mutating func noteMembership(_ events: [LedgerEvent]) {
        for event in events {
            switch event {
            case .slotOpened(_, let height, _):
                tempo.opened(at: height)
            case .registered(let role, let key, _):
                guard key == identity.key else { continue }
                noteRegistration(in: role)
            case .refused(_, let key, .register, let refusal):
                guard key == identity.key else { continue }
                if case .insufficientBalance = refusal {
                    registration?.refused("\(refusal)", mayTryAgain: true)
                } else {
                    registration?.refused("\(refusal)", mayTryAgain: false)
                }
            case .dropped(_, let key, .register, let drop):
                guard key == identity.key, drop.isAboutMoney else { continue }
                registration?.refused("\(drop)", mayTryAgain: true)
            default:
                break
            }
        }
    }

    /// A slot admits who registered before the slot `2 · lag` earlier opened; the next one that
    /// opens is the first that opens after this height. A top-up changes nothing.
    private mutating func noteRegistration(in role: Role) {
        let height = Height(ledger.nextHeight.number - 1)
        guard ledger.registrant(role, identity.key)?.registeredAt == height else { return }
        let isOpen = ledger.slot.map { $0.openingHeight <= height } ?? false
        let next = (ledger.slot?.slot.number ?? 0) + (isOpen ? 1 : 0)
        admissions[role] = Slot(next).advanced(by: 2 * ledger.rules.lag)
        if role == registration?.order.role { registration?.registered() }
    }

    mutating func advanceRegistration() -> [NodeEffect] {
        guard let role = registration?.order.role else { return [] }
        let situation = RegistrationDuty.Situation(
            standing: standing(in: role), balance: ledger.balance(of: identity.key),
            fees: feesToJoin(as: role), stay: 0)
        let steps = registration?.advance(situation) ?? []
        return steps.map { step in
            switch step {
            case .provePossession:
                return .proveVRF(possessionRequest)
            case .register(let registration, let duty):
                return submit(.register(registration), duty: duty)
            case .report(let step):
                return .report(.registration(role, step, inTicks: ticks(until: step)))
            }
        }
    }

    private var possessionRequest: VRFRequest {
        let input = VRFInput.registration(
            networkID: identity.networkID, operatorKey: identity.key)
        return VRFRequest(slot: ledger.slot?.slot ?? Slot(0), purpose: .register, input: input)
    }

    mutating func provedPossession(_ proof: VRFProof) -> [NodeEffect] {
        registration?.proved(proof)
        return follower.isLive ? advanceRegistration() : []
    }

    mutating func submissionRefused(_ duty: Duty, _ reason: String) -> [NodeEffect] {
        registration?.refusedByLog(duty: duty.name)
        return [.report(.submissionRefused(duty, reason: reason))]
    }

    /// Registering, and what a new member says next: a prover its offer, and a root proof.
    private func feesToJoin(as role: Role) -> Amount {
        let fees = ledger.rules.fees
        let all =
            role == .prover ? [fees.register, fees.intents, fees.rootProof] : [fees.register]
        return all.reduce(.zero) { sum, fee in (try? sum.adding(fee)) ?? sum }
    }

    func standing(in role: Role) -> RegistrationDuty.Standing {
        guard ledger.registrant(role, identity.key) != nil else { return .unknown }
        let stake = ledger.stake(of: identity.key, role: role)
        if isAdmitted(in: role) { return .admitted(stake: stake) }
        let from = admissions[role] ?? Slot(0)
        guard let open = ledger.slot?.slot, open >= from else { return .waiting(from: from) }
        return .ejected(stake: stake)
    }

    private func isAdmitted(in role: Role) -> Bool {
        switch role {
        case .sequencer: ledger.slot?.sequencer(identity.key) != nil
        case .prover: ledger.slot?.prover(identity.key) != nil
        case .builder: false
        }
    }

    /// The first slot that admits this key as a prover; the open one where it does.
    var firstProverSlot: Slot? {
        guard let open = ledger.slot?.slot else { return nil }
        switch standing(in: .prover) {
        case .admitted: return open
        case .waiting(let slot): return slot
        case .unknown, .ejected, .leaving: return nil
        }
    }

    private func ticks(until step: RegistrationStep) -> UInt64? {
        guard case .registered(let slot) = step, let open = ledger.slot?.slot, slot > open else {
            return nil
        }
        return tempo.ticks(
            untilSlotAhead: slot.number - open.number, from: ledger.nextHeight)
    }
}

extension Drop {
    /// Whether the transaction did nothing because its key could not pay.
    fileprivate var isAboutMoney: Bool {
        switch self {
        case .unknownKey, .feeUnpaid: true
        default: false
        }
    }
}
