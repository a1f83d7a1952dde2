internal import Cryptography
internal import Primitives

/// The settlement log without disk and wire: submissions in, one signed block at each tick. Like
/// the real one it takes each transaction once and a key's transactions in nonce order, and
/// forgets nothing that it took.
struct SimulatedLog: Sendable {
    private let networkID: NetworkID
    private let authority: SimulatedKey
    private var previousHash: Digest
    private(set) var blocks: [LogBlock] = []
    private var waiting: [LedgerTransaction] = []
    /// Highest nonce in a block, by key.
    private var included: [OperatorKey: UInt64] = [:]
    var isDown = false

    init(networkID: NetworkID, authority: SimulatedKey, policyHash: Digest) {
        self.networkID = networkID
        self.authority = authority
        previousHash = policyHash
    }

    mutating func submit(_ transaction: LedgerTransaction) {
        guard transaction.nonce > included[transaction.key] ?? 0,
            !waiting.contains(where: {
                $0.key == transaction.key && $0.nonce == transaction.nonce
            })
        else { return }
        waiting.append(transaction)
    }

    mutating func seal(atMilliseconds time: UInt64) -> LogBlock {
        let transactions = takeNext()
        let header = LogHeader(
            height: Height(UInt64(blocks.count)), timeMilliseconds: time,
            previousHash: previousHash,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        previousHash = header.hash(networkID: networkID)
        let signature = authority.sign(header.signedBytes(networkID: networkID))
        let block = LogBlock(
            header: SignedLogHeader(header: header, signature: signature),
            transactions: transactions)
        blocks.append(block)
        return block
    }

    /// What has no gap before it, in the order of arrival.
    private mutating func takeNext() -> [LedgerTransaction] {
        var taken: [LedgerTransaction] = []
        var isChanged = true
        while isChanged {
            isChanged = false
            for transaction in waiting
            where transaction.nonce == (included[transaction.key] ?? 0) + 1 {
                included[transaction.key] = transaction.nonce
                taken.append(transaction)
                isChanged = true
            }
        }
        let included = included
        waiting.removeAll { $0.nonce <= included[$0.key] ?? 0 }
        return taken
    }
}
