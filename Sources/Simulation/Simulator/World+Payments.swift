internal import Cryptography
internal import Ledger
internal import Messages
internal import NodeCore
internal import Payments
internal import Primitives

/// The users of a simulated network, and what is written down of its nodes.
extension World {
    /// Random wallets pay each other through random nodes.
    mutating func offerPayments() {
        for _ in 0..<plan.paymentsPerTick {
            let sender = Int(random.next(upperBound: UInt64(wallets.count)))
            let recipient = Int(random.next(upperBound: UInt64(wallets.count)))
            let node = Int(random.next(upperBound: UInt64(nodes.count)))
            let order = PaymentOrder(
                recipient: UInt32(recipient), recipientKey: nil,
                amount: Amount(units: 1 + random.next(upperBound: UInt64(1_000_000))),
                fee: Amount(units: 1_000 + random.next(upperBound: UInt64(1_000))),
                nonce: nextNonces[sender])
            guard let payment = try? wallets[sender].sign(order) else { continue }
            nextNonces[sender] += 1
            schedule(.deliver(node, .paymentOffered(payment, ticket: 0)), after: latency())
        }
    }

    /// Stops a node for good: nothing is delivered to it any more.
    package mutating func fail(_ index: Int, after delay: Duration) {
        schedule(.fail(index), after: delay)
    }

    mutating func record(_ report: NodeReport, of index: Int) {
        switch report {
        case .folded(let height, let events):
            let root = nodes[index].machine.ledger.root
            trace.record("folded \(height) \(root.hex) \(events.count)", node: index, at: now)
        case .helping(let slot, let range, let elected):
            trace.record(
                "helping \(slot) \(range) for \(elected.shortName)", node: index, at: now)
        case .ledgerRootDiffers(let height, let key):
            trace.record("root differs \(height) \(key.shortName)", node: index, at: now)
        case .equivocation(let slot, let key):
            trace.record("equivocation \(slot) \(key.shortName)", node: index, at: now)
        case .submissionRefused(let duty, let reason):
            trace.record("refused \(duty.name) \(reason)", node: index, at: now)
        case .proving, .proven, .committed, .obtained:
            break
        }
    }
}
