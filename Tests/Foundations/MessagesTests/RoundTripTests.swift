import Cryptography
import Messages
import Primitives
import Testing

@Suite struct RoundTripTests {
    @Test func `payments and block bodies come back as they went`() throws {
        for payment in [Samples.payment, Samples.plainPayment] {
            #expect(try MessageCodec.decodePayment(MessageCodec.encode(payment)) == payment)
        }
        let payments = [Samples.payment, Samples.plainPayment]
        let body = MessageCodec.encodeBlockBody(payments)
        #expect(try MessageCodec.decodeBlockBody(body) == payments)
        #expect(try MessageCodec.decodeBlockBody([]) == [])
    }

    @Test func `a transaction of every kind comes back with its body decoded`() throws {
        let kinds = Samples.bodies.map(MessageCodec.kind(of:))
        #expect(kinds == TransactionKind.allCases)
        for body in Samples.bodies {
            let transaction = Samples.transaction(body, nonce: 9)
            let decoded = try MessageCodec.decodeTransaction(MessageCodec.encode(transaction))
            #expect(decoded == transaction)
            #expect(decoded.body == body)
            #expect(decoded.id == transaction.id)
        }
    }

    @Test func `a gossip message of every case comes back under its topic`() throws {
        for message in Samples.gossip {
            let envelope = Samples.envelope(message)
            let decoded = try MessageCodec.decodeEnvelope(MessageCodec.encode(envelope))
            #expect(decoded == envelope)
            #expect(decoded.messageID == envelope.messageID)
            #expect(try MessageCodec.decodeGossipMessage(of: decoded) == message)
        }
        let topics = Set(Samples.gossip.map(\.topic))
        #expect(topics == Set(Topic.allCases))
    }

    @Test func `log blocks, headers and receipts come back as they went`() throws {
        let block = Samples.logBlock
        #expect(try MessageCodec.decodeLogBlock(MessageCodec.encode(block)) == block)
        let header = Samples.logHeader
        #expect(try MessageCodec.decodeSignedLogHeader(MessageCodec.encode(header)) == header)
        let receipt = Samples.receipt
        #expect(try MessageCodec.decodeReceipt(MessageCodec.encode(receipt)) == receipt)
    }

    @Test func `requests and responses come back as they went`() throws {
        for request in Samples.requests {
            #expect(try MessageCodec.decodeRequest(MessageCodec.encode(request)) == request)
        }
        for response in Samples.responses {
            #expect(try MessageCodec.decodeResponse(MessageCodec.encode(response)) == response)
        }
    }

    @Test func `a topic has one name in each network`() {
        let name = Topic.proof.wireName(networkID: Samples.networkID)
        #expect(name == "/grove/1/" + Samples.networkID.hex + "/proof")
        #expect(Topic(wireName: name, networkID: Samples.networkID) == .proof)
        #expect(Topic(wireName: name, networkID: Samples.bytes32(0)) == nil)
        #expect(Topic(wireName: name + "s", networkID: Samples.networkID) == nil)
    }

    @Test func `the wire of a transfer stays what it is`() throws {
        let bytes = MessageCodec.encode(Samples.bodies[0])
        #expect(bytes.hex == "0a20" + String(repeating: "21", count: 32) + "1005")
    }

    @Test func `a response holds as many log blocks as fit`() {
        let many = [LogBlock](repeating: Samples.logBlock, count: 1_000)
        guard case .logBlocks(let fitting) = PeerResponse.logBlocks(fitting: many) else { return }
        #expect(fitting.count == MessagesParameters.maximumLogBlocksPerResponse)
        let response = MessageCodec.encode(PeerResponse.logBlocks(fitting))
        #expect(throws: Never.self) { try MessageCodec.decodeResponse(response) }
    }
}
