package import Primitives

extension PaymentPool {
    /// The payments of the next block, in their order: again and again the dearest (of equals the
    /// earliest) of the accounts' next payments. An account's nonces are consecutive from its
    /// present one, and its one-time key indices rise, without which the executor would refuse.
    /// A × log A comparisons to begin, log A for each payment.
    package func select(limit: Int) -> [Payment] {
        // The best last.
        var heads: [Head] = queues.keys.sorted().compactMap { account in
            queues[account].flatMap { queue in
                queue.pending.first.flatMap { first in
                    first.payment.nonce == queue.nonce
                        ? Head(pending: first, account: account, place: 0) : nil
                }
            }
        }.sorted()
        var chosen: [Payment] = []
        while chosen.count < limit, let head = heads.popLast() {
            let payment = head.pending.payment
            chosen.append(payment)
            guard let next = successor(of: head) else { continue }
            heads.insert(next, at: heads.partitionPoint { next < $0 })
        }
        return chosen
    }

    private func successor(of head: Head) -> Head? {
        guard let pending = queues[head.account]?.pending else { return nil }
        let place = head.place + 1
        guard place < pending.count else { return nil }
        let (present, next) = (head.pending.payment, pending[place].payment)
        guard next.nonce == present.nonce + 1, next.keyIndex > present.keyIndex else { return nil }
        return Head(pending: pending[place], account: head.account, place: place)
    }
}

/// An account's next payment, ordered by how much a block wants it.
private struct Head: Comparable {
    let pending: PaymentPool.Pending
    let account: UInt32
    /// In the account's queue.
    let place: Int

    static func < (lhs: Head, rhs: Head) -> Bool {
        let (left, right) = (lhs.pending, rhs.pending)
        if left.payment.fee != right.payment.fee { return left.payment.fee < right.payment.fee }
        return left.arrival > right.arrival
    }
}

extension [Head] {
    /// The first place whose element satisfies `predicate`, which holds from there on.
    fileprivate func partitionPoint(_ predicate: (Head) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
