internal import Cryptography
internal import Ledger
internal import Logging
internal import NetworkFile
package import NodeCore
internal import Primitives
internal import Storage

/// Leaving: an order is written down before it is acknowledged, and found again after a restart.
extension RunningNode {
    /// Takes the operator's order, durably, and says where its registration stands. The same order
    /// again changes nothing.
    package func leave(_ request: LeaveRequest) async throws(LeaveRefusal) -> LeaveProgress {
        guard request.isSigned(by: key, networkID: configuration.network.networkID) else {
            throw .wrongSignature
        }
        let next = machine.ledger.nextHeight
        let age = NodeParameters.maximumOrderAgeTicks
        guard request.height < next, request.height.advanced(by: age) >= next else {
            throw .wrongHeight(current: foldedHeight, found: request.height)
        }
        guard haltReason == nil, !isEnding else { throw .stopping }
        let stay = machine.leaveStay
        let isMember = !machine.registrationStandings.isEmpty
        let isNew = isMember ? true : try isNewWithdrawal(request)
        if isNew {
            let order = LeaveOrder(
                stay: stay, exits: isMember, withdrawTo: request.withdrawTo)
            try await keep(order)
            deliver(.leaveOrdered(order))
            logger.notice("leaving", metadata: ["stay": "\(stay)"])
        } else if stay == 0 {
            throw .notRegistered
        }
        return LeaveProgress(
            height: foldedHeight, standings: machine.registrationStandings,
            balance: machine.ledger.balance(of: key),
            withdrawTo: machine.withdrawalRecipient)
    }

    /// Of a key without any role. The order that it left by, given again, is no second one: that would
    /// send away what comes in later. Nor is one while there is nothing to send.
    private func isNewWithdrawal(_ request: LeaveRequest) throws(LeaveRefusal) -> Bool {
        guard let recipient = request.withdrawTo else { return false }
        if let outstanding = machine.withdrawalRecipient {
            guard outstanding == recipient else { throw .otherRecipient(outstanding) }
            return false
        }
        return machine.canWithdraw(to: recipient)
    }

    var foldedHeight: Height {
        let next = machine.ledger.nextHeight.number
        return Height(next == 0 ? 0 : next - 1)
    }

    /// Orders of earlier runs; before any block is folded.
    func recallLeaveOrders() async throws {
        let eventLog = eventLog
        let orders = try await diskPool.run {
            try (0..<UInt64(NodeParameters.maximumLeaveOrders)).compactMap { stay in
                let names = LeaveRecord(stay: stay)
                let exits = try eventLog.record(.state, key: names.order) != nil
                let recipient = try eventLog.record(.state, key: names.recipient)
                guard exits || recipient != nil else { return LeaveOrder?.none }
                return LeaveOrder(
                    stay: stay, exits: exits,
                    withdrawTo: recipient.flatMap { OperatorKey(bytes: $0) })
            }
        }
        for order in orders { deliver(.leaveOrdered(order)) }
    }

    private func keep(_ order: LeaveOrder) async throws(LeaveRefusal) {
        let names = LeaveRecord(stay: order.stay)
        let eventLog = eventLog
        do {
            let other = try await diskPool.run { () -> OperatorKey? in
                if let recipient = order.withdrawTo,
                    let known = try eventLog.record(.state, key: names.recipient),
                    known != recipient.bytes
                {
                    return OperatorKey(bytes: known)
                }
                var entries: [LogEntry] = []
                if order.exits { entries.append(.record(.state, key: names.order, value: [])) }
                if let recipient = order.withdrawTo {
                    entries.append(
                        .record(.state, key: names.recipient, value: recipient.bytes))
                }
                try eventLog.commit(entries)
                return nil
            }
            if let other { throw LeaveRefusal.otherRecipient(other) }
        } catch let refusal as LeaveRefusal {
            throw refusal
        } catch {
            throw .notKept("\(error)")
        }
    }
}

/// Under which names an order is recorded.
private struct LeaveRecord {
    let order: [UInt8]
    let recipient: [UInt8]

    init(stay: UInt64) {
        order = Array("leave/\(stay)".utf8)
        recipient = Array("leave-recipient/\(stay)".utf8)
    }
}
