package import Cryptography

/// One tick of the settlement log.
package struct LogBlock: Hashable, Sendable {
    package let header: SignedLogHeader
    package let transactions: [LedgerTransaction]

    package init(header: SignedLogHeader, transactions: [LedgerTransaction]) {
        self.header = header
        self.transactions = transactions
    }

    package var height: Height { header.header.height }
}

package struct LogHeader: Hashable, Sendable {
    package let height: Height
    /// Milliseconds since 1970-01-01 UTC by the log's clock; only ever shown, never a rule.
    package let timeMilliseconds: UInt64
    /// The policy hash of the network for height 0.
    package let previousHash: Digest
    package let transactionsHash: Digest

    package init(
        height: Height, timeMilliseconds: UInt64, previousHash: Digest, transactionsHash: Digest
    ) {
        self.height = height
        self.timeMilliseconds = timeMilliseconds
        self.previousHash = previousHash
        self.transactionsHash = transactionsHash
    }

    /// What the next block's `previousHash` holds and the authority signs.
    package func signedBytes(networkID: NetworkID) -> [UInt8] {
        taggedBytes(
            "log-block",
            [
                .key(networkID), .integer(height.number), .integer(timeMilliseconds),
                .key(previousHash), .key(transactionsHash),
            ])
    }

    package func hash(networkID: NetworkID) -> Digest {
        SHA256.hash(signedBytes(networkID: networkID))
    }

    /// Over each transaction's signed bytes and signature, so that a header fixes every byte.
    package static func transactionsHash(of transactions: [LedgerTransaction]) -> Digest {
        taggedHash(
            "log-transactions",
            transactions.flatMap { [.bytes($0.signedBytes), .bytes($0.signature.bytes)] })
    }
}

package struct SignedLogHeader: Hashable, Sendable {
    package let header: LogHeader
    package let signature: Signature

    package init(header: LogHeader, signature: Signature) {
        self.header = header
        self.signature = signature
    }
}

/// The log's promise to include a transaction at a height no later than `lastInclusionHeight`.
package struct Receipt: Hashable, Sendable {
    package let transactionID: Digest
    package let lastInclusionHeight: Height
    package let signature: Signature

    package init(transactionID: Digest, lastInclusionHeight: Height, signature: Signature) {
        self.transactionID = transactionID
        self.lastInclusionHeight = lastInclusionHeight
        self.signature = signature
    }

    package static func signedBytes(
        networkID: NetworkID, transactionID: Digest, lastInclusionHeight: Height
    ) -> [UInt8] {
        taggedBytes(
            "receipt",
            [.key(networkID), .key(transactionID), .integer(lastInclusionHeight.number)])
    }
}
