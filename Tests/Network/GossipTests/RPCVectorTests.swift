import Cryptography
import Gossip
import Messages
import Primitives
import TestSupport
import Testing

/// RPCs captured from go-libp2p and py-libp2p.
private struct Captured: Decodable {
    struct Vector: Decodable {
        struct Subscription: Decodable {
            let subscribe: Bool
            let topic: String
        }

        struct Publication: Decodable {
            let data: String
            let seqno: String
            let topic: String
            let signature: String
            let key: String
            let signedBytes: String
            let messageID: String

            private enum CodingKeys: String, CodingKey {
                case data, seqno, topic, signature, key
                case signedBytes = "signed_bytes"
                case messageID = "message_id"
            }
        }

        struct Control: Decodable {
            let graft: [String]
            let idontwant: [String]
        }

        let rpc: String
        let subscriptions: [Subscription]?
        let publish: [Publication]?
        let control: Control?
    }

    let vectors: [Vector]
}

@Suite struct RPCVectorTests {
    @Test func `RPCs of Go and Python are read as they meant them`() throws {
        let captured = try VectorFile.decode(Captured.self, from: "captured/gossipsub_rpc.json")
        #expect(captured.vectors.count >= 10)
        for vector in captured.vectors {
            let bytes = try #require([UInt8](hex: vector.rpc))
            let rpc = try GossipRPC(decoding: bytes, limits: .standard)
            #expect(rpc.subscriptions.map(\.topic) == vector.subscriptions?.map(\.topic) ?? [])
            #expect(
                rpc.subscriptions.map(\.isSubscribing)
                    == vector.subscriptions?.map(\.subscribe) ?? [])
            #expect(rpc.grafts == vector.control?.graft ?? [])
            #expect(rpc.unwanted.map(\.bytes.hex) == vector.control?.idontwant ?? [])
            let publications = vector.publish ?? []
            #expect(rpc.publications.count == publications.count)
            for (found, expected) in zip(rpc.publications, publications) {
                #expect(found.topic == expected.topic)
                #expect(found.data.hex == expected.data)
                #expect(found.sequenceNumber.hex == expected.seqno)
                #expect(found.signature.hex == expected.signature)
                #expect(found.key.hex == expected.key)
                #expect(GossipRPC.signedBytes(of: found).hex == expected.signedBytes)
                #expect((found.from + found.sequenceNumber).hex == expected.messageID)
            }
            // Without py's own sender record, which is skipped, our encoding is theirs.
            #expect(vector.rpc.hasPrefix(rpc.encoded().hex))
        }
    }

    @Test func `a Grove message is named by its envelope, in its own network and topic only`() {
        let networkID = NetworkID(genesisNonce: [1])
        let key = OperatorKey(bytes: [UInt8](repeating: 7, count: 32))!
        let root = LedgerRootStatement(height: Height(1), ledgerRoot: .zero)
        let envelope = MessageCodec.envelope(.ledgerRoot(root), networkID: networkID, key: key) {
            _ in Signature([UInt8](repeating: 1, count: 64))!
        }
        let identify = GossipRouter.groveIdentify(networkID: networkID)
        var publication = GossipPublication(
            topic: Topic.log.wireName(networkID: networkID),
            data: MessageCodec.encode(envelope))
        #expect(identify(publication)?.bytes == envelope.messageID)
        publication.topic = Topic.proof.wireName(networkID: networkID)
        #expect(identify(publication) == nil)
        let stranger = GossipRouter.groveIdentify(networkID: NetworkID(genesisNonce: [2]))
        publication.topic = Topic.log.wireName(networkID: networkID)
        #expect(stranger(publication) == nil)
        publication.data.append(0)
        #expect(identify(publication) == nil)
    }
}
