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
        ]
}

@Suite struct HostileBytesTests {
    /// At most this many places of a long message are tried.
    private static let placeCount = 800

    @Test(arguments: DecoderCase.all)
    func `a message cut short anywhere or with a bit flipped never traps`(
        _ decoder: DecoderCase
    ) {
        #expect(decoder.recode(decoder.bytes) == decoder.bytes)
        let step = max(1, decoder.bytes.count / Self.placeCount)
        for place in stride(from: 0, to: decoder.bytes.count, by: step) {
            let cut = Array(decoder.bytes.prefix(place))
            if let again = decoder.recode(cut) { #expect(again == cut) }
            for bit in 0..<8 {
                var flipped = decoder.bytes
                flipped[place] ^= 1 << UInt8(bit)
                // What is accepted has one encoding: the bytes that were sent.
                if let again = decoder.recode(flipped) { #expect(again == flipped) }
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
