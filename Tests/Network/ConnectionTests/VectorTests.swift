import Connection
import Cryptography
import TestSupport
import Testing

@Suite struct `Known answers of the formats` {
    struct VarintFile: Decodable {
        struct Valid: Decodable {
            let value: UInt64
            let hex: String
        }
        struct Invalid: Decodable {
            let hex: String
            let why: String
        }
        let valid: [Valid]
        let invalid: [Invalid]
    }

    @Test func `varints have the known bytes both ways`() throws {
        let file = try VectorFile.decode(VarintFile.self, from: "varint/unsigned_varint.json")
        for vector in file.valid {
            let bytes = try #require([UInt8](hex: vector.hex))
            #expect(UnsignedVarint.encode(vector.value) == bytes)
            let decoded = try #require(try UnsignedVarint.decode(bytes[...]))
            #expect(decoded.value == vector.value && decoded.byteCount == bytes.count)
        }
        for vector in file.invalid {
            let bytes = try #require([UInt8](hex: vector.hex))
            if vector.why == "truncated" {
                #expect(try UnsignedVarint.decode(bytes[...]) == nil)
            } else {
                #expect(throws: ConnectionError.invalidVarint) {
                    try UnsignedVarint.decode(bytes[...])
                }
            }
        }
        let largest: UInt64 = (1 << 63) - 1
        #expect(
            try UnsignedVarint.decode(UnsignedVarint.encode(largest)[...])?.value == largest)
    }

    struct PeerIDFile: Decodable {
        struct Key: Decodable {
            let `public`: String
            let multihash: String
            let base58: String

            enum CodingKeys: String, CodingKey {
                case `public`
                case multihash = "peer_id_multihash"
                case base58 = "peer_id_base58"
            }
        }
        let keys: [String: Key]
    }

    @Test func `an Ed25519 key has its known peer id and other kinds are refused`() throws {
        let file = try VectorFile.decode(PeerIDFile.self, from: "peer-id/peer_ids.json")
        for (name, key) in file.keys.sorted(by: { $0.key < $1.key }) {
            let publicKey = try #require([UInt8](hex: key.public))
            let multihash = try #require([UInt8](hex: key.multihash))
            if name == "ed25519" {
                let peer = try PeerID(protobufKey: publicKey)
                #expect(peer.bytes == multihash && peer.protobufKey == publicKey)
                #expect(peer.description == key.base58)
                #expect(try PeerID(key.base58) == peer)
                #expect(try PeerID(bytes: multihash) == peer)
            } else {
                #expect(throws: ConnectionError.self) { try PeerID(protobufKey: publicKey) }
                #expect(throws: ConnectionError.self) { try PeerID(key.base58) }
            }
        }
        #expect(throws: ConnectionError.malformed("peer id")) { try PeerID("12D3KooW0OIl") }
    }

    struct MultiaddressFile: Decodable {
        struct Pair: Decodable {
            let text: String
            let hex: String
        }
        let validText: [String]
        let invalidText: [String]
        let textToBytes: [Pair]

        enum CodingKeys: String, CodingKey {
            case validText = "valid_text"
            case invalidText = "invalid_text"
            case textToBytes = "text_to_bytes"
        }
    }

    @Test func `multiaddresses parse, print and encode as known`() throws {
        let file = try VectorFile.decode(MultiaddressFile.self, from: "multiaddr/multiaddr.json")
        var understood = 0
        for text in file.validText {
            switch Result(catching: { () throws(ConnectionError) in try Multiaddress(text) }) {
            case .success(let address):
                #expect(try Multiaddress(address.description) == address)
                #expect(try Multiaddress(bytes: address.bytes) == address)
                let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
                #expect(address.description == bare)
                understood += 1
            case .failure(.unsupported): break
            case .failure(let error):
                // Other text forms of a peer id than base58btc: /p2p/k… and /p2p/b….
                #expect(error == .malformed("peer id"))
            }
        }
        #expect(understood == 10)
        for text in file.invalidText {
            #expect(throws: ConnectionError.self, "\(text)") { try Multiaddress(text) }
        }
        for pair in file.textToBytes where !pair.text.contains("udp") {
            #expect(try Multiaddress(pair.text).bytes.hex == pair.hex)
            #expect(try Multiaddress(bytes: [UInt8](hex: pair.hex)!).description == pair.text)
        }
    }

    @Test func `an address says where to dial and whom to expect`() throws {
        let id = "12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV"
        let address = try Multiaddress("/dns4/node-1.example/tcp/4001/p2p/\(id)")
        #expect(address.endpoint?.host == "node-1.example" && address.endpoint?.port == 4001)
        #expect(address.peerID?.description == id)
        #expect(try Multiaddress("/ip6/fe80:0:0:1::/tcp/1").endpoint?.host == "fe80:0:0:1::")
        #expect(try Multiaddress("/ip6/0:0:1:0:0:0:0:2/tcp/1").endpoint?.host == "0:0:1::2")
        #expect(try Multiaddress("/tcp/1").endpoint == nil)
        for text in ["/ip6/1::2::3", "/ip6/:::", "/ip6/1:2:3:4:5:6:7:8:9", "/dns4/a b/tcp/1"] {
            #expect(throws: ConnectionError.self, "\(text)") { try Multiaddress(text) }
        }
    }

    @Test func `truncated and flipped addresses never trap`() throws {
        let bytes = try Multiaddress(
            "/ip4/1.2.3.4/tcp/80/p2p/12D3KooWCryG7Mon9orvQxcS1rYZjotPgpwoJNHHKcLLfE4Hf5mV"
        ).bytes
        for end in 0..<bytes.count {
            if let address = try? Multiaddress(bytes: Array(bytes[..<end])) {
                #expect(address.bytes == Array(bytes[..<end]))
            }
        }
        for index in bytes.indices {
            var flipped = bytes
            flipped[index] ^= 0x80
            if let address = try? Multiaddress(bytes: flipped) {
                #expect(address.bytes == flipped)
            }
        }
    }

    struct IdentifyFile: Decodable {
        struct Vector: Decodable {
            let implementation: String
            let peer: String
            let identify: String

            enum CodingKeys: String, CodingKey {
                case implementation = "from_impl"
                case peer, identify
            }
        }
        let vectors: [Vector]
    }

    @Test func `identify messages of real peers are read`() throws {
        let file = try VectorFile.decode(IdentifyFile.self, from: "captured/identify.json")
        for vector in file.vectors {
            let bytes = try #require([UInt8](hex: vector.identify))
            let message = try IdentifyMessage(bytes: bytes)
            #expect(message.peerID?.description == vector.peer)
            #expect(message.protocols.contains("/meshsub/1.1.0"))
            #expect(message.listenAddresses.count == 1 && message.observedAddress != nil)
            #expect(message.signedPeerRecord != nil)
            #expect(
                message.agentVersion?.hasPrefix(vector.implementation)
                    == (vector.implementation == "py"))
            #expect(try IdentifyMessage(bytes: message.bytes) == message)
            for end in bytes.indices { _ = try? IdentifyMessage(bytes: Array(bytes[..<end])) }
        }
    }

    @Test func `identify lists are bounded`() {
        var message = IdentifyMessage()
        message.protocols = (0..<129).map { "/p/\($0)" }
        #expect(throws: ConnectionError.self) { try IdentifyMessage(bytes: message.bytes) }
        message.protocols = (0..<100).map { "/p/\($0)" + String(repeating: "x", count: 90) }
        #expect(
            throws: ConnectionError.messageTooLong(
                limit: 8_192, found: UInt64(message.bytes.count))
        ) { try IdentifyMessage(bytes: message.bytes) }
    }
}
