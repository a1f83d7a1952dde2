import Cryptography
import Messages
import Primitives
import Testing

@Suite struct RefusalTests {
    @Test func `an encoding that is not the canonical one is refused`() {
        let transfer = MessageCodec.encode(Samples.bodies[0])
        let unknownField = transfer + [0x78, 0x01]
        let repeatedField = transfer + [0x10, 0x05]
        let longInteger = Array(transfer.dropLast()) + [0x85, 0x00]
        let otherOrder = Array(transfer.suffix(2)) + transfer.dropLast(2)
        for bytes in [unknownField, repeatedField, longInteger, otherOrder] {
            #expect(throws: DecodingError.notCanonical) {
                try MessageCodec.decodeBody(.transfer, from: bytes)
            }
        }
    }

    @Test func `more bytes than a kind may have are refused before parsing`() {
        for kind in TransactionKind.allCases {
            let limit = kind.maximumBodyByteCount
            let error = DecodingError.tooLong(
                limitByteCount: limit, foundByteCount: limit + 1)
            #expect(throws: error) {
                try MessageCodec.decodeBody(kind, from: [UInt8](repeating: 0, count: limit + 1))
            }
        }
        let limit = MessagesParameters.maximumEnvelopeByteCount
        let error = DecodingError.tooLong(limitByteCount: limit, foundByteCount: limit + 1)
        #expect(throws: error) {
            try MessageCodec.decodeEnvelope([UInt8](repeating: 0, count: limit + 1))
        }
    }

    @Test func `a million empty elements are counted before they are parsed`() {
        let empty = [[UInt8]](repeating: [0x0A, 0x00], count: 1_000_000).flatMap { $0 }
        let error = DecodingError.tooMany(
            field: "payments", limit: MessagesParameters.maximumPaymentsPerBlock)
        #expect(throws: error) { try MessageCodec.decodeBlockBody(empty) }
    }

    @Test func `a transaction with an invalid body keeps its bytes and has no body`() throws {
        let transaction = LedgerTransaction(
            networkID: Samples.networkID, key: Samples.key, nonce: 1, kind: .transfer,
            bodyBytes: [1, 2, 3], signature: Samples.signature(1), body: nil)
        let decoded = try MessageCodec.decodeTransaction(MessageCodec.encode(transaction))
        #expect(decoded == transaction)
        #expect(decoded.body == nil)
    }

    @Test func `an unknown kind is refused`() {
        var bytes = MessageCodec.encode(Samples.transaction(Samples.bodies[0], nonce: 1))
        // network_id 34 bytes, key 34, nonce 2, then the tag and value of `kind`.
        #expect(bytes[70] == 0x20)
        bytes[71] = 99
        #expect(throws: DecodingError.unknownKind(99)) {
            try MessageCodec.decodeTransaction(bytes)
        }
    }

    @Test func `evidence inside evidence is refused`() {
        let inner = Samples.transaction(.evidence(Samples.evidence), nonce: 1)
        let other = Samples.transaction(Samples.bodies[0], nonce: 2)
        let bytes = MessageCodec.encode(
            LedgerBody.evidence(Evidence(first: other, second: inner)))
        #expect(throws: DecodingError.nestedEvidence) {
            try MessageCodec.decodeBody(.evidence, from: bytes)
        }
    }

    @Test func `a message on another topic than its own is refused`() {
        let envelope = GossipEnvelope(
            networkID: Samples.networkID, topic: .payment,
            bodyBytes: MessageCodec.encode(GossipMessage.intent(Samples.intent)), key: Samples.key,
            signature: Samples.signature(1))
        #expect(throws: DecodingError.wrongTopic(expected: .intent, found: .payment)) {
            try MessageCodec.decodeGossipMessage(of: envelope)
        }
    }

    @Test func `an element at or above the modulus is refused`() {
        var bytes = MessageCodec.encode(Samples.payment)
        // The salt is the third digest; its field's tag is 9 << 3 | 2.
        let salt = bytes.firstRange(of: [0x4A, 0x20] + Samples.digest(3).bytes)!
        for index in 0..<8 { bytes[salt.lowerBound + 2 + index] = 0xFF }
        #expect(throws: DecodingError.notAFieldElement(field: "salt")) {
            try MessageCodec.decodePayment(bytes)
        }
    }

    @Test func `a value outside its range is refused`() {
        // Slot 1 and a share of 10,001.
        let proposal: [UInt8] = [0x08, 0x01, 0x20, 0x91, 0x4E]
        #expect(
            throws: DecodingError.outOfRange(
                field: "fee_share_basis_points", limit: 10_000, found: 10_001)
        ) { try MessageCodec.decodeBody(.fernetProposal, from: proposal) }
        let commitment: [UInt8] = [0x08, 0x01, 0x12, 0x02, 0x08, 0x01]
        #expect(throws: DecodingError.outOfRange(field: "range", limit: 65_536, found: 1)) {
            try MessageCodec.decodeBody(.proofCommitment, from: commitment)
        }
    }
}
