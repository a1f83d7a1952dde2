internal import Cryptography
internal import Ledger
package import Primitives
internal import VRF

/// This node's own key in the registry: joining, leaving, and what the log says of it.
struct Membership: Sendable {
    /// Nil where this node's operator asks for no registration.
    var registration: RegistrationDuty?
    var leaving = LeavingDuty()
    var tempo = SlotTempo()
    /// How often the key has left its last role.
    var stay: UInt64 = 0
    var isMember: Bool

    init(joining: JoinOrder?, isMember: Bool) {
        registration = joining.map { RegistrationDuty(order: $0) }
        self.isMember = isMember
    }
}

extension NodeMachine {
    /// Looks at every folded block, also while the node catches up.
    mutating func noteMembership(_ events: [LedgerEvent], at height: Height) -> [NodeEffect] {
        let effects = events.flatMap { note($0, at: height) }
        let isMember = !standings.isEmpty
        if membership.isMember, !isMember { membership.stay += 1 }
        membership.isMember = isMember
        return effects
    }

    private mutating func note(_ event: LedgerEvent, at height: Height) -> [NodeEffect] {
        switch event {
        case .slotOpened(_, let height, _):
            membership.tempo.opened(at: height)
        case .registered(let role, identity.key, _):
            if membership.registration?.order.role == role { membership.registration?.registered() }
        case .exited(let role, identity.key, let amount):
            return [.report(.registration(role, .exited(amount: amount), inTicks: nil))]
        // What was ordered to be sent is no withdrawal.
        case .transferred(let id, identity.key, let recipient, let amount)
        where sending.order(of: id) == nil:
            return noteTransfer(of: amount, to: recipient, at: height)
        case .refused(let id, identity.key, let kind, let refusal)
        where sending.order(of: id) == nil:
            noteRefusal(of: kind, refusal)
        case .dropped(let id, identity.key, let kind, let drop)
        where drop.isAboutMoney && sending.order(of: id) == nil:
            if kind == .register {
                membership.registration?.refused("\(drop)", mayTryAgain: true)
            } else if kind == .exit || kind == .transfer {
                membership.leaving.failed()
            }
        default:
            break
        }
        return []
    }

    private mutating func noteRefusal(of kind: TransactionKind, _ refusal: Refusal) {
        switch kind {
        case .register:
            var isTemporary = false
            if case .insufficientBalance = refusal { isTemporary = true }
            if case .exiting = refusal { isTemporary = true }
            membership.registration?.refused("\(refusal)", mayTryAgain: isTemporary)
        case .exit, .transfer:
            membership.leaving.failed()
        default:
            break
        }
    }

    private mutating func noteTransfer(
        of amount: Amount, to recipient: OperatorKey, at height: Height
    ) -> [NodeEffect] {
        guard !membership.isMember,
            membership.leaving.transferred(to: recipient, inStay: membership.stay)
        else { return [] }
        sending.withdrawn(at: height)
        let step = RegistrationStep.withdrawn(amount: amount, to: recipient)
        return [.report(.registration(usualRole, step, inTicks: nil))]
    }

    mutating func advanceMembership() -> [NodeEffect] {
        advanceRegistration() + advanceLeaving()
    }

    mutating func leaveOrdered(_ order: LeaveOrder) -> [NodeEffect] {
        membership.leaving.add(order)
        // Orders of earlier runs come before the first block, when nothing is known yet.
        let knowsLog = ledger.nextHeight > Height(0) && follower.isLive
        return knowsLog ? advanceLeaving() : []
    }

    mutating func submissionRefused(_ duty: Duty, _ reason: String) -> [NodeEffect] {
        membership.registration?.refusedByLog(duty: duty.name)
        membership.leaving.refusedByLog(duty: duty.name)
        sending.refusedByLog(duty, at: ledger.nextHeight)
        return [.report(.submissionRefused(duty, reason: reason))]
    }

    // MARK: What the ledger says

    /// What an order to leave counts for, if it is given now: the present membership.
    package var leaveStay: UInt64 { membership.stay }

    package var registrationStandings: [LeavingDuty.Standing] { standings }

    /// Who is to get the balance, where that is still to be done.
    package var withdrawalRecipient: OperatorKey? {
        membership.leaving.withdrawal(inStay: membership.stay)?.withdrawTo
    }

    /// Whether the account holds more than sending all of it to `recipient` costs.
    package func canWithdraw(to recipient: OperatorKey) -> Bool {
        ledger.balance(of: identity.key) > ledger.transferFee(to: recipient)
    }

    /// In every role that this key is registered in.
    var standings: [LeavingDuty.Standing] {
        [Role.sequencer, .prover].compactMap { role in
            ledger.admission(of: role, key: identity.key).map {
                LeavingDuty.Standing(role: role, admission: $0)
            }
        }
    }

    /// For whoever is told that this node is level with the log; nil before the first block.
    package var levelStanding: LevelStanding? {
        guard ledger.nextHeight > Height(0) else { return nil }
        let registrations = standings.map { standing in
            let step: RegistrationStep =
                switch standing.admission {
                case .from(let slot): .registered(admittedFrom: slot)
                case .admitted:
                    .admitted(stake: ledger.stake(of: identity.key, role: standing.role))
                case .ejected(let stake, _): .ejected(stake: stake)
                case .exiting(let height): .exiting(paidAt: height)
                }
            return LevelStanding.Registration(
                role: standing.role, step: step, inTicks: ticks(until: step))
        }
        return LevelStanding(
            height: Height(ledger.nextHeight.number - 1),
            balance: ledger.balance(of: identity.key), registrations: registrations)
    }

    /// Whether this key is on its way out, or is to be.
    var isLeaving: Bool {
        if membership.leaving.isOrdered(inStay: membership.stay) { return true }
        return ledger.registrant(.prover, identity.key)?.exitsAt != nil
    }

    private var usualRole: Role {
        membership.registration?.order.role
            ?? (identity.roles.contains(.sequencer) ? .sequencer : .prover)
    }

    /// The first slot that admits this key as a prover; the open one where it does.
    var firstProverSlot: Slot? {
        guard let open = ledger.slot?.slot else { return nil }
        switch ledger.admission(of: .prover, key: identity.key) {
        case .admitted: return open
        case .from(let slot): return slot
        case .ejected, .exiting, nil: return nil
        }
    }
}

// MARK: - Joining

extension NodeMachine {
    private mutating func advanceRegistration() -> [NodeEffect] {
        guard let role = membership.registration?.order.role else { return [] }
        let situation = RegistrationDuty.Situation(
            standing: standing(in: role), balance: ledger.balance(of: identity.key),
            fees: feesToJoin(as: role), stay: membership.stay)
        let steps = membership.registration?.advance(situation) ?? []
        return steps.map { step -> NodeEffect in
            switch step {
            case .provePossession:
                .proveVRF(possessionRequest)
            case .register(let registration, let duty):
                submit(.register(registration), duty: duty)
            case .report(let step):
                .report(.registration(role, step, inTicks: ticks(until: step)))
            }
        }
    }

    mutating func provedPossession(_ proof: VRFProof) -> [NodeEffect] {
        membership.registration?.proved(proof)
        return follower.isLive ? advanceRegistration() : []
    }

    private var possessionRequest: VRFRequest {
        let input = VRFInput.registration(
            networkID: identity.networkID, operatorKey: identity.key)
        return VRFRequest(slot: ledger.slot?.slot ?? Slot(0), purpose: .register, input: input)
    }

    /// Registering, and what a new member says next: a prover its offer, and a root proof.
    private func feesToJoin(as role: Role) -> Amount {
        let fees = ledger.rules.fees
        let all =
            role == .prover ? [fees.register, fees.intents, fees.rootProof] : [fees.register]
        return all.reduce(.zero) { sum, fee in (try? sum.adding(fee)) ?? sum }
    }

    private func standing(in role: Role) -> RegistrationDuty.Standing {
        if membership.leaving.isOrdered(inStay: membership.stay) { return .leaving }
        // What is on its way elsewhere is no stake.
        if !membership.isMember, withdrawalRecipient != nil { return .leaving }
        return switch ledger.admission(of: role, key: identity.key) {
        case nil: .unknown
        case .from(let slot): .waiting(from: slot)
        case .admitted: .admitted(stake: ledger.stake(of: identity.key, role: role))
        case .ejected(let stake, _): .ejected(stake: stake)
        case .exiting: .leaving
        }
    }

    private func ticks(until step: RegistrationStep) -> UInt64? {
        switch step {
        case .registered(let slot):
            guard let open = ledger.slot?.slot, slot > open else { return nil }
            return membership.tempo.ticks(
                untilSlotAhead: slot.number - open.number, from: ledger.nextHeight)
        case .exiting(let height):
            return height.number - min(height.number, ledger.nextHeight.number)
        default:
            return nil
        }
    }
}

// MARK: - Leaving

extension NodeMachine {
    private mutating func advanceLeaving() -> [NodeEffect] {
        let fees = ledger.rules.fees
        let recipient = membership.leaving.withdrawal(inStay: membership.stay)?.withdrawTo
        let situation = LeavingDuty.Situation(
            stay: membership.stay, standings: standings,
            balance: ledger.balance(of: identity.key), exitFee: fees.exit,
            transferFee: recipient.map { ledger.transferFee(to: $0) } ?? fees.transfer,
            isSending: sending.isUnderWay)
        return membership.leaving.advance(situation).map { step -> NodeEffect in
            switch step {
            case .exit(let role, let duty):
                submit(.exit(Exit(role: role)), duty: duty)
            case .withdraw(let transfer, let duty):
                submit(.transfer(transfer), duty: duty)
            case .report(let role, let step):
                .report(.registration(role, step, inTicks: ticks(until: step)))
            }
        }
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
