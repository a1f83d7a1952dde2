package import Cryptography
package import Primitives

extension MessageCodec {
    /// A signed transaction of `body`. `sign` gets the bytes that the signature covers.
    package static func transaction<Failure: Error>(
        _ body: LedgerBody, networkID: NetworkID, key: OperatorKey, nonce: UInt64,
        sign: ([UInt8]) throws(Failure) -> Signature
    ) throws(Failure) -> LedgerTransaction {
        let bodyBytes = encode(body)
        let kind = kind(of: body)
        let signature = try sign(
            LedgerTransaction.signedBytes(
                networkID: networkID, key: key, nonce: nonce, kind: kind, bodyBytes: bodyBytes))
        return LedgerTransaction(
            networkID: networkID, key: key, nonce: nonce, kind: kind, bodyBytes: bodyBytes,
            signature: signature, body: body)
    }

    package static func encode(_ transaction: LedgerTransaction) -> [UInt8] {
        encoded(transaction)
    }

    /// The body is decoded too; one that is no valid body of its kind leaves `body` nil. The
    /// signature is unchecked.
    package static func decodeTransaction(
        _ bytes: [UInt8]
    ) throws(DecodingError) -> LedgerTransaction {
        try decoded(
            LedgerTransaction.self, from: bytes,
            atMost: MessagesParameters.maximumTransactionByteCount)
    }

    package static func encode(_ body: LedgerBody) -> [UInt8] {
        switch body {
        case .transfer(let body): encoded(body)
        case .register(let body): encoded(body)
        case .intents(let intents): encoded(IntentBatch(intents: intents))
        case .fernetCommit(let body): encoded(body)
        case .fernetProposal(let body): encoded(body)
        case .blockReveal(let body): encoded(body)
        case .election(let body): encoded(body)
        case .proofCommitment(let body): encoded(body)
        case .rootProof(let body): encoded(body)
        case .evidence(let body): encoded(body)
        case .exit(let body): encoded(body)
        }
    }

    package static func decodeBody(
        _ kind: TransactionKind, from bytes: [UInt8]
    ) throws(DecodingError) -> LedgerBody {
        let limit = kind.maximumBodyByteCount
        switch kind {
        case .transfer: return .transfer(try decoded(Transfer.self, from: bytes, atMost: limit))
        case .register:
            return .register(try decoded(Registration.self, from: bytes, atMost: limit))
        case .intents: return .intents(try decodeIntents(bytes, atMost: limit))
        case .fernetCommit:
            return .fernetCommit(try decoded(FernetCommit.self, from: bytes, atMost: limit))
        case .fernetProposal:
            return .fernetProposal(try decoded(FernetProposal.self, from: bytes, atMost: limit))
        case .blockReveal:
            return .blockReveal(try decoded(BlockReveal.self, from: bytes, atMost: limit))
        case .election: return .election(try decoded(Election.self, from: bytes, atMost: limit))
        case .proofCommitment:
            return .proofCommitment(try decoded(ProofCommitment.self, from: bytes, atMost: limit))
        case .rootProof:
            return .rootProof(try decoded(RootProof.self, from: bytes, atMost: limit))
        case .evidence: return .evidence(try decoded(Evidence.self, from: bytes, atMost: limit))
        case .exit: return .exit(try decoded(Exit.self, from: bytes, atMost: limit))
        }
    }

    package static func kind(of body: LedgerBody) -> TransactionKind {
        switch body {
        case .transfer: .transfer
        case .register: .register
        case .intents: .intents
        case .fernetCommit: .fernetCommit
        case .fernetProposal: .fernetProposal
        case .blockReveal: .blockReveal
        case .election: .election
        case .proofCommitment: .proofCommitment
        case .rootProof: .rootProof
        case .evidence: .evidence
        case .exit: .exit
        }
    }

    private static func decodeIntents(
        _ bytes: [UInt8], atMost limitByteCount: Int
    ) throws(DecodingError) -> [SignedIntent] {
        let count = MessagesParameters.maximumIntentsPerTransaction
        return try decoded(
            IntentBatch.self, from: bytes, atMost: limitByteCount,
            limits: [FieldLimit("envelopes", field: 1, atMost: count)]
        ).intents
    }
}
