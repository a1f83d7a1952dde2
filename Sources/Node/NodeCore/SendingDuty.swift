package import Cryptography
package import Ledger
package import Primitives

/// That an operator wants money of its ledger account sent, as it is written down.
package struct SendOrder: Hashable, Sendable {
    /// `SendRequest.id`.
    package let id: Digest
    /// What the operator signed: how recent the order is.
    package let height: Height
    /// The last folded height when the node took it.
    package let acceptedAt: Height
    package let recipient: OperatorKey
    package let amount: Amount

    package init(
        id: Digest, height: Height, acceptedAt: Height, recipient: OperatorKey, amount: Amount
    ) {
        self.id = id
        self.height = height
        self.acceptedAt = acceptedAt
        self.recipient = recipient
        self.amount = amount
    }
}

/// The transaction that was signed last for an order.
package struct SendAttempt: Hashable, Sendable {
    /// 0 for the order's first.
    package let number: UInt64
    package let transactionID: Digest
    package let nonce: UInt64

    package init(number: UInt64, transactionID: Digest, nonce: UInt64) {
        self.number = number
        self.transactionID = transactionID
        self.nonce = nonce
    }
}

package enum SendState: Hashable, Sendable {
    /// Written down; nothing is signed, since money lacks or the node catches up.
    case waiting
    /// Handed to the log, until the ledger shows it.
    case submitted
    case paid(at: Height)
    /// Nothing was paid and nothing will be.
    case failed(at: Height, SendFailure)
}

package enum SendFailure: Hashable, Sendable {
    /// The ledger took the fee and refused the transfer.
    case refused(Refusal)
    /// The whole balance was withdrawn before the order was signed.
    case withdrawn
    /// Every attempt's nonce went to another transaction.
    case overtaken
}

/// What the shell tells the machine about orders to send.
package enum SendingEvent: Hashable, Sendable {
    /// Not refused; counts from now on, and is carried out once it is written down.
    case ordered(SendOrder)
    /// The order is written down.
    case kept(Digest)
    /// It could not be.
    case notKept(Digest)
    /// Written down by an earlier run; before any block is folded.
    case recalled(SendOrder, lastAttempt: SendAttempt?)
    /// The transaction of this duty is signed and written down, and not sent yet.
    case signed(Duty, transactionID: Digest, nonce: UInt64)
}

/// Sends what the operator ordered: each order's transfer takes effect at most once, and an order
/// is dropped only where the ledger shows that it never will.
///
/// An order's transaction is signed once and handed to the log, the same bytes each time, until
/// the ledger has folded it. Another one, under another nonce, is signed only after the ledger has
/// folded the first one's nonce without it: nonces rise there, so that the first is void, whatever
/// the log does. What the log *says* never leads to a second signature: a log that refuses a
/// transaction and includes it all the same would have it paid twice.
///
/// The shell keeps orders and transactions; where orders stand is folded out of the log, so a
/// restart goes on. Why: `docs/decisions/0024-orders-to-send.md`.
package struct SendingDuty: Sendable {
    private struct Entry: Sendable {
        let order: SendOrder
        var isKept: Bool
        /// Of the next transaction, or of `attempt`.
        var number: UInt64 = 0
        /// What was signed under `number`.
        var attempt: SendAttempt?
        /// When it is handed to the log again; nil: the shell has not been given it.
        var nextTry: Height?
        var outcome: SendState?

        var isOpen: Bool { outcome == nil }
        /// Its transaction may be on its way.
        var isHandedOver: Bool { isOpen && (attempt != nil || nextTry != nil) }
    }

    /// Oldest first; at most `NodeParameters.maximumRememberedSends`, recalled ones at most twice that.
    private var entries: [Entry] = []

    package init() {}

    /// A transfer to be handed to the log.
    package struct Step: Hashable, Sendable {
        package let transfer: Transfer
        package let duty: String
    }
}

// MARK: - Orders

extension SendingDuty {
    /// Orders that are not settled.
    package var waitingOrders: [SendOrder] { entries.filter(\.isOpen).map(\.order) }

    /// Whether money is on its way that the folded balance still shows.
    package var isUnderWay: Bool { entries.contains { $0.isHandedOver || !$0.isKept } }

    package func progress(of id: Digest) -> (order: SendOrder, state: SendState)? {
        entries.first { $0.order.id == id }.map { ($0.order, state(of: $0)) }
    }

    /// The order whose last transaction this is.
    package func order(of transactionID: Digest) -> SendOrder? {
        entries.first { $0.attempt?.transactionID == transactionID }?.order
    }

    private func state(of entry: Entry) -> SendState {
        entry.outcome ?? (entry.isHandedOver ? .submitted : .waiting)
    }

    /// Whether there is room for an order at `height`, with those forgotten that may be.
    package func hasRoom(at height: Height) -> Bool {
        entries.count - forgettable(at: height).count < NodeParameters.maximumRememberedSends
    }

    /// Settled orders that are too old to be given again.
    private func forgettable(at height: Height) -> [Digest] {
        entries.filter {
            !$0.isOpen
                && $0.order.height.advanced(by: NodeParameters.maximumOrderAgeTicks) < height
        }.map(\.order.id)
    }

    /// - Returns: the orders that were forgotten for it: only where their room is needed.
    package mutating func add(_ order: SendOrder, at height: Height) -> [Digest] {
        guard progress(of: order.id) == nil else { return [] }
        var forgotten: [Digest] = []
        if entries.count >= NodeParameters.maximumRememberedSends {
            forgotten = forgettable(at: height)
            entries.removeAll { forgotten.contains($0.order.id) }
        }
        precondition(
            entries.count < NodeParameters.maximumRememberedSends,
            "an order beyond \(NodeParameters.maximumRememberedSends) was not refused")
        entries.append(Entry(order: order, isKept: false))
        return forgotten
    }

    package func isKept(_ id: Digest) -> Bool {
        entries.contains { $0.order.id == id && $0.isKept }
    }

    package mutating func keep(_ id: Digest) {
        change(id) { $0.isKept = true }
    }

    /// Nothing of it is on disk, so nothing is signed.
    package mutating func giveUp(_ id: Digest) {
        entries.removeAll { $0.order.id == id && !$0.isKept }
    }

    package mutating func recall(_ order: SendOrder, lastAttempt: SendAttempt?) {
        // A run that ends while it forgets leaves more on disk than it remembered.
        guard progress(of: order.id) == nil,
            entries.count < 2 * NodeParameters.maximumRememberedSends
        else { return }
        entries.append(
            Entry(
                order: order, isKept: true, number: lastAttempt?.number ?? 0,
                attempt: lastAttempt))
    }

    private mutating func change(_ id: Digest, _ body: (inout Entry) -> Void) {
        guard let index = entries.firstIndex(where: { $0.order.id == id }) else { return }
        body(&entries[index])
    }
}

// MARK: - Transactions

extension SendingDuty {
    fileprivate static let dutyPrefix = "send/"

    package static func duty(of id: Digest, number: UInt64) -> Duty {
        Duty("\(dutyPrefix)\(id.hex)/\(number)")
    }

    /// What has to be handed to the log now, oldest order first.
    ///
    /// - Parameters:
    ///   - balance: of the account after the block at `height`.
    ///   - mayBegin: whether orders may be signed that are not yet.
    ///   - cost: the order's amount with all fees; nil where no amount can say it.
    package mutating func advance(
        at height: Height, balance: Amount, mayBegin: Bool, cost: (SendOrder) -> Amount?
    ) -> [Step] {
        var free = balance
        var steps: [Step] = []
        for index in entries.indices where entries[index].isOpen && entries[index].isKept {
            let entry = entries[index]
            let needed = cost(entry.order) ?? Amount(units: .max)
            if !entry.isHandedOver, !mayBegin || needed > free { continue }
            free = free.remainder(without: needed)
            if let next = entry.nextTry, next > height { continue }
            entries[index].nextTry = height.advanced(by: NodeParameters.sendPatienceTicks)
            steps.append(
                Step(
                    transfer: Transfer(
                        recipient: entry.order.recipient, amount: entry.order.amount),
                    duty: Self.duty(of: entry.order.id, number: entry.number).name))
        }
        return steps
    }

    /// What is left of `balance` when every waiting order is paid.
    package func free(of balance: Amount, cost: (SendOrder) -> Amount?) -> Amount {
        waitingOrders.reduce(balance) { free, order in
            free.remainder(without: cost(order) ?? Amount(units: .max))
        }
    }

    package mutating func signed(_ duty: Duty, transactionID: Digest, nonce: UInt64) {
        guard let index = index(of: duty) else { return }
        entries[index].attempt = SendAttempt(
            number: entries[index].number, transactionID: transactionID, nonce: nonce)
    }

    /// The log says that it will not take the transaction: it is handed over again, sooner.
    package mutating func refusedByLog(_ duty: Duty, at height: Height) {
        guard let index = index(of: duty), entries[index].isOpen else { return }
        entries[index].nextTry = height.advanced(by: NodeParameters.sendRefusalPatienceTicks)
    }

    private func index(of duty: Duty) -> Int? {
        entries.firstIndex { Self.duty(of: $0.order.id, number: $0.number) == duty }
    }

    /// Takes in what the block at `height` did.
    /// - Parameter nonce: the highest that the account has used.
    package mutating func folded(_ events: [LedgerEvent], nonce: UInt64, at height: Height) {
        for event in events { take(event, at: height) }
        for index in entries.indices {
            guard entries[index].isOpen, let attempt = entries[index].attempt,
                attempt.nonce <= nonce
            else { continue }
            entries[index].attempt = nil
            entries[index].nextTry = nil
            entries[index].number = attempt.number + 1
            if entries[index].number == NodeParameters.maximumSendAttempts {
                entries[index].outcome = .failed(at: height, .overtaken)
            }
        }
    }

    /// A drop decides nothing here: a copy is dropped, too.
    private mutating func take(_ event: LedgerEvent, at height: Height) {
        switch event {
        case .transferred(let id, _, _, _):
            settle(id, .paid(at: height))
        case .refused(let id, _, .transfer, let refusal):
            settle(id, .failed(at: height, .refused(refusal)))
        default:
            break
        }
    }

    private mutating func settle(_ transactionID: Digest, _ outcome: SendState) {
        for index in entries.indices
        where entries[index].isOpen && entries[index].attempt?.transactionID == transactionID {
            entries[index].outcome = outcome
        }
    }

    /// The whole balance is gone: orders of before that were not signed are over.
    package mutating func withdrawn(at height: Height) {
        for index in entries.indices
        where entries[index].isOpen && !entries[index].isHandedOver
            && entries[index].order.acceptedAt < height
        {
            entries[index].outcome = .failed(at: height, .withdrawn)
        }
    }
}

extension Duty {
    /// Whether it is signed for once, whatever the log says: see `SendingDuty`.
    package var isSignedOnce: Bool { name.hasPrefix(SendingDuty.dutyPrefix) }
}

extension Amount {
    /// Zero where there is less. Not inlined: Swift 6.3.1's optimiser crashes on typed throws in loops.
    @inline(never)
    fileprivate func remainder(without other: Amount) -> Amount {
        (try? subtracting(other)) ?? .zero
    }
}
