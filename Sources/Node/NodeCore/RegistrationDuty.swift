package import Primitives
package import VRF

/// What an operator wants to be: registered in a role with a stake.
package struct JoinOrder: Hashable, Sendable {
    package let role: Role
    package let vrfKey: VRFPublicKey
    package let stake: Amount
    /// Whether a key that has left registers again; else it stays out, also after a restart.
    package let rejoins: Bool

    package init(role: Role, vrfKey: VRFPublicKey, stake: Amount, rejoins: Bool) {
        self.role = role
        self.vrfKey = vrfKey
        self.stake = stake
        self.rejoins = rejoins
    }
}

/// Where a node that joins stands, told once each time it changes.
package enum RegistrationStep: Hashable, Sendable {
    /// The account does not hold stake and fees yet.
    case waitingForMoney(held: Amount, needed: Amount)
    /// The registration is on its way to the log.
    case submitted(stake: Amount)
    /// On the log; the first slot that can admit the key.
    case registered(admittedFrom: Slot)
    case admitted(stake: Amount)
    /// Penalties have eaten too much of the stake.
    case ejected(stake: Amount)
    /// The ledger refused the registration, and would again.
    case refused(reason: String)
    /// The key had left, and is not to register again.
    case left
    /// The exit is on its way to the log.
    case leaving
    /// Out of the role; the stake can be slashed until this height, and then is paid.
    case exiting(paidAt: Height)
    case exited(amount: Amount)
    case withdrawn(amount: Amount, to: OperatorKey)
}

/// Registers one key in one role: waits for the money, proves possession of the VRF key, submits
/// `Register` once, and tells what becomes of it until the key is admitted.
///
/// What the ledger says is all that counts, so a restart goes on at any step; the shell keeps what
/// was signed for a duty, so that nothing is signed twice. A further attempt, under a further duty,
/// follows only a registration that the ledger dropped, or refused for lack of money. Never tops a
/// stake up. Source: `docs/protocol/settlement.md`.
package struct RegistrationDuty: Sendable {
    package let order: JoinOrder
    private var possession: VRFProof?
    private var isProofWanted = false
    private var lastStep: RegistrationStep?
    /// Registrations of this key that came to nothing, by the log.
    private var attempt: UInt64 = 0
    private var refusal: String?
    /// The duty that was handed to the shell, and how often the log would not have it.
    private var submitted: String?
    private var logRefusals = 0

    package init(order: JoinOrder) { self.order = order }

    package enum Standing: Hashable, Sendable {
        case unknown
        case waiting(from: Slot)
        case admitted(stake: Amount)
        case ejected(stake: Amount)
        case leaving
    }

    package struct Situation: Hashable, Sendable {
        package var standing: Standing
        package var balance: Amount
        /// What the account needs besides the stake.
        package var fees: Amount
        /// How often this key has left the registry for good.
        package var stay: UInt64

        package init(standing: Standing, balance: Amount, fees: Amount, stay: UInt64) {
            self.standing = standing
            self.balance = balance
            self.fees = fees
            self.stay = stay
        }
    }

    package enum Step: Hashable, Sendable {
        case provePossession
        case register(Registration, duty: String)
        case report(RegistrationStep)
    }
}

extension RegistrationDuty {
    package mutating func advance(_ situation: Situation) -> [Step] {
        switch situation.standing {
        case .unknown: join(situation)
        case .waiting(let slot): tell(.registered(admittedFrom: slot))
        case .admitted(let stake): tell(.admitted(stake: stake))
        case .ejected(let stake): tell(.ejected(stake: stake))
        case .leaving: []
        }
    }

    package mutating func proved(_ proof: VRFProof) { possession = possession ?? proof }

    /// The log holds a registration of this key.
    package mutating func registered() {
        refusal = nil
        attempt += 1
    }

    /// The ledger refused one; the fee is gone.
    package mutating func refused(_ reason: String, mayTryAgain: Bool) {
        attempt += 1
        if !mayTryAgain { refusal = reason }
    }

    /// The log will never have what was handed to the shell.
    package mutating func refusedByLog(duty: String) {
        guard duty == submitted, logRefusals < NodeParameters.maximumRegistrationRefusals else {
            return
        }
        logRefusals += 1
        submitted = nil
    }

    private mutating func join(_ situation: Situation) -> [Step] {
        guard situation.stay == 0 || order.rejoins else { return tell(.left) }
        if let refusal { return tell(.refused(reason: refusal)) }
        guard let needed = try? order.stake.adding(situation.fees) else {
            return tell(.refused(reason: "there is not so much money"))
        }
        let duty = "register/\(order.role.rawValue)/\(situation.stay)/\(attempt)"
        guard submitted != duty else { return [] }
        guard situation.balance >= needed else {
            return tell(.waitingForMoney(held: situation.balance, needed: needed))
        }
        guard let possession else {
            defer { isProofWanted = true }
            return isProofWanted ? [] : [.provePossession]
        }
        submitted = duty
        let registration = Registration(
            role: order.role, vrfKey: order.vrfKey, stake: order.stake, possession: possession)
        return tell(.submitted(stake: order.stake)) + [.register(registration, duty: duty)]
    }

    private mutating func tell(_ step: RegistrationStep) -> [Step] {
        guard step != lastStep else { return [] }
        lastStep = step
        return [.report(step)]
    }
}

/// How long slots take, by the newest that opened.
package struct SlotTempo: Hashable, Sendable {
    private var openings: [Height] = []

    package init() {}

    package mutating func opened(at height: Height) {
        openings.append(height)
        if openings.count > NodeParameters.rememberedOpenings { openings.removeFirst() }
    }

    /// Ticks from `height` until a slot opens that is `slots` after the open one, about; nil before
    /// a slot has ended.
    package func ticks(untilSlotAhead slots: UInt64, from height: Height) -> UInt64? {
        guard let first = openings.first, let last = openings.last, openings.count > 1 else {
            return nil
        }
        let slotCount = UInt128(openings.count - 1)
        let all = UInt128(last.number - first.number) * UInt128(slots) / slotCount
        let elapsed = UInt128(height.number - min(height.number, last.number))
        return UInt64(clamping: all - min(all, elapsed))
    }
}
