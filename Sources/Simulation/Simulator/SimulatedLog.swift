internal import Cryptography
internal import Primitives

/// The settlement log without disk and wire: submissions in, one signed block at each tick.
struct SimulatedLog: Sendable {
    private let networkID: NetworkID
    private let authority: SimulatedKey
    private var previousHash: Digest
    private var nextHeight = Height(0)
    private var waiting: [LedgerTransaction] = []

    init(networkID: NetworkID, authority: SimulatedKey, policyHash: Digest) {
        self.networkID = networkID
        self.authority = authority
        previousHash = policyHash
    }

    mutating func submit(_ transaction: LedgerTransaction) { waiting.append(transaction) }

    mutating func seal(atMilliseconds time: UInt64) -> LogBlock {
        let transactions = waiting
        waiting = []
        let header = LogHeader(
            height: nextHeight, timeMilliseconds: time, previousHash: previousHash,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        previousHash = header.hash(networkID: networkID)
        nextHeight = nextHeight.advanced(by: 1)
        let signature = authority.sign(header.signedBytes(networkID: networkID))
        return LogBlock(
            header: SignedLogHeader(header: header, signature: signature),
            transactions: transactions)
    }
}
