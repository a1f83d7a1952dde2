import Cryptography
import Ledger
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
/// Only keys that the log's ledger knows, and that can pay beside all else that they have sent, are
/// heard (`LedgerState.checkSender`). A key's transactions are taken in nonce order, each once. One
/// whose nonce is next is accepted; one a little above is held for `heldTicks` and accepted as soon
/// as the gap is filled; everything else is refused. A block takes accepted transactions in order of
/// acceptance.
///
/// The ledger may be some blocks behind the log: what it has not folded is counted here.
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

    /// After the last block that is folded.
    private(set) var ledger: LedgerState
    private var senders: SenderTable
    /// Of the first block that this queue filled: those before it are in the ledger only.
    private let firstHeight: Height
    private(set) var pending: [PendingTransaction] = []
    private var pendingByID: [Digest: PendingTransaction] = [:]
    private var held: [OperatorKey: [UInt64: Held]] = [:]
    private(set) var heldCount = 0
    /// Of pending and held together.
    private(set) var byteCount = 0

    /// - Parameters:
    ///   - ledger: of the genesis.
    ///   - pending: what had a receipt and no block when the log stopped, in order.
    ///   - nextHeight: of the next block.
    init(ledger: LedgerState, pending: [PendingTransaction], nextHeight: Height) {
        self.ledger = ledger
        senders = SenderTable(rules: ledger.rules)
        firstHeight = nextHeight
        for entry in pending {
            senders.add(entry.transaction)
            append(entry)
        }
    }

    /// Keys with something that is not folded.
    var senderCount: Int { senders.count }

    /// The highest nonce that is folded, in a block or accepted.
    func lastNonce(of key: OperatorKey) -> UInt64 {
        max(ledger.nonce(of: key), senders.lastNonce(of: key))
    }

    func isPending(_ id: Digest) -> Bool { pendingByID[id] != nil }

    /// The ledger has folded `block`.
    mutating func fold(_ block: LogBlock, into next: LedgerState) {
        let isSameSlot = next.slot?.slot == ledger.slot?.slot
        ledger = next
        if !isSameSlot { senders.openSlot() }
        for transaction in block.transactions {
            if isSameSlot { senders.countFolded(transaction) }
            if block.height >= firstHeight { senders.remove(transaction) }
        }
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
        try checkSender(of: transaction)
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
                senders.remove(entry.transaction)
                expired.append((entry.id, lastNonce(of: key) + 1))
            }
        }
        return expired
    }

    private func checkSender(of transaction: LedgerTransaction) throws(SubmissionRefusal) {
        let key = transaction.key
        do throws(SenderRefusal) {
            try ledger.checkSender(of: transaction, spent: senders.spent(by: key))
        } catch {
            throw .sender(error)
        }
        let kind = transaction.kind
        guard let limit = SettlementLogLimits.maximumPerSlot(of: kind) else { return }
        guard senders.count(of: kind, by: key) < limit else {
            throw .slotShareUsed(limit: limit)
        }
    }

    private func checkRoom(
        for transaction: LedgerTransaction, byteCount: Int
    ) throws(SubmissionRefusal) {
        let limits = SettlementLogLimits.self
        let ahead = transaction.nonce - ledger.nonce(of: transaction.key)
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
        senders.accept(entry.transaction)
        pending.append(entry)
        pendingByID[entry.id] = entry
        byteCount += entry.byteCount
    }

    private mutating func hold(_ entry: Held) {
        held[entry.transaction.key, default: [:]][entry.transaction.nonce] = entry
        senders.add(entry.transaction)
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
