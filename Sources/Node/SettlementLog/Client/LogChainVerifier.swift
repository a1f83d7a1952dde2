package import Cryptography
package import Primitives

/// Checks that blocks are the authority's and follow each other. Pure.
package struct LogChainVerifier: Hashable, Sendable {
    package let networkID: NetworkID
    package let authority: OperatorKey
    /// Of the block that must come next.
    package private(set) var nextHeight: Height
    /// Nil where the first block's own signature must do.
    private var previousHash: Digest?
    /// Of the last accepted block; a log's time stands still rather than going back.
    private var lastTimeMilliseconds: UInt64 = 0

    /// - Parameter previousHash: the policy hash for height 0, or the hash of the block before
    ///   `nextHeight`; nil trusts the signature of the first block.
    package init(
        networkID: NetworkID, authority: OperatorKey, nextHeight: Height, previousHash: Digest?
    ) {
        self.networkID = networkID
        self.authority = authority
        self.nextHeight = nextHeight
        self.previousHash = previousHash
    }

    /// Accepts `block` as the next one, or throws and stays where it was.
    package mutating func accept(_ block: LogBlock) throws(LogChainError) {
        let header = block.header.header
        guard header.height == nextHeight else {
            throw .wrongHeight(expected: nextHeight, found: header.height)
        }
        let signedBytes = header.signedBytes(networkID: networkID)
        guard Ed25519.verify(block.header.signature, message: signedBytes, key: authority) else {
            throw .badSignature(header.height)
        }
        guard LogHeader.transactionsHash(of: block.transactions) == header.transactionsHash else {
            throw .wrongTransactions(header.height)
        }
        if let previousHash, previousHash != header.previousHash {
            throw .fork(
                header.height, expectedPrevious: previousHash,
                foundPrevious: header.previousHash)
        }
        guard header.timeMilliseconds >= lastTimeMilliseconds else {
            throw .timeWentBack(
                header.height, from: lastTimeMilliseconds, to: header.timeMilliseconds)
        }
        previousHash = SHA256.hash(signedBytes)
        lastTimeMilliseconds = header.timeMilliseconds
        nextHeight = nextHeight.advanced(by: 1)
    }
}
