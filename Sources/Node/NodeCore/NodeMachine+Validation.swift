internal import Cryptography
internal import Gossip
internal import Ledger
internal import Mempool
internal import Messages
internal import Payments
internal import Primitives
internal import SansIO

/// What each topic's messages must show before they are forwarded (`docs/protocol/messages.md`),
/// and what this node does with them.
extension NodeMachine {
    /// Nil where only the signature is missing.
    func checkBeforeSignature(_ message: GossipMessage, _ key: OperatorKey) -> GossipJudgement? {
        guard let open = ledger.slot else {
            if case .payment = message { return nil }
            return .ignore(.staleSlot)
        }
        switch message {
        case .payment, .logHeader, .evidence:
            return nil
        case .ledgerRoot:
            return isAdmitted(key) ? nil : .ignore(.notAdmitted)
        case .intent(let intent):
            guard open.prover(key) != nil else { return .ignore(.notAdmitted) }
            return intent.lastSlot < open.slot ? .ignore(.staleSlot) : nil
        case .proposal(let proposal):
            return check(proposal.slot, in: open, sequencer: key)
        case .blockHeader(let header):
            return check(header.slot, in: open, sequencer: key)
        case .election(let election):
            return check(election.slot, in: open, sequencer: key)
        case .proofCommitment(let commitment):
            return check(commitment.slot, in: open, prover: key)
        case .proofAnnouncement(let announcement):
            return check(announcement.slot, in: open, prover: key)
        }
    }

    private func check(
        _ slot: Slot, in open: SlotState, sequencer key: OperatorKey
    ) -> GossipJudgement? {
        guard slot >= open.slot else { return .ignore(.staleSlot) }
        guard slot == open.slot else { return .ignore(.futureSlot) }
        return open.sequencer(key) == nil ? .ignore(.notAdmitted) : nil
    }

    private func check(
        _ slot: Slot, in open: SlotState, prover key: OperatorKey
    ) -> GossipJudgement? {
        guard slot >= open.slot else { return .ignore(.staleSlot) }
        guard slot <= open.slot.advanced(by: 1) else { return .ignore(.futureSlot) }
        return open.prover(key) == nil ? .ignore(.notAdmitted) : nil
    }

    private func isAdmitted(_ key: OperatorKey) -> Bool {
        stakes.contains { $0.key == key }
    }

    /// The signature holds: what does the message bring?
    mutating func use(
        _ message: GossipMessage, of envelope: GossipEnvelope, _ handle: MessageHandle
    ) -> GossipJudgement {
        switch message {
        case .payment(let payment):
            return admit(payment) == nil ? .accept() : .ignore(.paymentRefused)
        case .proofCommitment, .proofAnnouncement:
            return useProofMessage(message, of: envelope, handle)
        case .ledgerRoot(let statement):
            return compare(statement, by: envelope.key)
        case .intent, .proposal, .blockHeader, .election, .evidence:
            // The log brings them to the ledger; here they only travel.
            return .accept()
        case .logHeader(let header):
            return checkLogHeader(header)
        }
    }

    private mutating func useProofMessage(
        _ message: GossipMessage, of envelope: GossipEnvelope, _ handle: MessageHandle
    ) -> GossipJudgement {
        let slot: Slot
        switch message {
        case .proofCommitment(let commitment): slot = commitment.slot
        case .proofAnnouncement(let announcement): slot = announcement.slot
        default: return .ignore(.wrongTopic)
        }
        guard proving?.slot == slot else {
            if let open = ledger.slot, slot < open.slot { return .ignore(.staleSlot) }
            let entry = EarlyMessages.Entry(
                envelope: envelope, message: message, handle: handle)
            return early.hold(entry) ? .later : .ignore(.tooManyEarlyMessages)
        }
        return useInProving(message, by: envelope.key)
    }

    private mutating func useInProving(
        _ message: GossipMessage, by key: OperatorKey
    ) -> GossipJudgement {
        switch message {
        case .proofCommitment(let commitment):
            guard let steps = proving?.committed(commitment, by: key) else {
                return .ignore(.notAssigned)
            }
            let report = NodeReport.committed(commitment.slot, commitment.range, prover: key)
            return .accept([.report(report)] + perform(steps))
        case .proofAnnouncement(let announcement):
            guard let steps = proving?.announced(announcement, by: key) else {
                return .ignore(.notAssigned)
            }
            return .accept(perform(steps))
        default:
            return .ignore(.wrongTopic)
        }
    }

    /// The election is known, or the slot is over: what waited for it gets its verdict.
    mutating func releaseEarlyMessages(at now: Instant) -> [NodeEffect] {
        early.release().flatMap { entry -> [NodeEffect] in
            let judgement = useProofMessage(entry.message, of: entry.envelope, entry.handle)
            guard let acceptance = judgement.acceptance else { return judgement.effects }
            return judgement.effects + gossip(.verdict(entry.handle, acceptance), at: now)
        }
    }

    private mutating func compare(
        _ statement: LedgerRootStatement, by key: OperatorKey
    ) -> GossipJudgement {
        switch roots.compare(statement, by: key, stakes: stakes) {
        case nil, .agrees: return .accept()
        case .differs:
            return .accept([.report(.ledgerRootDiffers(statement.height, key: key))])
        case .outvoted(let theirs, let ours):
            return .accept(
                halt(
                    "keys with more than half of the stake sign the ledger root \(theirs) at "
                        + "height \(statement.height); this node folds \(ours)"))
        }
    }

    private func checkLogHeader(_ header: SignedLogHeader) -> GossipJudgement {
        let bytes = header.header.signedBytes(networkID: identity.networkID)
        return Ed25519.verify(header.signature, message: bytes, key: settlementAuthority)
            ? .accept() : .reject(.badSignature)
    }
}

/// Payments, from gossip and from this node's own user.
extension NodeMachine {
    mutating func offer(_ payment: Payment, ticket: UInt64) -> [NodeEffect] {
        if let reason = admit(payment) {
            return [.answerPayment(ticket: ticket, .refused(reason: reason))]
        }
        let name = "\(payment.sender)/\(payment.nonce)/\(payment.keyIndex)"
        return [
            .answerPayment(ticket: ticket, .accepted),
            publish(.payment(payment), duty: Duty("payment/\(name)")),
        ]
    }

    /// Nil where the payment is in the mempool now, else why not.
    private mutating func admit(_ payment: Payment) -> String? {
        do throws(PaymentError) {
            let verified = try VerifiedPayment(
                checking: payment, parameters: rollup.parameters)
            try checkAdmission(of: verified)
        } catch {
            return "\(error)"
        }
        let nonce = rollup.account(payment.sender)?.nonce ?? 0
        do throws(MempoolError) {
            try mempool.insert(payment, accountNonce: nonce)
        } catch {
            return "\(error)"
        }
        return nil
    }

    /// A payment continues what waits already, or comes early but from the account's present key.
    private func checkAdmission(of verified: VerifiedPayment) throws(PaymentError) {
        let payment = verified.payment
        let waiting =
            payment.nonce == 0
            ? nil : mempool.pending(account: payment.sender, nonce: payment.nonce - 1)
        let isNext = payment.nonce <= (rollup.account(payment.sender)?.nonce ?? 0)
        guard waiting != nil || isNext else {
            return try rollup.checkEarlyAdmission(of: verified)
        }
        let predecessor = try waiting.map { payment throws(PaymentError) in
            try VerifiedPayment(checking: payment, parameters: rollup.parameters)
        }
        try rollup.checkAdmission(of: verified, after: predecessor)
    }

    /// A final block may have used the nonces of what waits.
    mutating func dropStalePayments() {
        for account in mempool.senders {
            mempool.advance(
                account: account, toNonce: rollup.account(account)?.nonce ?? 0)
        }
    }

    /// A prover's own intent goes on the log, where the pool is counted.
    mutating func logOwnIntent(_ envelope: GossipEnvelope) -> [NodeEffect] {
        guard envelope.topic == .intent, envelope.key == identity.key,
            case .intent(let intent) = try? MessageCodec.decodeGossipMessage(of: envelope)
        else { return [] }
        let signed = SignedIntent(envelope: envelope, intent: intent)
        return [submit(.intents([signed]), duty: "log-intent/\(intent.sequence)")]
    }
}
