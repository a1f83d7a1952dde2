internal import Cryptography
package import Primitives

/// What the log has promised to this node and not kept yet. A promise whose height is folded
/// without its transaction is broken: the log censors, or has lost what it acknowledged.
package struct ReceiptBook: Sendable {
    private var receipts: [Receipt] = []

    package init() {}

    /// Bounded: beyond `NodeRuntimeParameters.maximumReceipts` the oldest is forgotten.
    package mutating func add(_ receipt: Receipt) {
        guard !receipts.contains(where: { $0.transactionID == receipt.transactionID }) else {
            return
        }
        receipts.append(receipt)
        if receipts.count > NodeRuntimeParameters.maximumReceipts { receipts.removeFirst() }
    }

    /// Takes in the next block; returns the receipts that it breaks.
    package mutating func folded(_ block: LogBlock) -> [Receipt] {
        guard !receipts.isEmpty else { return [] }
        let included = Set(block.transactions.map(\.id))
        receipts.removeAll { included.contains($0.transactionID) }
        let broken = receipts.filter { $0.lastInclusionHeight <= block.height }
        receipts.removeAll { $0.lastInclusionHeight <= block.height }
        return broken
    }

    package var count: Int { receipts.count }
}
