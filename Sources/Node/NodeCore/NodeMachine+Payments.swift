internal import Ledger
internal import Mempool
internal import Messages
internal import Payments
internal import Primitives

/// Payments, from gossip and from this node's own user.
extension NodeMachine {
    mutating func offer(_ payment: Payment, ticket: UInt64) -> [NodeEffect] {
        if let reason = admit(payment) {
            return [.answerPayment(ticket: ticket, .refused(reason: reason.words))]
        }
        let name = "\(payment.sender)/\(payment.nonce)/\(payment.keyIndex)"
        return [
            .answerPayment(ticket: ticket, .accepted),
            publish(.payment(payment), duty: Duty("payment/\(name)")),
        ]
    }

    /// Wrong on every state: its sender's fault. Wrong on ours: perhaps not on the sender's.
    mutating func pass(_ payment: Payment) -> GossipJudgement {
        switch admit(payment) {
        case nil: .accept()
        case .payment(let error) where error.isMalformed: .reject(.paymentRefused)
        case .payment, .mempool: .ignore(.paymentRefused)
        }
    }

    private enum Refusal {
        case payment(PaymentError)
        case mempool(MempoolError)

        var words: String {
            switch self {
            case .payment(let error): "\(error)"
            case .mempool(let error): "\(error)"
            }
        }
    }

    /// Nil where the payment is in the mempool now, else why not.
    private mutating func admit(_ payment: Payment) -> Refusal? {
        do throws(PaymentError) {
            let verified = try VerifiedPayment(
                checking: payment, parameters: rollup.parameters)
            try checkAdmission(of: verified)
        } catch {
            return .payment(error)
        }
        let nonce = rollup.account(payment.sender)?.nonce ?? 0
        do throws(MempoolError) {
            try mempool.insert(payment, accountNonce: nonce)
        } catch {
            return .mempool(error)
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

    /// A final block may have used the nonces or passed the one-time keys of what waits.
    mutating func dropStalePayments() {
        for sender in mempool.senders {
            guard let account = rollup.account(sender) else { continue }
            mempool.advance(account: sender, toNonce: account.nonce)
            mempool.dropUsedKeys(account: sender, below: account.nextKeyIndex)
        }
        let rollup = rollup
        archive.dropPayments { rollup.isPast($0) }
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
