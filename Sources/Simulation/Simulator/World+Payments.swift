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
            unsettled[sender].append(payment)
            deliver(.paymentOffered(payment, ticket: 0), to: node, after: latency())
        }
        if log.blocks.count.isMultiple(of: Self.ticksBetweenOffers) { offerAgain() }
    }

    private static let ticksBetweenOffers = 8

    /// A user whose node may have crashed goes to another one.
    private mutating func offerAgain() {
        guard faults.plan != nil else { return }
        for sender in unsettled.indices {
            let final = nodes.map { $0.machine.rollup.account(UInt32(sender))?.nonce ?? 0 }.max()
            unsettled[sender].removeAll { $0.nonce < final ?? 0 }
            let node = Int(random.next(upperBound: UInt64(nodes.count)))
            for payment in unsettled[sender].prefix(4) {
                deliver(.paymentOffered(payment, ticket: 0), to: node, after: latency())
            }
        }
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
        case .registration(let role, let step, _):
            trace.record("registration \(role) \(step)", node: index, at: now)
        case .proving, .proven, .committed, .obtained, .level, .behind:
            break
        }
    }
}
