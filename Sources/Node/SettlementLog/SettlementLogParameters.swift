package import Cryptography
package import HTTPSupport
internal import Ledger
internal import Messages
package import Primitives

/// What one settlement log is: set by the network file, never by default.
package struct SettlementLogParameters: Hashable, Sendable {
    package let networkID: NetworkID
    /// The hash of the network file; the first block's `previousHash`.
    package let policyHash: Digest
    /// Time between two blocks.
    package let tick: Duration

    package init(networkID: NetworkID, policyHash: Digest, tick: Duration) {
        self.networkID = networkID
        self.policyHash = policyHash
        self.tick = tick
    }
}

/// The limits of the embedded log and of its HTTP door.
package enum SettlementLogLimits {
    /// How many ticks a transaction waits for the nonces before its own.
    package static let heldTicks: UInt64 = 4
    /// A receipt promises inclusion within this many blocks, the next one included.
    package static let inclusionTicks: UInt64 = 4
    /// How far above the next nonce a transaction may be and still be held.
    package static let maximumNonceGap: UInt64 = 64
    package static let maximumPendingPerKey: UInt64 = 256
    package static let maximumPendingCount =
        2 * MessagesParameters.maximumTransactionsPerLogBlock
    /// Blocks that the log's ledger may be behind the log while transactions are still taken.
    package static let maximumFoldLag: UInt64 = 64
    /// Submissions that wait for the ledger to come to a block.
    package static let maximumFoldWaiterCount = 1_024
    /// Transactions of one key in one slot; nil for the kinds that only the fee limits, which are
    /// small. An honest key sends one of each in a slot, or one after each refusal.
    package static func maximumPerSlot(of kind: TransactionKind) -> Int? {
        switch kind {
        case .fernetCommit, .fernetProposal, .blockReveal, .election: 4
        case .rootProof: LedgerParameters.maximumFailedRootProofs + 1
        case .evidence: 8
        case .register, .intents, .exit: 4
        case .transfer, .proofCommitment: nil
        }
    }
    /// Room for transactions in one block; the rest is header and lengths.
    package static let maximumBlockPayloadByteCount =
        MessagesParameters.maximumLogBlockByteCount - (128 << 10)
    /// A block that is full carries at least all but one largest transaction, so that what waits
    /// fits the blocks that the receipts promise.
    package static let maximumPendingByteCount =
        Int(inclusionTicks)
        * (maximumBlockPayloadByteCount - MessagesParameters.maximumTransactionByteCount)
    /// Bytes of uploads in memory before they are transactions.
    package static let maximumUploadByteCount = 64 << 20
    package static let maximumUploadDuration = Duration.seconds(30)
    /// Bytes of blocks that are being read by clients; the oldest answer is cut off for a new one.
    package static let maximumAnswerByteCount = 256 << 20
    /// Blocks of one answer, beyond the first.
    package static let maximumPageByteCount = 4 << 20
    /// Questions for a block that does not exist yet; the oldest is answered early for a new one.
    package static let maximumLongPollCount = 256
    package static let maximumUploadCount = 256
    /// Readers of `/events`; the oldest is cut off for a new one.
    package static let maximumEventReaderCount = 64
    package static let maximumSubscriberCount = maximumLongPollCount + maximumEventReaderCount
    /// Connections beyond all of the above are not taken from the system's queue.
    package static let maximumConnectionCount = 1024
    static let service = HTTPService.Limits(
        maximumConnectionCount: maximumConnectionCount, idleTimeout: .seconds(60),
        maximumShutdownDuration: .seconds(5))
    package static let door = HTTPDoor.Limits(
        maximumWaiting: 256, headTimeout: .seconds(10), stallTimeout: .seconds(10))
    package static let maximumPollWait = Duration.seconds(30)
    /// How long a reader beside a running log waits for its writer.
    static let readerPatienceSeconds = 10.0
    /// The newest blocks that a starting log checks against each other.
    package static let checkedBlocksAtStart = 1_024
    /// A length and a tag before each transaction of a block.
    static let transactionFramingByteCount = 8
}
