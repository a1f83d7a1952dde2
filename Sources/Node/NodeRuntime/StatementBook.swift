internal import Messages
package import NodeCore
package import Primitives
package import Storage

/// What this node has signed, on disk before anybody sees it.
///
/// A duty is signed for once: whoever asks again gets the first statement, also after a restart.
/// A transaction's nonce is no part of what it says: where the log refuses one, the same body may
/// be signed again under another nonce, each time as a further *attempt* of its duty. Attempts are
/// records of kind `duty`, their refusals beside them; both may be discarded when their slot is
/// long over, the statements stay.
package struct StatementBook: Sendable {
    package let eventLog: EventLog

    package init(eventLog: EventLog) { self.eventLog = eventLog }

    package func envelope(for duty: Duty) throws -> GossipEnvelope? {
        guard let bytes = try eventLog.statement(duty: key("gossip", duty)) else { return nil }
        return try MessageCodec.decodeEnvelope(bytes)
    }

    package func record(_ envelope: GossipEnvelope, for duty: Duty) throws {
        try eventLog.commit([
            .statement(duty: key("gossip", duty), content: MessageCodec.encode(envelope))
        ])
    }

    /// The block that was built for a slot and its terms: after a restart the same proposal is
    /// opened and the same block revealed.
    package func block(for slot: Slot) throws -> BuiltBlock? {
        guard let bytes = try eventLog.statement(duty: key("block", Duty("\(slot)"))),
            case .blockReveal(let reveal) = try MessageCodec.decodeBody(.blockReveal, from: bytes),
            let terms = try eventLog.statement(duty: key("fee-share", Duty("\(slot)"))),
            let value = UInt64(String(decoding: terms, as: UTF8.self)),
            let feeShare = BasisPoints(value)
        else { return nil }
        return BuiltBlock(header: reveal.header, body: reveal.body, feeShare: feeShare)
    }

    package func record(_ block: BuiltBlock, for slot: Slot) throws {
        let bytes = MessageCodec.encode(
            .blockReveal(BlockReveal(header: block.header, body: block.body)))
        try eventLog.commit([
            .statement(duty: key("block", Duty("\(slot)")), content: bytes),
            .statement(
                duty: key("fee-share", Duty("\(slot)")),
                content: Array("\(block.feeShare.value)".utf8)),
        ])
    }

    private func key(_ kind: String, _ duty: Duty) -> [UInt8] {
        Array("\(kind)/\(duty.name)".utf8)
    }
}

/// One transaction signed for a duty.
package struct SubmissionAttempt: Hashable, Sendable {
    package let duty: Duty
    /// 0 for the first transaction of its duty.
    package let number: UInt64
    package let transaction: LedgerTransaction

    package init(duty: Duty, number: UInt64, transaction: LedgerTransaction) {
        self.duty = duty
        self.number = number
        self.transaction = transaction
    }
}

// MARK: - Transactions

extension StatementBook {
    /// The newest attempt of `duty`, nil where nothing was signed, and whether the log refused it.
    package func lastAttempt(
        for duty: Duty
    ) throws -> (attempt: SubmissionAttempt, isRefused: Bool)? {
        guard let first = try eventLog.statement(duty: key("log", duty)) else { return nil }
        var bytes = first
        var number: UInt64 = 0
        while let next = try eventLog.record(
            .duty, key: AttemptKey.signed(duty, number + 1).bytes)
        {
            bytes = next
            number += 1
        }
        let refusal = try eventLog.record(.duty, key: AttemptKey.refused(duty, number).bytes)
        let attempt = SubmissionAttempt(
            duty: duty, number: number, transaction: try MessageCodec.decodeTransaction(bytes))
        return (attempt, refusal != nil)
    }

    /// Throws `conflictingStatement` where the duty was signed for with another body.
    package func record(_ attempt: SubmissionAttempt) throws {
        let bytes = MessageCodec.encode(attempt.transaction)
        let name = key("log", attempt.duty)
        var entries = [
            LogEntry.record(
                .duty, key: AttemptKey.signed(attempt.duty, attempt.number).bytes, value: bytes)
        ]
        if attempt.number == 0 {
            entries.append(.statement(duty: name, content: bytes))
        } else {
            let signed = try eventLog.statement(duty: name) ?? []
            let first = try MessageCodec.decodeTransaction(signed)
            guard first.kind == attempt.transaction.kind,
                first.bodyBytes == attempt.transaction.bodyBytes
            else { throw StorageError.conflictingStatement(duty: name, signed: signed) }
        }
        try eventLog.commit(entries)
    }

    /// The log will never take `attempt`: its nonce may be used again.
    package func recordRefusal(of attempt: SubmissionAttempt, reason: String) throws {
        let key = AttemptKey.refused(attempt.duty, attempt.number).bytes
        // The first reason stays.
        guard try eventLog.record(.duty, key: key) == nil else { return }
        try eventLog.commit([.record(.duty, key: key, value: Array(reason.utf8))])
    }

    /// The attempts above `nonce` that were not refused, ascending by nonce. Reads all that is not
    /// discarded: some slots' worth.
    package func transactions(after nonce: UInt64) throws -> [SubmissionAttempt] {
        var signed: [SubmissionAttempt] = []
        var refused: Set<AttemptKey> = []
        var last: Int64 = 0
        while true {
            let page = try eventLog.records(
                of: .duty, after: last, limit: StorageParameters.maximumRowsPerRead)
            guard let newest = page.last else { break }
            last = newest.sequence
            for record in page {
                switch AttemptKey(record.key) {
                case .signed(let duty, let number):
                    let transaction = try MessageCodec.decodeTransaction(record.value)
                    signed.append(
                        SubmissionAttempt(duty: duty, number: number, transaction: transaction))
                case .refused(let duty, let number):
                    refused.insert(.signed(duty, number))
                case nil:
                    break
                }
            }
        }
        return signed.filter {
            $0.transaction.nonce > nonce && !refused.contains(.signed($0.duty, $0.number))
        }.sorted { $0.transaction.nonce < $1.transaction.nonce }
    }
}

/// Where an attempt is recorded: `signed/` or `refused/`, its number in decimal, `/`, its duty.
private enum AttemptKey: Hashable {
    case signed(Duty, UInt64)
    case refused(Duty, UInt64)

    init?(_ bytes: [UInt8]) {
        let parts = String(decoding: bytes, as: UTF8.self)
            .split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, let number = UInt64(parts[1]) else { return nil }
        let duty = Duty(String(parts[2]))
        switch parts[0] {
        case "signed": self = .signed(duty, number)
        case "refused": self = .refused(duty, number)
        default: return nil
        }
    }

    var bytes: [UInt8] {
        switch self {
        case .signed(let duty, let number): Array("signed/\(number)/\(duty.name)".utf8)
        case .refused(let duty, let number): Array("refused/\(number)/\(duty.name)".utf8)
        }
    }
}
