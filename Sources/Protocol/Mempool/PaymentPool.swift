package import Primitives

/// Payments that wait for a block.
///
/// By account and nonce: one payment for each, the dearer of two replaces the cheaper. The caller
/// has verified a payment's one-time signature and says what the account's nonce is; balances are
/// the executor's matter, which skips what an account cannot pay. A block's payments leave the
/// pool when the caller reports the accounts' new nonces, which it does when the block is final.
///
/// Bounds: `capacity` in all, `capacityPerAccount` for each account. In a full pool the cheapest
/// of the accounts' last payments makes room for a dearer newcomer; only last ones may go, since
/// what follows a gap is worth nothing. Insertion is linear in the number of accounts (a block
/// move), logarithmic in comparisons.
///
/// Deviation: a dear payment does not pull cheap ones of the same account before it into a block.
package struct PaymentPool: Sendable {
    struct Pending: Hashable, Sendable {
        let payment: Payment
        /// Counts insertions: of two equal fees the earlier one is taken.
        let arrival: UInt64
    }

    struct Queue: Hashable, Sendable {
        /// The account's present nonce, as the caller last said.
        var nonce: UInt64
        /// In ascending order of nonce, gaps allowed.
        var pending: [Pending] = []
    }

    /// An account's last payment, ordered by what the pool would miss least.
    private struct Tail: Hashable, Comparable, Sendable {
        let fee: Amount
        let arrival: UInt64
        let account: UInt32

        static func < (lhs: Tail, rhs: Tail) -> Bool {
            lhs.fee != rhs.fee ? lhs.fee < rhs.fee : lhs.arrival > rhs.arrival
        }
    }

    private let parameters: MempoolParameters
    private(set) var queues: [UInt32: Queue] = [:]
    /// Ascending.
    private var tails: [Tail] = []
    private var arrivalCount: UInt64 = 0
    package private(set) var count = 0

    package init(parameters: MempoolParameters) { self.parameters = parameters }

    /// Takes `payment`, whose sender's nonce is `accountNonce` now.
    package mutating func insert(
        _ payment: Payment, accountNonce: UInt64
    ) throws(MempoolError) {
        advance(account: payment.sender, toNonce: accountNonce)
        try checkNonceAndFee(payment, accountNonce)
        let queue = queues[payment.sender] ?? Queue(nonce: accountNonce)
        let place =
            queue.pending.firstIndex { $0.payment.nonce >= payment.nonce } ?? queue.pending.count
        if place < queue.pending.count, queue.pending[place].payment.nonce == payment.nonce {
            try checkReplacement(of: queue.pending[place].payment, by: payment)
            let entry = newcomer(payment)
            change(payment.sender) { $0.pending[place] = entry }
            return
        }
        if count >= parameters.capacity { try makeRoom(for: payment) }
        // Making room may have taken this account's own last payment.
        let last = queues[payment.sender]?.pending.count ?? 0
        let entry = newcomer(payment)
        if queues[payment.sender] == nil { queues[payment.sender] = Queue(nonce: accountNonce) }
        change(payment.sender) { $0.pending.insert(entry, at: min(place, last)) }
        count += 1
    }

    /// Forgets the payments of `account` that are no longer possible: included or overtaken.
    /// A nonce that goes back, after a block that was never proven, changes nothing here: what the
    /// block held must be inserted again.
    package mutating func advance(account: UInt32, toNonce nonce: UInt64) {
        guard let queue = queues[account] else { return }
        let left = queue.pending.filter { $0.payment.nonce >= nonce }
        count -= queue.pending.count - left.count
        change(account) {
            $0.nonce = nonce
            $0.pending = left
        }
    }

    /// Forgets the payments of `account` whose one-time key is below `nextKeyIndex`, as the account
    /// has it now: no block can hold them any more, and they would keep their nonces from others.
    package mutating func dropUsedKeys(account: UInt32, below nextKeyIndex: UInt64) {
        guard let queue = queues[account] else { return }
        let left = queue.pending.filter { UInt64($0.payment.keyIndex) >= nextKeyIndex }
        guard left.count < queue.pending.count else { return }
        count -= queue.pending.count - left.count
        change(account) { $0.pending = left }
    }

    /// The accounts whose payments wait, ascending.
    package var senders: [UInt32] { queues.keys.sorted() }

    /// What waits for this nonce of `account`.
    package func pending(account: UInt32, nonce: UInt64) -> Payment? {
        queues[account]?.pending.first { $0.payment.nonce == nonce }?.payment
    }

    package func contains(_ payment: Payment) -> Bool {
        queues[payment.sender]?.pending.contains { $0.payment == payment } ?? false
    }

    /// The nonce that the next payment of `account` has, after those in the pool without a gap.
    package func nextNonce(account: UInt32, accountNonce: UInt64) -> UInt64 {
        var nonce = accountNonce
        for pending in queues[account]?.pending ?? [] where pending.payment.nonce == nonce {
            nonce += 1
        }
        return nonce
    }
}

extension PaymentPool {
    private func checkNonceAndFee(
        _ payment: Payment, _ accountNonce: UInt64
    ) throws(MempoolError) {
        guard payment.nonce >= accountNonce else {
            throw .staleNonce(accountNonce: accountNonce, found: payment.nonce)
        }
        let window = UInt64(parameters.capacityPerAccount)
        guard payment.nonce - accountNonce < window else {
            throw .nonceTooFarAhead(limit: window, found: payment.nonce - accountNonce)
        }
        // The last nonce of all could never be raised.
        guard payment.nonce < .max else {
            throw .nonceTooFarAhead(limit: .max - 1, found: payment.nonce)
        }
        guard payment.fee >= parameters.minimumFee else {
            throw .feeTooLow(needed: parameters.minimumFee, found: payment.fee)
        }
    }

    private func checkReplacement(
        of present: Payment, by payment: Payment
    ) throws(MempoolError) {
        guard payment != present else { throw .alreadyKnown }
        let bump = max(1, present.fee.share(parameters.replacementBump).units)
        let (needed, overflow) = present.fee.units.addingReportingOverflow(bump)
        guard !overflow, payment.fee.units >= needed else {
            throw .replacementTooCheap(
                needed: Amount(units: overflow ? .max : needed), found: payment.fee)
        }
    }

    private mutating func newcomer(_ payment: Payment) -> Pending {
        arrivalCount += 1
        return Pending(payment: payment, arrival: arrivalCount)
    }

    /// The pool is full: the least of the last payments goes, where `payment` offers more.
    private mutating func makeRoom(for payment: Payment) throws(MempoolError) {
        guard let least = tails.first else { return }
        guard payment.fee > least.fee else { throw .poolFull(lowestFee: least.fee) }
        change(least.account) { $0.pending.removeLast() }
        count -= 1
    }

    /// Changes a queue and keeps `tails` true; an empty queue goes.
    private mutating func change(_ account: UInt32, _ body: (inout Queue) -> Void) {
        guard var queue = queues[account] else { return }
        if let tail = tail(of: queue, account) { tails.remove(at: firstTail(notBelow: tail)) }
        body(&queue)
        queues[account] = queue.pending.isEmpty ? nil : queue
        if let tail = tail(of: queue, account) { tails.insert(tail, at: firstTail(notBelow: tail)) }
    }

    private func tail(of queue: Queue, _ account: UInt32) -> Tail? {
        queue.pending.last.map {
            Tail(fee: $0.payment.fee, arrival: $0.arrival, account: account)
        }
    }

    private func firstTail(notBelow tail: Tail) -> Int {
        var low = 0
        var high = tails.count
        while low < high {
            let middle = (low + high) / 2
            if tails[middle] < tail { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
