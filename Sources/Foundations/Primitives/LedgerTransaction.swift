package import Cryptography

/// One signed entry of the settlement log. The signature covers the body's bytes as they were
/// sent, never an encoding of ours.
package struct LedgerTransaction: Hashable, Sendable {
    package let networkID: NetworkID
    package let key: OperatorKey
    /// 1 for a key's first transaction, then one more each time.
    package let nonce: UInt64
    package let kind: TransactionKind
    /// The serialised protobuf body of `kind`.
    package let bodyBytes: [UInt8]
    package let signature: Signature
    /// `bodyBytes` decoded and checked; nil where they are no valid body of `kind`.
    package let body: LedgerBody?

    package init(
        networkID: NetworkID, key: OperatorKey, nonce: UInt64, kind: TransactionKind,
        bodyBytes: [UInt8], signature: Signature, body: LedgerBody?
    ) {
        self.networkID = networkID
        self.key = key
        self.nonce = nonce
        self.kind = kind
        self.bodyBytes = bodyBytes
        self.signature = signature
        self.body = body
    }

    /// What the signature covers: `tag ‖ networkId ‖ key ‖ nonce ‖ kind ‖ body`.
    package static func signedBytes(
        networkID: NetworkID, key: OperatorKey, nonce: UInt64, kind: TransactionKind,
        bodyBytes: [UInt8]
    ) -> [UInt8] {
        taggedBytes(
            "transaction",
            [
                .key(networkID), .key(key), .integer(nonce), .integer(UInt64(kind.rawValue)),
                .bytes(bodyBytes),
            ])
    }

    package var signedBytes: [UInt8] {
        Self.signedBytes(
            networkID: networkID, key: key, nonce: nonce, kind: kind, bodyBytes: bodyBytes)
    }

    /// Names the transaction whatever its signature: the hash of what is signed.
    package var id: Digest { SHA256.hash(signedBytes) }
}

/// The kinds of this protocol version; numbers are for ever.
package enum TransactionKind: UInt32, CaseIterable, Sendable {
    case transfer = 1
    case register = 2
    case intents = 3
    case fernetCommit = 4
    case fernetProposal = 5
    case blockReveal = 6
    case election = 7
    case proofCommitment = 8
    case rootProof = 9
    case evidence = 10
    case exit = 11
}

package indirect enum LedgerBody: Hashable, Sendable {
    case transfer(Transfer)
    case register(Registration)
    case intents([SignedIntent])
    case fernetCommit(FernetCommit)
    case fernetProposal(FernetProposal)
    case blockReveal(BlockReveal)
    case election(Election)
    case proofCommitment(ProofCommitment)
    case rootProof(RootProof)
    case evidence(Evidence)
    case exit(Exit)
}
