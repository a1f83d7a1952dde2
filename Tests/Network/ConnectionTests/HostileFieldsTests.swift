import Connection
import Cryptography
import SansIO
import Testing

/// Identify messages, Noise payloads, addresses and peer ids that are cut, flipped or invented.
@Suite struct HostileFieldsTests {
    private struct Field: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        let decode: @Sendable ([UInt8]) -> Void
    }

    private static func fields() throws -> [Field] {
        let key = try SigningKey(seed: SecretBytes(copying: [UInt8](repeating: 1, count: 32)))
        let peer = PeerID(publicKey: key.publicKey)
        let address = try Multiaddress("/ip4/10.0.0.1/tcp/4001").naming(peer)
        var identify = IdentifyMessage()
        identify.peerID = peer
        identify.listenAddresses = [address, try Multiaddress("/dns4/a.example/tcp/1")]
        identify.protocols = ["/ipfs/id/1.0.0", "/grove/1/proof"]
        identify.observedAddress = address
        identify.protocolVersion = "ipfs/0.1.0"
        identify.agentVersion = "test"
        identify.signedPeerRecord = [1, 2, 3]
        let payload = NoisePayload(
            identityKey: key.publicKey, identitySignature: key.sign([1]),
            streamMuxers: ["/yamux/1.0.0"])
        return [
            Field(testDescription: "identify", bytes: identify.bytes) {
                _ = try? IdentifyMessage(bytes: $0)
            },
            Field(testDescription: "Noise payload", bytes: payload.encoded) {
                if let payload = try? NoisePayload(decoding: $0) {
                    _ = payload.vouches(for: payload.identityKey)
                }
            },
            Field(testDescription: "address", bytes: address.bytes) {
                _ = try? Multiaddress(bytes: $0)
            },
            Field(testDescription: "peer id", bytes: peer.bytes) { _ = try? PeerID(bytes: $0) },
            Field(testDescription: "address text", bytes: Array(address.description.utf8)) {
                _ = try? Multiaddress(String(decoding: $0, as: UTF8.self))
            },
        ]
    }

    @Test func `cut at any byte or with any bit flipped they never trap`() throws {
        for field in try Self.fields() {
            for place in field.bytes.indices {
                field.decode(Array(field.bytes.prefix(place)))
                for bit in 0..<8 {
                    var flipped = field.bytes
                    flipped[place] ^= 1 << UInt8(bit)
                    field.decode(flipped)
                }
            }
        }
    }

    @Test func `lengths of any size in the place of any byte never trap`() throws {
        for field in try Self.fields() {
            for place in field.bytes.indices {
                for length in [
                    [UInt8](repeating: 0xFF, count: 9) + [0x01],
                    [UInt8](repeating: 0x80, count: 10) + [0x01],
                    [UInt8](repeating: 0xFF, count: 8) + [0x7F],
                ] {
                    field.decode(
                        Array(field.bytes[..<place] + length + field.bytes[(place + 1)...]))
                }
            }
        }
    }

    @Test func `random bytes never trap`() throws {
        var generator = SeededGenerator(seed: 9)
        for field in try Self.fields() {
            for round in 0..<1_000 {
                field.decode(
                    (0..<(round % 200)).map { _ in UInt8.random(in: 0...255, using: &generator) })
            }
        }
    }
}
