package import Primitives

/// Limits on what arrives. Every one is checked before the bytes are parsed.
package enum MessagesParameters {
    /// A gossip envelope and all in it (`docs/protocol`, messages).
    package static let maximumEnvelopeByteCount = 64 << 10
    package static let maximumRevealByteCount = 4 << 20
    /// The proof of a node: one proof, whatever lies below, and who proved that.
    package static let maximumProofByteCount = 512 << 10
    /// A root proof and, once more, whom it pays.
    package static let maximumRootProofByteCount = 1 << 20
    /// A block's encoded payments, which travel inside a reveal.
    package static let maximumBlockBodyByteCount = maximumRevealByteCount - (4 << 10)
    package static let maximumPaymentByteCount = 16 << 10
    package static let maximumPaymentsPerBlock = 1 << 16
    /// One chain value for each bit of a digest is the longest one-time signature known.
    package static let maximumSignatureDigestCount = 256
    package static let maximumKeyPathLength = 32
    package static let maximumIntentsPerTransaction = 64
    /// Keys, nonce, kind, signature and the lengths between them.
    package static let transactionOverheadByteCount = 256
    package static let maximumTransactionByteCount =
        TransactionKind.allCases.map(\.maximumBodyByteCount).reduce(0, max)
        + transactionOverheadByteCount
    package static let maximumTransactionsPerLogBlock = 4_096
    package static let maximumLogBlockByteCount = 32 << 20
    package static let maximumLogBlocksPerResponse = 256
    package static let maximumRequestByteCount = 256
    /// One whole log block and the wrapping of a response.
    package static let maximumResponseByteCount = maximumLogBlockByteCount + (64 << 10)
    /// Deepest: response, log blocks, log block, signed header, header.
    static let maximumNestingDepth = 8
}

extension TransactionKind {
    /// The most bytes that a body of this kind may have.
    package var maximumBodyByteCount: Int {
        switch self {
        case .transfer, .register, .fernetCommit, .fernetProposal, .election, .proofCommitment,
            .exit:
            1 << 10
        case .intents: MessagesParameters.maximumIntentsPerTransaction * 512
        case .blockReveal: MessagesParameters.maximumRevealByteCount
        case .rootProof: MessagesParameters.maximumRootProofByteCount
        case .evidence: 2 * MessagesParameters.maximumRevealByteCount + (1 << 10)
        }
    }
}
