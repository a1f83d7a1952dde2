internal import Cryptography
internal import Primitives
internal import Sequencing
internal import VRF

extension LedgerState {
    mutating func perform(
        _ transfer: Transfer, by key: OperatorKey, transactionID: Digest, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        guard transfer.amount > .zero else { return .zeroAmount }
        let recipient = Purse.account(transfer.recipient)
        let opens = !treasury.exists(recipient)
        guard !opens || treasury.accountCount < LedgerParameters.maximumAccounts else {
            return .tooManyAccounts
        }
        let fee = opens ? rules.fees.account : .zero
        let held = balance(of: key)
        let needed = (try? transfer.amount.adding(fee)) ?? Amount(units: .max)
        guard held >= needed else { return .insufficientBalance(held: held, needed: needed) }
        try treasury.burn(fee, from: .account(key))
        try treasury.move(transfer.amount, from: .account(key), to: recipient)
        fold.report(
            .transferred(
                transactionID: transactionID, from: key, to: transfer.recipient,
                amount: transfer.amount))
        return nil
    }

    /// Joins, or adds to the stake of a key that has joined.
    mutating func perform(
        _ registration: Registration, by key: OperatorKey, in fold: inout Fold
    ) throws(LedgerHalt) -> Refusal? {
        let known = registry.registrant(registration.role, key)
        if let refusal = refusal(of: registration, by: key, known: known) { return refusal }
        let stake = Purse.stake(registration.role, key)
        try treasury.move(registration.stake, from: .account(key), to: stake)
        if known == nil {
            registry.add(
                Registrant(
                    role: registration.role, key: key, vrfKey: registration.vrfKey,
                    registeredAt: fold.height))
        } else {
            registry.topUp(registration.role, key, by: registration.stake, at: fold.height)
        }
        fold.report(
            .registered(
                role: registration.role, key: key, stake: treasury.balance(of: stake)))
        return nil
    }

    private func refusal(
        of registration: Registration, by key: OperatorKey, known: Registrant?
    ) -> Refusal? {
        if let known {
            if let paidAt = known.exitsAt { return .exiting(paidAt: paidAt) }
            guard known.vrfKey == registration.vrfKey else { return .vrfKeyChanged }
            guard known.pendingTopUps.count < LedgerParameters.maximumPendingTopUps else {
                return .tooManyTopUps
            }
            guard registration.stake > .zero else { return .zeroAmount }
        } else {
            let minimum = rules.stakes.minimum(for: registration.role)
            guard registration.stake >= minimum else {
                return .stakeBelowMinimum(minimum: minimum, found: registration.stake)
            }
            guard registry.registrants.count < LedgerParameters.maximumRegistrations else {
                return .tooManyRegistrations
            }
            if let owner = registry.owner(of: registration.vrfKey), owner != key {
                return .vrfKeyTaken
            }
        }
        let held = balance(of: key)
        guard held >= registration.stake else {
            return .insufficientBalance(held: held, needed: registration.stake)
        }
        let input = VRFInput.registration(networkID: rules.networkID, operatorKey: key)
        let output = ECVRF.verify(
            key: registration.vrfKey, input: input, proof: registration.possession)
        return output == nil ? .invalidPossession : nil
    }

    /// Takes from a batch what is new and valid; anybody may put one on the log.
    mutating func record(_ batch: [SignedIntent], in fold: inout Fold) -> Refusal? {
        let maximum = LedgerParameters.maximumIntentsPerBatch
        guard batch.count <= maximum else {
            return .tooManyIntents(maximum: maximum, found: batch.count)
        }
        var taken = 0
        for signed in batch where isNewAndValid(signed) {
            intents[signed.envelope.key] = signed.intent
            fold.report(.intentLogged(key: signed.envelope.key, signed.intent))
            taken += 1
        }
        return taken == 0 ? .noNewIntent : nil
    }

    private func isNewAndValid(_ signed: SignedIntent) -> Bool {
        let envelope = signed.envelope
        let intent = signed.intent
        let open = beacons.currentSlot
        let furthest = open.advanced(by: LedgerParameters.maximumIntentSlotsAhead)
        guard envelope.networkID == rules.networkID, envelope.topic == .intent,
            let prover = registry.registrant(.prover, envelope.key), prover.exitsAt == nil,
            intent.firstSlot <= intent.lastSlot, open <= intent.lastSlot,
            intent.lastSlot <= furthest, intent.capacity > 0
        else { return false }
        if let known = intents[envelope.key], intent.sequence <= known.sequence { return false }
        return Ed25519.verify(
            envelope.signature, message: envelope.signedBytes, key: envelope.key)
    }
}
