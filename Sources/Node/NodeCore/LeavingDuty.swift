internal import Cryptography
package import Ledger
package import Primitives

/// That an operator wants its key out of the registry, and perhaps its money elsewhere.
package struct LeaveOrder: Hashable, Sendable {
    /// How often the key had left for good when this was ordered: an order counts once.
    package let stay: UInt64
    /// False for a key that holds no role: it only withdraws.
    package let exits: Bool
    /// Who gets the account's balance when no stake is left.
    package let withdrawTo: OperatorKey?

    package init(stay: UInt64, exits: Bool, withdrawTo: OperatorKey?) {
        self.stay = stay
        self.exits = exits
        self.withdrawTo = withdrawTo
    }
}

/// Takes a key out of its roles: submits `Exit` for each once, tells when the stake is paid, and
/// then transfers the balance where that was ordered: what is left after orders to send.
///
/// Duties of the open slot go on; offers are not renewed. The shell keeps orders and what was signed
/// for each duty, so that a restart goes on. Source: `docs/protocol/settlement.md`.
package struct LeavingDuty: Sendable {
    /// By `stay`; at most `NodeParameters.maximumLeaveOrders`.
    private var orders: [UInt64: LeaveOrder] = [:]
    private var submitted: Set<String> = []
    private var withdrawn: Set<UInt64> = []
    /// Exits and transfers that came to nothing.
    private var failures: UInt64 = 0
    private var told: [Role: RegistrationStep] = [:]

    package init() {}

    package struct Situation: Hashable, Sendable {
        package var stay: UInt64
        /// Of every role that the key is registered in.
        package var standings: [Standing]
        package var balance: Amount
        package var exitFee: Amount
        /// Of a transfer to whom the order names.
        package var transferFee: Amount
        /// Whether orders to send are on their way, which `balance` still shows.
        package var isSending: Bool

        package init(
            stay: UInt64, standings: [Standing], balance: Amount, exitFee: Amount,
            transferFee: Amount, isSending: Bool
        ) {
            self.stay = stay
            self.standings = standings
            self.balance = balance
            self.exitFee = exitFee
            self.transferFee = transferFee
            self.isSending = isSending
        }
    }

    package struct Standing: Hashable, Sendable {
        package let role: Role
        package let admission: Admission

        package init(role: Role, admission: Admission) {
            self.role = role
            self.admission = admission
        }
    }

    package enum Step: Hashable, Sendable {
        case exit(Role, duty: String)
        case withdraw(Transfer, duty: String)
        case report(Role, RegistrationStep)
    }
}

extension LeavingDuty {
    /// The later order for one stay adds where to withdraw to.
    package mutating func add(_ order: LeaveOrder) {
        guard orders[order.stay] != nil || orders.count < NodeParameters.maximumLeaveOrders else {
            return
        }
        let known = orders[order.stay]
        orders[order.stay] = LeaveOrder(
            stay: order.stay, exits: order.exits || known?.exits ?? false,
            withdrawTo: order.withdrawTo ?? known?.withdrawTo)
    }

    /// Whether the key is to leave its roles.
    package func isOrdered(inStay stay: UInt64) -> Bool { orders[stay]?.exits ?? false }

    /// The order by which a key without any role gives its balance away.
    package func withdrawal(inStay stay: UInt64) -> LeaveOrder? { withdrawals(inStay: stay).first }

    /// Those that are not done, of the stay that ended and of the time since; the older one first.
    private func withdrawals(inStay stay: UInt64) -> [LeaveOrder] {
        let candidates = stay > 0 ? [stay - 1, stay] : [stay]
        return candidates.compactMap { orders[$0] }.filter {
            $0.withdrawTo != nil && !withdrawn.contains($0.stay)
        }
    }

    /// Whether the withdrawal was handed to the shell, and did not come to nothing.
    package func hasSubmittedWithdrawal(inStay stay: UInt64) -> Bool {
        withdrawal(inStay: stay).map { submitted.contains(withdrawalDuty($0)) } ?? false
    }

    private func withdrawalDuty(_ order: LeaveOrder) -> String {
        "withdraw/\(order.stay)/\(failures)"
    }

    package mutating func advance(_ situation: Situation) -> [Step] {
        situation.standings.flatMap { leave($0, situation) } + withdraw(situation)
    }

    private mutating func leave(_ standing: Standing, _ situation: Situation) -> [Step] {
        let role = standing.role
        if case .exiting(let paidAt) = standing.admission {
            return tell(role, .exiting(paidAt: paidAt))
        }
        guard isOrdered(inStay: situation.stay) else { return [] }
        guard situation.balance >= situation.exitFee else {
            return tell(
                role,
                .waitingForMoney(held: situation.balance, needed: situation.exitFee))
        }
        let duty = "exit/\(role.rawValue)/\(situation.stay)/\(failures)"
        guard submitted.insert(duty).inserted else { return [] }
        return tell(role, .leaving) + [.exit(role, duty: duty)]
    }

    private mutating func withdraw(_ situation: Situation) -> [Step] {
        guard situation.standings.isEmpty, !situation.isSending,
            let order = withdrawal(inStay: situation.stay),
            let recipient = order.withdrawTo,
            let amount = try? situation.balance.subtracting(situation.transferFee),
            amount > .zero
        else { return [] }
        let duty = withdrawalDuty(order)
        guard submitted.insert(duty).inserted else { return [] }
        return [.withdraw(Transfer(recipient: recipient, amount: amount), duty: duty)]
    }

    private mutating func tell(_ role: Role, _ step: RegistrationStep) -> [Step] {
        guard told[role] != step else { return [] }
        told[role] = step
        return [.report(role, step)]
    }

    /// The log holds a transfer of this key's; true where it is the withdrawal.
    package mutating func transferred(to recipient: OperatorKey, inStay stay: UInt64) -> Bool {
        guard let order = withdrawals(inStay: stay).first(where: { $0.withdrawTo == recipient })
        else { return false }
        withdrawn.insert(order.stay)
        return true
    }

    /// The ledger did nothing with an exit or a transfer of this key's. Each costs a fee.
    package mutating func failed() {
        guard failures < NodeParameters.maximumRegistrationRefusals else { return }
        failures += 1
    }

    /// The log will never have what was handed to the shell.
    package mutating func refusedByLog(duty: String) {
        if submitted.contains(duty) { failed() }
    }
}
