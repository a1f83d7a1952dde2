import Messages
import Primitives
import SansIO
import Testing

/// A decoder and bytes that it accepts.
struct DecoderCase: Sendable, CustomTestStringConvertible {
    let name: String
    let bytes: [UInt8]
    /// Encodes again what it decoded; nil where it refused.
    let recode: @Sendable ([UInt8]) -> [UInt8]?

    var testDescription: String { name }

    static let all: [DecoderCase] =
        Samples.bodies.map { body in
            let kind = MessageCodec.kind(of: body)
            return DecoderCase(name: "body \(kind)", bytes: MessageCodec.encode(body)) {
                (try? MessageCodec.decodeBody(kind, from: $0)).map { MessageCodec.encode($0) }
            }
        }
        + Samples.gossip.map { message in
            let envelope = Samples.envelope(message)
            return DecoderCase(name: "gossip \(message.topic)", bytes: envelope.bodyBytes) {
                let sent = GossipEnvelope(
                    networkID: envelope.networkID, topic: envelope.topic, bodyBytes: $0,
                    key: envelope.key, signature: envelope.signature)
                return (try? MessageCodec.decodeGossipMessage(of: sent)).map {
                    MessageCodec.encode($0)
                }
            }
        }
        + Samples.requests.map { request in
            DecoderCase(name: "request", bytes: MessageCodec.encode(request)) {
                (try? MessageCodec.decodeRequest($0)).map { MessageCodec.encode($0) }
            }
        }
        + Samples.responses.map { response in
            DecoderCase(name: "response", bytes: MessageCodec.encode(response)) {
                (try? MessageCodec.decodeResponse($0)).map { MessageCodec.encode($0) }
            }
        }
        + [
            DecoderCase(
                name: "envelope", bytes: MessageCodec.encode(Samples.envelope(Samples.gossip[0]))
            ) { (try? MessageCodec.decodeEnvelope($0)).map { MessageCodec.encode($0) } },
            DecoderCase(
                name: "transaction", bytes: MessageCodec.encode(Samples.evidence.first)
            ) { (try? MessageCodec.decodeTransaction($0)).map { MessageCodec.encode($0) } },
            DecoderCase(name: "log block", bytes: MessageCodec.encode(Samples.logBlock)) {
                (try? MessageCodec.decodeLogBlock($0)).map { MessageCodec.encode($0) }
            },
            DecoderCase(name: "receipt", bytes: MessageCodec.encode(Samples.receipt)) {
                (try? MessageCodec.decodeReceipt($0)).map { MessageCodec.encode($0) }
            },
            DecoderCase(name: "log header", bytes: MessageCodec.encode(Samples.logHeader)) {
                (try? MessageCodec.decodeSignedLogHeader($0)).map { MessageCodec.encode($0) }
            },
            DecoderCase(name: "payment", bytes: MessageCodec.encode(Samples.payment)) {
                (try? MessageCodec.decodePayment($0)).map { MessageCodec.encode($0) }
            },
            DecoderCase(name: "block body", bytes: Samples.reveal.body) {
                (try? MessageCodec.decodeBlockBody($0)).map { MessageCodec.encodeBlockBody($0) }
            },
        ]
}

/// What there is of each kind. A new case does not compile until it is named here, and is then
/// missed below until `Samples` has one.
private enum Kinds {
    static func name(_ message: GossipMessage) -> String {
        switch message {
        case .payment: "payment"
        case .intent: "intent"
        case .proposal: "proposal"
        case .blockHeader: "blockHeader"
        case .election: "election"
        case .proofCommitment: "proofCommitment"
        case .proofAnnouncement: "proofAnnouncement"
        case .evidence: "evidence"
        case .logHeader: "logHeader"
        case .ledgerRoot: "ledgerRoot"
        }
    }
    static let gossipCount = 10

    static func name(_ request: PeerRequest) -> String {
        switch request {
        case .blockBody: "blockBody"
        case .proof: "proof"
        case .logBlocks: "logBlocks"
        case .status: "status"
        }
    }
    static let requestCount = 4

    static func name(_ response: PeerResponse) -> String {
        switch response {
        case .blockBody: "blockBody"
        case .proof: "proof"
        case .logBlocks: "logBlocks"
        case .status: "status"
        case .unavailable: "unavailable"
        }
    }
    static let responseCount = 5
}

@Suite struct HostileBytesTests {
    /// Of longer messages, whose parts are tried on their own, one bit of each byte is flipped.
    private static let wholeByteCount = 3_000

    @Test func `every kind of message is tried`() {
        #expect(Set(Samples.gossip.map(Kinds.name)).count == Kinds.gossipCount)
        #expect(Set(Samples.requests.map(Kinds.name)).count == Kinds.requestCount)
        #expect(Set(Samples.responses.map(Kinds.name)).count == Kinds.responseCount)
        #expect(Samples.bodies.map(MessageCodec.kind(of:)) == TransactionKind.allCases)
    }

    @Test(arguments: DecoderCase.all)
    func `a message cut short at any byte or with any bit flipped never traps`(
        _ decoder: DecoderCase
    ) {
        #expect(decoder.recode(decoder.bytes) == decoder.bytes)
        let isWhole = decoder.bytes.count <= Self.wholeByteCount
        for place in decoder.bytes.indices {
            let cut = Array(decoder.bytes.prefix(place))
            if let again = decoder.recode(cut) { #expect(again == cut) }
            for bit in isWhole ? 0..<8 : (place % 8)..<(place % 8 + 1) {
                var flipped = decoder.bytes
                flipped[place] ^= 1 << UInt8(bit)
                // What is accepted has one encoding: the bytes that were sent.
                if let again = decoder.recode(flipped) { #expect(again == flipped) }
            }
        }
    }

    @Test(arguments: DecoderCase.all)
    func `a length of any size in the place of any byte never traps or allocates`(
        _ decoder: DecoderCase
    ) {
        let hostile: [[UInt8]] = [
            // 2³¹ − 1, 2⁶³ − 1, 2⁶³, 2⁶⁴ − 1 and a varint of eleven bytes.
            [0xFF, 0xFF, 0xFF, 0xFF, 0x07],
            [UInt8](repeating: 0xFF, count: 8) + [0x7F],
            [UInt8](repeating: 0x80, count: 9) + [0x01],
            [UInt8](repeating: 0xFF, count: 9) + [0x01],
            [UInt8](repeating: 0x80, count: 10) + [0x01],
        ]
        for place in decoder.bytes.indices.prefix(Self.wholeByteCount) {
            for length in hostile {
                let bytes = decoder.bytes[..<place] + length + decoder.bytes[(place + 1)...]
                if let again = decoder.recode(Array(bytes)) { #expect(again == Array(bytes)) }
            }
        }
    }

    @Test(arguments: DecoderCase.all)
    func `random bytes never trap`(_ decoder: DecoderCase) {
        var generator = SeededGenerator(seed: 7)
        for byteCount in 0..<200 {
            let bytes = (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) }
            if let again = decoder.recode(bytes) { #expect(again == bytes) }
        }
    }
}
