package import Cryptography
internal import Ledger
package import Primitives

/// Money of this node's account on its operator's word.
extension NodeMachine {
    mutating func route(_ event: SendingEvent) -> [NodeEffect] {
        switch event {
        case .ordered(let order):
            let forgotten = sending.add(order, at: ledger.nextHeight)
            return forgotten.isEmpty ? [] : [.forgetSendOrders(forgotten)]
        case .kept(let id):
            sending.keep(id)
            return follower.isLive ? advanceSending() : []
        case .notKept(let id):
            sending.giveUp(id)
        case .recalled(let order, let lastAttempt):
            sending.recall(order, lastAttempt: lastAttempt)
        case .signed(let duty, let transactionID, let nonce):
            sending.signed(duty, transactionID: transactionID, nonce: nonce)
        }
        return []
    }

    mutating func advanceSending() -> [NodeEffect] {
        guard ledger.nextHeight > Height(0) else { return [] }
        let ledger = ledger
        return sending.advance(
            at: foldedHeight, balance: ledger.balance(of: identity.key),
            mayBegin: !membership.leaving.hasSubmittedWithdrawal(inStay: membership.stay),
            cost: { ledger.cost(of: $0.amount, to: $0.recipient) }
        ).map { submit(.transfer($0.transfer), duty: $0.duty) }
    }

    /// At most the height of the last folded block.
    private var foldedHeight: Height { Height(max(ledger.nextHeight.number, 1) - 1) }

    /// No stake is left, and the balance goes elsewhere.
    private var isWithdrawing: Bool { standings.isEmpty && withdrawalRecipient != nil }

    // MARK: What the shell asks

    /// Why an order cannot be taken now; nil where it can.
    package func refusalToSend(_ amount: Amount, to recipient: OperatorKey) -> SendRefusal? {
        guard amount > .zero else { return .zeroAmount }
        guard recipient != identity.key else { return .ownKey }
        guard Ed25519.isValidKey(recipient) else { return .invalidRecipient }
        if isWithdrawing, let other = withdrawalRecipient { return .withdrawing(other) }
        let limit = NodeParameters.maximumWaitingSends
        guard sending.waitingOrders.count < limit else { return .tooManyOrders(limit: limit) }
        guard sending.hasRoom(at: ledger.nextHeight) else {
            return .tooManyOrders(limit: NodeParameters.maximumRememberedSends)
        }
        let held = ledger.balance(of: identity.key)
        let free = freeBalance
        let needed = ledger.cost(of: amount, to: recipient) ?? Amount(units: .max)
        guard needed <= free else {
            return .insufficientBalance(held: held, free: free, needed: needed)
        }
        return nil
    }

    /// The balance without what earlier orders take, nor what leaving costs: a key that cannot pay
    /// for its exit is locked in.
    package var freeBalance: Amount {
        let exits = standings.filter {
            if case .exiting = $0.admission { false } else { true }
        }
        let balance = exits.reduce(ledger.balance(of: identity.key)) { balance, _ in
            (try? balance.subtracting(ledger.rules.fees.exit)) ?? .zero
        }
        return sending.free(of: balance) { ledger.cost(of: $0.amount, to: $0.recipient) }
    }

    package func sendProgress(of id: Digest, isNew: Bool) -> SendProgress? {
        sending.progress(of: id).map { order, state in
            SendProgress(
                order: order, state: state, height: foldedHeight,
                fee: ledger.transferFee(to: order.recipient),
                balance: ledger.balance(of: identity.key), isNew: isNew)
        }
    }

    package func isSendOrderKept(_ id: Digest) -> Bool { sending.isKept(id) }

    package func sendOrder(ofTransaction id: Digest) -> SendOrder? { sending.order(of: id) }
}

extension LedgerState {
    /// What a transfer burns, an account that it opens included.
    func transferFee(to recipient: OperatorKey) -> Amount {
        let fees = rules.fees
        guard !hasAccount(recipient) else { return fees.transfer }
        return (try? fees.transfer.adding(fees.account)) ?? Amount(units: .max)
    }

    /// Nil beyond what an amount can say.
    fileprivate func cost(of amount: Amount, to recipient: OperatorKey) -> Amount? {
        try? amount.adding(transferFee(to: recipient))
    }
}
