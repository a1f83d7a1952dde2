package import Cryptography
package import Primitives

/// What a node asks a peer, one request for each stream.
package enum PeerRequest: Hashable, Sendable {
    case blockBody(BlockID)
    /// By the SHA-256 of the proof.
    case proof(Digest)
    /// Log blocks from a height on; the answer may hold fewer than `limit`, which is at least 1.
    case logBlocks(from: Height, limit: Int)
    /// "I stand here; where are you?"
    case status(PeerStatus)
}

/// The answer, of the request's kind or `unavailable`.
package enum PeerResponse: Hashable, Sendable {
    /// A block's payments, encoded: `MessageCodec.decodeBlockBody`.
    case blockBody([UInt8])
    case proof([UInt8])
    case logBlocks([LogBlock])
    case status(PeerStatus)
    case unavailable
}

/// Where a node stands. A peer with another network or policy is left with that reason.
package struct PeerStatus: Hashable, Sendable {
    package let networkID: NetworkID
    package let policyHash: Digest
    /// The last log block that the node has folded.
    package let height: Height
    /// Its ledger's root after that height.
    package let ledgerRoot: Digest

    package init(networkID: NetworkID, policyHash: Digest, height: Height, ledgerRoot: Digest) {
        self.networkID = networkID
        self.policyHash = policyHash
        self.height = height
        self.ledgerRoot = ledgerRoot
    }
}

extension PeerResponse {
    /// The longest beginning of `blocks` that fits one response; empty only where `blocks` is.
    package static func logBlocks(fitting blocks: [LogBlock]) -> PeerResponse {
        var byteCount = 0
        var transactionCount = 0
        var count = 0
        for block in blocks.prefix(MessagesParameters.maximumLogBlocksPerResponse) {
            byteCount += MessageCodec.encode(block).count + 8
            transactionCount += block.transactions.count
            let fits =
                byteCount <= MessagesParameters.maximumLogBlockByteCount
                && transactionCount <= MessagesParameters.maximumTransactionsPerLogBlock
            guard fits || count == 0 else { break }
            count += 1
        }
        return .logBlocks(Array(blocks.prefix(count)))
    }
}
