import Cryptography
import Messages
import Primitives
import VRF

/// One of each noun, every field different from its default and from its neighbours.
enum Samples {
    static func bytes32<Value: Bytes32Representable>(_ seed: UInt8) -> Value {
        Value(bytes: [UInt8](repeating: seed, count: 32))!
    }

    static func digest(_ seed: UInt64) -> FieldDigest {
        FieldDigest(elements: [seed, seed + 1, FieldDigest.modulus - 1 - seed, seed << 20])!
    }

    static func signature(_ seed: UInt8) -> Signature {
        Signature([UInt8](repeating: seed, count: 64))!
    }

    static let networkID: NetworkID = bytes32(0xA1)
    static let key: OperatorKey = bytes32(0xA2)
    static let vrfProof = VRFProof((0..<80).map { UInt8($0) })!

    static let payment = Payment(
        sender: 7, recipient: 9, amount: Amount(units: 1_000_000_007), fee: Amount(units: 300),
        nonce: 12, keyIndex: 13, nextSenderKey: digest(1), recipientKey: digest(2),
        salt: digest(3), signature: [digest(4), digest(5)], keyPath: [digest(6)])

    static var plainPayment: Payment {
        var payment = payment
        payment.recipientKey = nil
        payment.sender = 0
        return payment
    }

    static let header = BlockHeader(
        slot: Slot(5), round: 0, parent: BlockID(digest(10)), stateBefore: digest(11),
        stateAfter: digest(12), paymentRoot: digest(13), leafCount: 3, feeSum: Amount(units: 17),
        bodyHash: bytes32(0x31))
    static let reveal = BlockReveal(
        header: header, body: MessageCodec.encodeBlockBody([payment, plainPayment]))
    static let election = Election(
        slot: Slot(5), blockID: BlockID(digest(14)), vrfProof: vrfProof)
    static let proposal = FernetProposal(
        slot: Slot(6), parent: BlockID(digest(15)), blockCommitment: bytes32(0x41),
        feeShare: BasisPoints(2_500)!, vrfProof: vrfProof)
    static let commitment = ProofCommitment(
        slot: Slot(5), range: LeafRange(first: 2, count: 2)!, commitment: bytes32(0x51))
    static let announcement = ProofAnnouncement(
        slot: Slot(5), range: LeafRange(first: 0, count: 4)!, proofHash: bytes32(0x52),
        byteCount: 123_456, server: [0, 36, 8, 1])
    static let intent = Intent(
        sequence: 2, firstSlot: Slot(3), lastSlot: Slot(40), capacity: 6,
        minFeePerUnit: Amount(units: 44))
    static let rootProof = RootProof(
        slot: Slot(5), blockID: BlockID(digest(16)), proof: [1, 2, 3],
        contributions: Contributions(
            leaves: [
                .init(prover: bytes32(0x61), stateBefore: digest(17), stateAfter: digest(18)),
                .init(prover: bytes32(0x62), stateBefore: digest(18), stateAfter: digest(19)),
            ],
            merges: [bytes32(0x63)]))

    static func envelope(_ message: GossipMessage) -> GossipEnvelope {
        MessageCodec.envelope(message, networkID: networkID, key: key) { _ in signature(0x71) }
    }

    static func transaction(_ body: LedgerBody, nonce: UInt64) -> LedgerTransaction {
        MessageCodec.transaction(body, networkID: networkID, key: key, nonce: nonce) { _ in
            signature(0x72)
        }
    }

    static let evidence = Evidence(
        first: transaction(.fernetProposal(proposal), nonce: 3),
        second: transaction(.fernetCommit(commit), nonce: 4))
    static let commit = FernetCommit(slot: Slot(6), proposalHash: bytes32(0x42))

    static let bodies: [LedgerBody] = [
        .transfer(Transfer(recipient: bytes32(0x21), amount: Amount(units: 5))),
        .register(
            Registration(
                role: .prover, vrfKey: bytes32(0x22), stake: Amount(units: 100),
                possession: vrfProof)),
        .intents([SignedIntent(envelope: envelope(.intent(intent)), intent: intent)]),
        .fernetCommit(commit), .fernetProposal(proposal), .blockReveal(reveal),
        .election(election), .proofCommitment(commitment), .rootProof(rootProof),
        .evidence(evidence), .exit(Exit(role: .sequencer)),
    ]

    static let logHeader = SignedLogHeader(
        header: LogHeader(
            height: Height(8), timeMilliseconds: 1_700_000_000_000, previousHash: bytes32(0x81),
            transactionsHash: bytes32(0x82)),
        signature: signature(0x83))
    static let ledgerRoot = LedgerRootStatement(height: Height(8), ledgerRoot: bytes32(0x84))

    static let gossip: [GossipMessage] = [
        .payment(payment), .intent(intent), .proposal(proposal), .blockHeader(header),
        .election(election), .proofCommitment(commitment), .proofAnnouncement(announcement),
        .evidence(evidence), .logHeader(logHeader), .ledgerRoot(ledgerRoot),
    ]

    static let logBlock = LogBlock(
        header: logHeader,
        transactions: bodies.enumerated().map { transaction($1, nonce: UInt64($0 + 1)) })
    static let receipt = Receipt(
        transactionID: bytes32(0x91), lastInclusionHeight: Height(12),
        signature: signature(0x92))

    static let status = PeerStatus(
        networkID: networkID, policyHash: bytes32(0x93), height: Height(4),
        ledgerRoot: bytes32(0x94))
    static let requests: [PeerRequest] = [
        .blockBody(BlockID(digest(20))), .proof(bytes32(0x95)),
        .logBlocks(from: Height(3), limit: 64), .status(status),
    ]
    static let responses: [PeerResponse] = [
        .blockBody(reveal.body), .proof([9, 8, 7]), .logBlocks([logBlock, logBlock]),
        .status(status), .unavailable,
    ]
}
