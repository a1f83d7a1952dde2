import Cryptography
import Messages
import Primitives

/// A transaction that has, or is about to have, a receipt.
struct PendingTransaction: Hashable, Sendable {
    let transaction: LedgerTransaction
    let id: Digest
    /// Of its encoding.
    let byteCount: Int
    let lastInclusionHeight: Height

    var framedByteCount: Int {
        byteCount + SettlementLogLimits.transactionFramingByteCount
    }
}

/// The order of what waits for a block. Pure: no clock, no disk.
///
/// A key's transactions are taken in nonce order, from 1 on, each once. One whose nonce is next is
/// accepted; one a little above is held for `heldTicks` and accepted as soon as the gap is filled;
/// everything else is refused. A block takes accepted transactions in order of acceptance.
struct TransactionQueue {
    enum Admission: Equatable {
        /// The submitted transaction and the held ones that it released, in order.
        case accepted([PendingTransaction])
        /// It already waits for a block.
        case pending(PendingTransaction)
        case held
    }

    private struct Held {
        let transaction: LedgerTransaction
        let id: Digest
        let byteCount: Int
        let lastHeight: Height
    }

    /// Highest nonce in a block, by key.
    private var included: [OperatorKey: UInt64]
    /// Highest accepted nonce of the keys that have something pending.
    private var accepted: [OperatorKey: UInt64] = [:]
    private(set) var pending: [PendingTransaction] = []
    private var pendingByID: [Digest: PendingTransaction] = [:]
    private var held: [OperatorKey: [UInt64: Held]] = [:]
    private(set) var heldCount = 0
    /// Of pending and held together.
    private(set) var byteCount = 0

    /// - Parameters:
    ///   - included: the highest nonce of each key in the blocks so far.
    ///   - pending: what had a receipt and no block when the log stopped, in order.
    init(included: [OperatorKey: UInt64], pending: [PendingTransaction]) {
        self.included = included
        for entry in pending { append(entry) }
    }

    func includedNonce(of key: OperatorKey) -> UInt64 { included[key] ?? 0 }

    private func lastNonce(of key: OperatorKey) -> UInt64 {
        accepted[key] ?? includedNonce(of: key)
    }

    /// - Parameter nextHeight: of the first block that may hold it.
    mutating func admit(
        _ transaction: LedgerTransaction, id: Digest, byteCount: Int, nextHeight: Height
    ) throws(SubmissionRefusal) -> Admission {
        let key = transaction.key
        let expected = lastNonce(of: key) + 1
        guard transaction.nonce >= expected else {
            if let entry = pendingByID[id] { return .pending(entry) }
            throw .nonceUsed(expected: expected)
        }
        if let other = held[key]?[transaction.nonce] {
            guard other.id == id else { throw .nonceUsed(expected: expected) }
            return .held
        }
        guard transaction.nonce - expected <= SettlementLogLimits.maximumNonceGap else {
            throw .nonceGap(expected: expected)
        }
        try checkRoom(for: transaction, byteCount: byteCount)
        let entry = Held(
            transaction: transaction, id: id, byteCount: byteCount,
            lastHeight: nextHeight.advanced(by: SettlementLogLimits.heldTicks - 1))
        hold(entry)
        return transaction.nonce == expected
            ? .accepted(release(key: key, nextHeight: nextHeight)) : .held
    }

    /// The next block's transactions; they are no longer pending.
    mutating func takeBlock() -> [PendingTransaction] {
        var blockByteCount = 0
        var count = 0
        for entry in pending.prefix(MessagesParameters.maximumTransactionsPerLogBlock) {
            blockByteCount += entry.framedByteCount
            guard blockByteCount <= SettlementLogLimits.maximumBlockPayloadByteCount else { break }
            count += 1
        }
        let block = Array(pending.prefix(count))
        pending.removeFirst(count)
        for entry in block {
            let key = entry.transaction.key
            included[key] = entry.transaction.nonce
            if accepted[key] == entry.transaction.nonce { accepted[key] = nil }
            pendingByID[entry.id] = nil
            byteCount -= entry.byteCount
        }
        return block
    }

    /// Gives up what was held for too long: ids in order of key and nonce, each with the nonce that
    /// its key should have used.
    mutating func expire(nextHeight: Height) -> [(id: Digest, expected: UInt64)] {
        var expired: [(id: Digest, expected: UInt64)] = []
        for key in held.keys.sorted() {
            guard let entries = held[key] else { continue }
            for nonce in entries.keys.sorted() {
                guard let entry = entries[nonce], entry.lastHeight < nextHeight else { continue }
                drop(key: key, nonce: nonce)
                expired.append((entry.id, lastNonce(of: key) + 1))
            }
        }
        return expired
    }

    private func checkRoom(
        for transaction: LedgerTransaction, byteCount: Int
    ) throws(SubmissionRefusal) {
        let limits = SettlementLogLimits.self
        let ahead = transaction.nonce - includedNonce(of: transaction.key)
        guard pending.count + heldCount < limits.maximumPendingCount,
            self.byteCount + byteCount <= limits.maximumPendingByteCount,
            ahead <= limits.maximumPendingPerKey
        else { throw .queueFull }
    }

    /// Moves what is next of `key`, and all that follows it without a gap, to `pending`.
    private mutating func release(key: OperatorKey, nextHeight: Height) -> [PendingTransaction] {
        var released: [PendingTransaction] = []
        while let entry = held[key]?[lastNonce(of: key) + 1] {
            drop(key: key, nonce: entry.transaction.nonce)
            let pending = PendingTransaction(
                transaction: entry.transaction, id: entry.id, byteCount: entry.byteCount,
                lastInclusionHeight: nextHeight.advanced(
                    by: SettlementLogLimits.inclusionTicks - 1))
            append(pending)
            released.append(pending)
        }
        return released
    }

    private mutating func append(_ entry: PendingTransaction) {
        accepted[entry.transaction.key] = entry.transaction.nonce
        pending.append(entry)
        pendingByID[entry.id] = entry
        byteCount += entry.byteCount
    }

    private mutating func hold(_ entry: Held) {
        held[entry.transaction.key, default: [:]][entry.transaction.nonce] = entry
        heldCount += 1
        byteCount += entry.byteCount
    }

    private mutating func drop(key: OperatorKey, nonce: UInt64) {
        guard let entry = held[key]?.removeValue(forKey: nonce) else { return }
        if held[key]?.isEmpty == true { held[key] = nil }
        heldCount -= 1
        byteCount -= entry.byteCount
    }
}
