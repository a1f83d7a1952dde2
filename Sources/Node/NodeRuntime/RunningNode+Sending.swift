internal import Cryptography
internal import Ledger
internal import Logging
internal import NetworkFile
package import NodeCore
internal import Primitives
internal import Storage

/// Sending money of the operator's account: an order is written down before it is acknowledged, and
/// found again after a restart.
extension RunningNode {
    /// Takes the operator's order, durably, and says where it stands. The same order again changes
    /// nothing, and is answered however old it is, as long as this node remembers it.
    package func send(_ request: SendRequest) async throws(SendRefusal) -> SendProgress {
        let networkID = configuration.network.networkID
        guard request.isSigned(by: key, networkID: networkID) else { throw .wrongSignature }
        guard haltReason == nil, !isEnding else { throw .stopping }
        let id = request.id(of: key, networkID: networkID)
        // Where orders of earlier runs stand is known once the node has been live.
        guard let liveSince else { throw .behind }
        if let known = machine.sendProgress(of: id, isNew: false) {
            guard machine.isSendOrderKept(id) else { throw .notKept("it is being written down") }
            return known
        }
        try checkAge(request.height, liveSince: liveSince)
        if let refusal = machine.refusalToSend(request.amount, to: request.recipient) {
            throw refusal
        }
        let order = SendOrder(
            id: id, height: request.height, acceptedAt: foldedHeight,
            recipient: request.recipient, amount: request.amount)
        deliver(.sending(.ordered(order)))
        try await keep(order)
        logger.notice(
            "sending",
            metadata: ["amount": "\(order.amount)", "recipient": "\(order.recipient.hex)"])
        guard let progress = machine.sendProgress(of: id, isNew: true) else { throw .stopping }
        return progress
    }

    /// An order that this node does not know is new only if no earlier run can have forgotten it.
    private func checkAge(_ height: Height, liveSince: Height) throws(SendRefusal) {
        let next = machine.ledger.nextHeight
        guard height < next, height >= liveSince,
            height.advanced(by: NodeParameters.maximumOrderAgeTicks) >= next
        else { throw .wrongHeight(current: foldedHeight, found: height) }
    }

    /// Writes `order` down, once; then it is carried out.
    private func keep(_ order: SendOrder) async throws(SendRefusal) {
        let eventLog = eventLog
        let record = LogEntry.record(
            .sendOrder, key: order.id.bytes, value: SendOrderRecord.encode(order))
        do {
            try await diskPool.run { try eventLog.commit([record]) }
        } catch {
            deliver(.sending(.notKept(order.id)))
            throw .notKept("\(error)")
        }
        deliver(.sending(.kept(order.id)))
    }

    /// Orders of earlier runs with what was signed for them; before any block is folded.
    func recallSendOrders() async throws {
        let eventLog = eventLog
        let statements = statements
        let recalled = try await diskPool.run {
            try eventLog.records(
                of: .sendOrder, after: 0, limit: 2 * NodeParameters.maximumRememberedSends
            ).map { record in
                let order = try SendOrderRecord.decode(record)
                return (order, try statements.lastAttempt(for: order))
            }
        }
        for (order, attempt) in recalled {
            deliver(.sending(.recalled(order, lastAttempt: attempt)))
        }
    }

    func forgetSendOrders(_ orders: [Digest]) async throws {
        let eventLog = eventLog
        let keys = orders.map(\.bytes)
        try await diskPool.run { try eventLog.discardRecords(of: .sendOrder, keys: keys) }
    }

    /// What became of this operator's orders, for its operator.
    func noteSent(in events: [LedgerEvent]) {
        guard !isFoldingStored else { return }
        for event in events {
            switch event {
            case .transferred(let id, key, let recipient, let amount)
            where machine.sendOrder(ofTransaction: id) != nil:
                logger.notice(
                    "sent", metadata: ["amount": "\(amount)", "recipient": "\(recipient.hex)"])
            case .refused(let id, key, _, let refusal):
                guard let order = machine.sendOrder(ofTransaction: id) else { continue }
                logger.error(
                    "the ledger refused to send; order it again if it still shall be",
                    metadata: [
                        "amount": "\(order.amount)", "recipient": "\(order.recipient.hex)",
                        "reason": "\(refusal)",
                    ])
            default:
                continue
            }
        }
    }
}

extension StatementBook {
    /// The newest transaction that was signed for `order`.
    fileprivate func lastAttempt(for order: SendOrder) throws -> SendAttempt? {
        var last: SendAttempt?
        for number in 0..<NodeParameters.maximumSendAttempts {
            let duty = SendingDuty.duty(of: order.id, number: number)
            guard let signed = try lastAttempt(for: duty)?.attempt.transaction else { break }
            last = SendAttempt(number: number, transactionID: signed.id, nonce: signed.nonce)
        }
        return last
    }
}

/// An order as it is recorded under its id: signed height, accepted height, recipient and units,
/// apart by spaces.
private enum SendOrderRecord {
    static func encode(_ order: SendOrder) -> [UInt8] {
        let fields = [
            "\(order.height.number)", "\(order.acceptedAt.number)", order.recipient.hex,
            "\(order.amount.units)",
        ]
        return Array(fields.joined(separator: " ").utf8)
    }

    static func decode(_ record: StoredRecord) throws -> SendOrder {
        let fields = String(decoding: record.value, as: UTF8.self).split(separator: " ")
        guard fields.count == 4, let id = Digest(bytes: record.key),
            let height = UInt64(fields[0]), let acceptedAt = UInt64(fields[1]),
            let recipient = OperatorKey(hex: String(fields[2])), let units = UInt64(fields[3])
        else { throw StorageError.damaged("an order to send of \(record.value.count) bytes") }
        return SendOrder(
            id: id, height: Height(height), acceptedAt: Height(acceptedAt), recipient: recipient,
            amount: Amount(units: units))
    }
}
