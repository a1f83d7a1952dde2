internal import Primitives

/// Leaving. A key that exits serves the open slot to its end and no later one; its stake can be
/// slashed for one exit delay more, and then is its own again.
extension LedgerState {
    mutating func perform(
        _ exit: Exit, by key: OperatorKey, in fold: inout Fold
    ) -> Refusal? {
        guard let registrant = registry.registrant(exit.role, key) else { return .notRegistered }
        if let paidAt = registrant.exitsAt { return .exiting(paidAt: paidAt) }
        let paidAt = fold.height.advanced(by: rules.stakes.exitDelayTicks)
        registry.exit(exit.role, key, paidAt: paidAt)
        fold.report(.exiting(role: exit.role, key: key, paidAt: paidAt))
        return nil
    }

    /// Pays out the stakes whose delay ends with this height, and forgets registrant and intent.
    mutating func payExits(in fold: inout Fold) throws(LedgerHalt) {
        for registrant in registry.leaving(by: fold.height) {
            let stake = Purse.stake(registrant.role, registrant.key)
            let amount = treasury.balance(of: stake)
            try treasury.move(amount, from: stake, to: .account(registrant.key))
            treasury.close(stake)
            registry.remove(registrant)
            if registrant.role == .prover { intents[registrant.key] = nil }
            fold.report(
                .exited(role: registrant.role, key: registrant.key, amount: amount))
        }
    }
}
