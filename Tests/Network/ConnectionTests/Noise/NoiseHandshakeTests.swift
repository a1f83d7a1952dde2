import Connection
import Cryptography
import TestSupport
import Testing

struct NoiseHandshakeTests {
    private struct Vector: Decodable {
        struct Message: Decodable {
            let payload: String
            let ciphertext: String
        }
        let name: String
        let initiatorPrologue: String
        let initiatorStatic: String?
        let initiatorEphemeral: String?
        let responderPrologue: String
        let responderStatic: String?
        let responderEphemeral: String?
        let handshakeHash: String?
        let messages: [Message]

        enum CodingKeys: String, CodingKey {
            case name = "protocol_name"
            case initiatorPrologue = "init_prologue"
            case initiatorStatic = "init_static"
            case initiatorEphemeral = "init_ephemeral"
            case responderPrologue = "resp_prologue"
            case responderStatic = "resp_static"
            case responderEphemeral = "resp_ephemeral"
            case handshakeHash = "handshake_hash"
            case messages
        }
    }

    private struct File: Decodable {
        let vectors: [Vector]
    }

    private static func vectors(_ name: String) throws -> [Vector] {
        try VectorFile.decode(File.self, from: name).vectors
            .filter { $0.name == "Noise_XX_25519_ChaChaPoly_SHA256" }
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        try #require([UInt8](hex: hex))
    }

    private static func pair(_ hex: String?) throws -> NoiseKeyPair {
        try NoiseKeyPair(secret: SecretBytes(copying: bytes(try #require(hex))))
    }

    private static func pair(repeating byte: UInt8) throws -> NoiseKeyPair {
        try NoiseKeyPair(secret: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    }

    private static func sides() throws -> (NoiseHandshake, NoiseHandshake) {
        (
            NoiseHandshake(
                role: .initiator, prologue: [], staticKey: try pair(repeating: 1),
                ephemeralKey: try pair(repeating: 2)),
            NoiseHandshake(
                role: .responder, prologue: [], staticKey: try pair(repeating: 3),
                ephemeralKey: try pair(repeating: 4))
        )
    }

    @Test(arguments: [
        ("noise/cacophony_25519_ChaChaPoly_SHA256.json", 1),
        ("noise/snow_25519_ChaChaPoly_SHA256.json", 1),
        ("noise-xx-25519-chachapoly-sha256.json", 2),
    ])
    func `the published XX sessions are reproduced bit for bit`(
        file: String, count: Int
    ) throws {
        let vectors = try Self.vectors(file)
        #expect(vectors.count == count)
        for vector in vectors { try Self.replay(vector) }
    }

    private static func replay(_ vector: Vector) throws {
        var initiator = NoiseHandshake(
            role: .initiator, prologue: try bytes(vector.initiatorPrologue),
            staticKey: try pair(vector.initiatorStatic),
            ephemeralKey: try pair(vector.initiatorEphemeral))
        var responder = NoiseHandshake(
            role: .responder, prologue: try bytes(vector.responderPrologue),
            staticKey: try pair(vector.responderStatic),
            ephemeralKey: try pair(vector.responderEphemeral))
        for (index, message) in vector.messages.prefix(3).enumerated() {
            let payload = try bytes(message.payload)
            let sent =
                index == 1
                ? try responder.write(payload: payload) : try initiator.write(payload: payload)
            #expect(sent.hex == message.ciphertext)
            let read = index == 1 ? try initiator.read(sent) : try responder.read(sent)
            #expect(read == payload)
        }
        var first = initiator.split()
        var second = responder.split()
        #expect(first.handshakeHash == second.handshakeHash)
        if let hash = vector.handshakeHash { #expect(first.handshakeHash.hex == hash) }
        let isSameSecret = first.exporterSecret.bytes.isEqual(to: second.exporterSecret.bytes)
        #expect(isSameSecret)
        for (index, message) in vector.messages.enumerated().dropFirst(3) {
            let payload = try bytes(message.payload)
            let isResponders = index % 2 == 1
            let sent =
                isResponders
                ? try second.sending.seal(payload[...]) : try first.sending.seal(payload[...])
            #expect(sent.hex == message.ciphertext)
            let read =
                isResponders
                ? try first.receiving.open(sent[...]) : try second.receiving.open(sent[...])
            #expect(read == payload)
        }
    }

    @Test func `both sides learn the other's static key`() throws {
        var (initiator, responder) = try Self.sides()
        _ = try responder.read(try initiator.write(payload: []))
        _ = try initiator.read(try responder.write(payload: [1]))
        _ = try responder.read(try initiator.write(payload: [2]))
        #expect(initiator.remoteStaticKey == (try Self.pair(repeating: 3).publicKey))
        #expect(responder.remoteStaticKey == (try Self.pair(repeating: 1).publicKey))
        #expect(initiator.step == .split)
        #expect(responder.step == .split)
    }

    @Test func `a second message changed in any byte ends the handshake`() throws {
        var (initiator, responder) = try Self.sides()
        _ = try responder.read(try initiator.write(payload: []))
        let message = try responder.write(payload: [7, 7])
        for index in message.indices {
            var changed = message
            changed[index] ^= 1
            var victim = initiator
            #expect(throws: NoiseError.self, "byte \(index)") { _ = try victim.read(changed) }
            #expect(victim.step == .failed)
        }
        for count in 0..<message.count {
            var victim = initiator
            #expect(throws: NoiseError.self, "\(count) bytes") {
                _ = try victim.read(Array(message.prefix(count)))
            }
        }
        #expect(try initiator.read(message) == [7, 7])
    }

    @Test func `a key of low order ends the handshake`() throws {
        let lowOrder = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ]
        for hex in lowOrder {
            var (_, responder) = try Self.sides()
            _ = try responder.read(try Self.bytes(hex))
            #expect(throws: NoiseError.lowOrderKey, "\(hex)") {
                _ = try responder.write(payload: [])
            }
            #expect(responder.step == .failed)
        }
    }

    @Test func `a cipher stops before its nonce repeats`() throws {
        let key = [UInt8](repeating: 5, count: 32)
        var sender = NoiseCipher(key: SecretBytes(copying: key), counter: .max - 1)
        var receiver = NoiseCipher(key: SecretBytes(copying: key), counter: .max - 1)
        let last = try sender.seal([1, 2])
        #expect(try receiver.open(last[...]) == [1, 2])
        #expect(throws: NoiseError.nonceExhausted) { _ = try sender.seal([3]) }
        #expect(throws: NoiseError.nonceExhausted) { _ = try receiver.open(last[...]) }
    }

    @Test func `a failed open does not move the counter`() throws {
        let key = [UInt8](repeating: 5, count: 32)
        var sender = NoiseCipher(key: SecretBytes(copying: key))
        var receiver = NoiseCipher(key: SecretBytes(copying: key))
        let message = try sender.seal([1, 2])
        var forged = message
        forged[0] ^= 1
        #expect(throws: NoiseError.authenticationFailed) { _ = try receiver.open(forged[...]) }
        #expect(try receiver.open(message[...]) == [1, 2])
        #expect(throws: NoiseError.authenticationFailed) { _ = try receiver.open(message[...]) }
        #expect(throws: NoiseError.authenticationFailed) { _ = try receiver.open([1, 2, 3]) }
    }
}
