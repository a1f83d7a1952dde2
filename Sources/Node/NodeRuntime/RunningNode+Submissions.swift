internal import Cryptography
internal import Ledger
internal import Logging
internal import Messages
internal import NetworkFile
internal import NodeCore
internal import NodeProofs
internal import Primitives
internal import SettlementLog
internal import Storage

/// Speaking to the log. Submissions are settled one after the other: the next one gets its nonce
/// when the one before is receipted or refused for good, so that a refusal leaves no gap.
extension RunningNode {
    /// Signs what `submission` asks for, unless that was signed before, and settles it.
    func submit(_ submission: Submission) async throws {
        let statements = statements
        let duty = submission.duty
        if let kept = try await diskPool.run({ try statements.lastAttempt(for: duty) }) {
            if duty.isSignedOnce { return try await settleOnce(kept.attempt, isNew: false) }
            return try await settle(kept.isRefused ? signAgain(kept.attempt) : kept.attempt)
        }
        guard let (kind, bodyBytes) = body(of: submission.content) else {
            return logger.error("nothing to submit", metadata: ["duty": "\(duty.name)"])
        }
        let attempt = try await sign(kind, bodyBytes, for: duty, number: 0)
        guard duty.isSignedOnce else { return try await settle(attempt) }
        try await settleOnce(attempt, isNew: true)
    }

    /// Queues what was signed before this start and never refused: the log answers what it already
    /// has with the same receipt. Comes before anything new is signed, whose nonces go on from here.
    func queueUnanswered() async throws {
        let statements = statements
        let unanswered = try await diskPool.run { try statements.transactions(after: 0) }
        nonces = NonceCounter(lastSigned: unanswered.last?.transaction.nonce ?? 0)
        for attempt in unanswered {
            add(to: submissions, "submitting \(attempt.duty.name)") { node in
                guard await attempt.transaction.nonce > node.foldedNonce else { return }
                if attempt.duty.isSignedOnce {
                    try await node.settleOnce(attempt, isNew: true)
                } else {
                    try await node.settle(attempt)
                }
            }
        }
    }

    private var foldedNonce: UInt64 { machine.ledger.nonce(of: key) }

    private func body(of content: Submission.Content) -> (TransactionKind, [UInt8])? {
        switch content {
        case .body(let kind, let bytes):
            return (kind, bytes)
        case .rootProof(let header, let blockID, let proofHash):
            guard let proof = proofs[proofHash],
                let contributions = try? verifier.contributions(of: proof)
            else { return nil }
            let body = LedgerBody.rootProof(
                RootProof(
                    slot: header.slot, blockID: blockID, proof: proof,
                    contributions: contributions))
            return (.rootProof, MessageCodec.encode(body))
        }
    }

    /// Signs under the next nonce and writes that down.
    private func sign(
        _ kind: TransactionKind, _ bodyBytes: [UInt8], for duty: Duty, number: UInt64
    ) async throws -> SubmissionAttempt {
        let nonce = nonces.next(folded: foldedNonce)
        let networkID = configuration.network.networkID
        let secrets = secrets
        let statements = statements
        return try await diskPool.run {
            let signature = secrets.sign(
                LedgerTransaction.signedBytes(
                    networkID: networkID, key: secrets.key, nonce: nonce, kind: kind,
                    bodyBytes: bodyBytes))
            let transaction = LedgerTransaction(
                networkID: networkID, key: secrets.key, nonce: nonce, kind: kind,
                bodyBytes: bodyBytes, signature: signature,
                body: try? MessageCodec.decodeBody(kind, from: bodyBytes))
            let attempt = SubmissionAttempt(
                duty: duty, number: number, transaction: transaction)
            try statements.record(attempt)
            return attempt
        }
    }

    /// The same body under another nonce.
    private func signAgain(_ attempt: SubmissionAttempt) async throws -> SubmissionAttempt {
        let transaction = attempt.transaction
        return try await sign(
            transaction.kind, transaction.bodyBytes, for: attempt.duty,
            number: attempt.number + 1)
    }

    /// Returns when the log has promised inclusion or refused for good.
    private func settle(_ first: SubmissionAttempt) async throws {
        var attempt = first
        for remaining in (0..<NodeRuntimeParameters.maximumNonceAttempts).reversed() {
            guard let refusal = try await send(attempt.transaction) else { return }
            try await takeBack(attempt, refusal)
            guard refusal.isAboutNonce, remaining > 0 else {
                return refused(attempt, refusal)
            }
            attempt = try await signAgain(attempt)
        }
    }

    /// As `settle`, but the transaction is never signed again under another nonce: a log that refuses
    /// it might include it all the same. The machine decides from the ledger alone.
    ///
    /// - Parameter isNew: whether its nonce is the last one that was signed with, and free again
    ///   where the log refuses it.
    private func settleOnce(_ attempt: SubmissionAttempt, isNew: Bool) async throws {
        let transaction = attempt.transaction
        deliver(
            .sending(
                .signed(
                    attempt.duty, transactionID: transaction.id, nonce: transaction.nonce)))
        guard let refusal = try await send(transaction) else {
            return nonces.used(transaction.nonce)
        }
        if isNew {
            try await takeBack(attempt, refusal)
        } else if let expected = refusal.expectedNonce {
            nonces.expect(expected)
        }
        refused(attempt, refusal)
    }

    /// Nil once the log has promised inclusion; waits for a log that is out of reach.
    private func send(_ transaction: LedgerTransaction) async throws -> SubmissionRefusal? {
        while true {
            try Task.checkCancellation()
            do throws(SettlementClientError) {
                let receipt = try await client.submit(transaction)
                // Included before the receipt came: the promise is kept.
                if transaction.nonce > foldedNonce { receipts.add(receipt) }
                return nil
            } catch {
                guard case .refused(let reason, let detail, let expectedNonce) = error else {
                    // Whether the transaction was taken is not known: the same one again is safe.
                    logger.warning(
                        "the settlement log gives no receipt", metadata: ["reason": "\(error)"])
                    try await Task.sleep(for: NodeRuntimeParameters.logRetryPause)
                    continue
                }
                return SubmissionRefusal(
                    reason: reason, detail: detail, expectedNonce: expectedNonce,
                    foldedNonce: foldedNonce)
            }
        }
    }

    /// The nonce of a refused transaction is free again.
    private func takeBack(_ attempt: SubmissionAttempt, _ refusal: SubmissionRefusal) async throws {
        let statements = statements
        try await diskPool.run {
            try statements.recordRefusal(of: attempt, reason: refusal.description)
        }
        nonces.refused(attempt.transaction.nonce)
        if let expected = refusal.expectedNonce { nonces.expect(expected) }
    }

    /// Nothing that this node can mend: its operator, and the network's, must know.
    func noteBroken(_ broken: [Receipt]) {
        for receipt in broken {
            counters.count(.brokenReceipt)
            logger.error(
                "the settlement log has not included what it gave a receipt for",
                metadata: [
                    "transaction": "\(receipt.transactionID)",
                    "promised": "by height \(receipt.lastInclusionHeight)",
                ])
        }
    }

    /// The log has taken this node's transaction and the ledger dropped it for lack of an account or
    /// of the fee: whoever submits the duty again gets it signed under the next nonce. What was
    /// dropped otherwise is a copy, and the duty is none the worse for it.
    func noteDrops(in events: [LedgerEvent]) {
        for case .dropped(let id, key, _, let drop) in events {
            switch drop {
            case .unknownKey, .feeUnpaid: break
            case .wrongNetwork, .signature, .nonce: continue
            }
            let reason = "the ledger dropped it: \(drop)"
            add(to: sayings, "noting a dropped transaction") { node in
                let statements = node.statements
                let attempt = try await node.diskPool.run {
                    let attempts = try statements.transactions(after: 0)
                    let dropped = attempts.first { $0.transaction.id == id }
                    if let dropped { try statements.recordRefusal(of: dropped, reason: reason) }
                    return dropped
                }
                guard let attempt else { return }
                await node.deliver(.submissionRefused(attempt.duty, reason: reason))
            }
        }
    }

    private func refused(_ attempt: SubmissionAttempt, _ refusal: SubmissionRefusal) {
        logger.warning(
            "the settlement log refused a transaction",
            metadata: ["duty": "\(attempt.duty.name)", "reason": "\(refusal)"])
        deliver(.submissionRefused(attempt.duty, reason: refusal.description))
    }
}

/// What the log says when it takes a transaction never.
private struct SubmissionRefusal: Sendable, CustomStringConvertible {
    let reason: String
    let detail: String
    /// Only where the nonce is the reason and the answer can be true.
    let expectedNonce: UInt64?

    init(reason: String, detail: String, expectedNonce: UInt64?, foldedNonce: UInt64) {
        self.reason = reason
        self.detail = detail
        self.expectedNonce = expectedNonce.flatMap { nonce in
            guard nonce > foldedNonce,
                nonce - foldedNonce <= NodeRuntimeParameters.maximumNonceLead
            else { return nil }
            return nonce
        }
    }

    var isAboutNonce: Bool { expectedNonce != nil }
    var description: String { "\(reason): \(detail)" }
}
