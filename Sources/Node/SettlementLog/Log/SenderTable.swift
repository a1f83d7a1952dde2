import Ledger
import Primitives

/// What each key has on the log, or waiting for it, that the log's ledger has not folded, and what
/// it has sent of the limited kinds in the open slot.
///
/// Bounds: a key stays only while something of it is not folded, or while a slot is open in which
/// it has sent a limited kind: what waits is bounded, what is not folded is
/// (`SettlementLogLimits.maximumFoldLag` blocks), and who sends has an account and pays or is
/// admitted.
struct SenderTable {
    private struct Sender {
        /// Highest accepted nonce; 0 where all of its transactions are held.
        var lastNonce: UInt64 = 0
        /// Base units that they can take at most.
        var spending: UInt128 = 0
        var count = 0
        var kinds: [TransactionKind: Int] = [:]
    }

    private let rules: LedgerRules
    private var senders: [OperatorKey: Sender] = [:]
    /// Folded since the open slot opened.
    private var foldedKinds: [OperatorKey: [TransactionKind: Int]] = [:]

    init(rules: LedgerRules) { self.rules = rules }

    var count: Int { senders.count }

    /// Highest accepted nonce of what is not folded; 0 for none.
    func lastNonce(of key: OperatorKey) -> UInt64 { senders[key]?.lastNonce ?? 0 }

    /// Base units that what is not folded can take from the key's account.
    func spent(by key: OperatorKey) -> UInt128 { senders[key]?.spending ?? 0 }

    /// Of the open slot, held ones included; a few of the slot before may still count.
    func count(of kind: TransactionKind, by key: OperatorKey) -> Int {
        (senders[key]?.kinds[kind] ?? 0) + (foldedKinds[key]?[kind] ?? 0)
    }

    /// It is held, or waits for a block.
    mutating func add(_ transaction: LedgerTransaction) {
        var sender = senders[transaction.key] ?? Sender()
        sender.spending += rules.spending(of: transaction)
        sender.count += 1
        if Self.isLimited(transaction.kind) { sender.kinds[transaction.kind, default: 0] += 1 }
        senders[transaction.key] = sender
    }

    /// It has its place: its nonce is used.
    mutating func accept(_ transaction: LedgerTransaction) {
        senders[transaction.key]?.lastNonce = transaction.nonce
    }

    /// It is folded, or given up.
    mutating func remove(_ transaction: LedgerTransaction) {
        guard var sender = senders[transaction.key] else { return }
        let spending = rules.spending(of: transaction)
        sender.spending -= min(spending, sender.spending)
        sender.count -= 1
        if let count = sender.kinds[transaction.kind] {
            sender.kinds[transaction.kind] = count > 1 ? count - 1 : nil
        }
        senders[transaction.key] = sender.count > 0 ? sender : nil
    }

    mutating func countFolded(_ transaction: LedgerTransaction) {
        guard Self.isLimited(transaction.kind) else { return }
        foldedKinds[transaction.key, default: [:]][transaction.kind, default: 0] += 1
    }

    mutating func openSlot() { foldedKinds = [:] }

    private static func isLimited(_ kind: TransactionKind) -> Bool {
        SettlementLogLimits.maximumPerSlot(of: kind) != nil
    }
}
