internal import Cryptography
internal import Logging
internal import Messages
package import NodeCore
internal import Payments
package import Primitives
internal import Storage

/// Payments of this node's own users. One that was accepted is on disk before anybody is told, and
/// is offered to the network again after a restart until its nonce is used.
extension RunningNode {
    /// Checks a payment, writes it down, holds it and tells the network.
    package func offer(_ payment: Payment) async -> PaymentAnswer {
        guard !isEnding else { return .refused(reason: "the node is stopping") }
        let ticket = nextTicket
        nextTicket += 1
        return await withCheckedContinuation { continuation in
            paymentAnswers[ticket] = continuation
            offeredPayments[ticket] = payment
            deliver(.paymentOffered(payment, ticket: ticket))
            // Answered, or being written down; a machine that has halted does neither.
            guard offeredPayments.removeValue(forKey: ticket) != nil else { return }
            paymentAnswers.removeValue(forKey: ticket)?.resume(
                returning: .refused(reason: "the node has stopped"))
        }
    }

    func answer(_ answer: PaymentAnswer, about ticket: UInt64) {
        guard let payment = offeredPayments.removeValue(forKey: ticket), answer == .accepted else {
            paymentAnswers.removeValue(forKey: ticket)?.resume(returning: answer)
            return
        }
        add(to: jobs, "keeping a payment") { node in
            try await node.keep(payment)
            await node.acknowledge(ticket)
        }
    }

    private func acknowledge(_ ticket: UInt64) {
        paymentAnswers.removeValue(forKey: ticket)?.resume(returning: .accepted)
    }

    private func keep(_ payment: Payment) async throws {
        let bytes = MessageCodec.encode(payment)
        let name = SHA256.hash(bytes).bytes
        let eventLog = eventLog
        try await diskPool.run {
            try eventLog.commit([.record(.payment, key: name, value: bytes)])
        }
        let overflowing = keptPayments.add(payment, name: name)
        try await forgetPayments(overflowing)
    }

    /// After a restart, once the ledger is known: what is final meanwhile is refused and forgotten.
    func offerKeptPayments() async throws {
        let eventLog = eventLog
        var last: Int64 = 0
        while true {
            let after = last
            let page = try await diskPool.run {
                try eventLog.records(of: .payment, after: after, limit: 256)
            }
            guard let newest = page.last else { break }
            last = newest.sequence
            for record in page {
                let payment = try MessageCodec.decodePayment(record.value)
                _ = keptPayments.add(payment, name: record.key)
                let ticket = nextTicket
                nextTicket += 1
                deliver(.paymentOffered(payment, ticket: ticket))
            }
        }
        forgetFinalPayments()
    }

    /// Those that can be in no block any more: their nonce is used, by themselves or by another
    /// payment, or their sender has passed their one-time key.
    func forgetFinalPayments() {
        guard !isFoldingStored else { return }
        let rollup = machine.rollup
        let final = keptPayments.remove { rollup.isPast($0) }
        guard !final.isEmpty else { return }
        add(to: jobs, "forgetting final payments") { try await $0.forgetPayments(final) }
    }

    private func forgetPayments(_ names: [[UInt8]]) async throws {
        guard !names.isEmpty else { return }
        let eventLog = eventLog
        try await diskPool.run { try eventLog.discardRecords(of: .payment, keys: names) }
    }
}

/// What is on disk of this node's users' payments, oldest first.
struct KeptPayments {
    private var entries: [(name: [UInt8], place: PaymentPlace)] = []

    /// Returns what is too much.
    mutating func add(_ payment: Payment, name: [UInt8]) -> [[UInt8]] {
        guard !entries.contains(where: { $0.name == name }) else { return [] }
        entries.append((name, PaymentPlace(of: payment)))
        let excess = max(0, entries.count - NodeRuntimeParameters.maximumKeptPayments)
        defer { entries.removeFirst(excess) }
        return entries.prefix(excess).map(\.name)
    }

    mutating func remove(where isFinal: (PaymentPlace) -> Bool) -> [[UInt8]] {
        let final = entries.filter { isFinal($0.place) }.map(\.name)
        entries.removeAll { isFinal($0.place) }
        return final
    }
}
