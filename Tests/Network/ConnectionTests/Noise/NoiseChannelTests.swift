import Connection
import Cryptography
import SansIO
import TestSupport
import Testing

struct NoiseChannelTests {
    private struct Session: Decodable {
        struct Side: Decodable {
            let seed: String
            let staticSecret: String
            let ephemeralSecret: String

            enum CodingKeys: String, CodingKey {
                case seed = "identity_seed"
                case staticSecret = "noise_static_private"
                case ephemeralSecret = "noise_ephemeral_private"
            }
        }
        struct Transport: Decodable {
            let from: String
            let plaintext: String
            let wire: String
        }
        let muxers: [String]
        let initiator: Side
        let responder: Side
        let message1: String
        let payload2: String
        let message2: String
        let payload3: String
        let message3: String
        let handshakeHash: String
        let transport: [Transport]

        enum CodingKeys: String, CodingKey {
            case muxers = "stream_muxers"
            case initiator
            case responder
            case message1
            case payload2
            case message2
            case payload3
            case message3
            case handshakeHash = "handshake_hash"
            case transport
        }
    }

    private struct File: Decodable {
        let vectors: [Session]
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        try #require([UInt8](hex: hex))
    }

    private static func pair(_ secret: [UInt8]) throws -> NoiseKeyPair {
        try NoiseKeyPair(secret: SecretBytes(copying: secret))
    }

    private static func filled(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

    private static func identity(seed: [UInt8], staticSecret: [UInt8]) throws -> NoiseIdentity {
        NoiseIdentity(
            signingKey: try SigningKey(seed: SecretBytes(copying: seed)),
            staticKey: try pair(staticSecret))
    }

    private static func channel(
        _ role: NoiseHandshake.Role, expecting expected: Bytes32? = nil
    ) throws -> NoiseChannel {
        let byte: UInt8 = role == .initiator ? 1 : 2
        return try NoiseChannel(
            role: role,
            identity: try identity(seed: filled(byte), staticSecret: filled(byte + 10)),
            ephemeralKey: try pair(filled(byte + 20)), expectedIdentity: expected)
    }

    private static func openChannels() throws -> (NoiseChannel, NoiseChannel) {
        var initiator = try channel(.initiator)
        var responder = try channel(.responder)
        _ = try responder.receive(initiator.drainOutbound())
        _ = try initiator.receive(responder.drainOutbound())
        _ = try responder.receive(initiator.drainOutbound())
        return (initiator, responder)
    }

    private static func identityKey(_ byte: UInt8) throws -> Bytes32 {
        try SigningKey(seed: SecretBytes(copying: filled(byte))).publicKey
    }

    @Test func `a libp2p session without extensions is reproduced bit for bit`() throws {
        let sessions = try VectorFile.decode(
            File.self, from: "noise/libp2p_noise_xx_handshake.json"
        ).vectors
        let session = try #require(sessions.first { $0.muxers.isEmpty })
        func side(_ role: NoiseHandshake.Role, _ side: Session.Side) throws -> NoiseChannel {
            try NoiseChannel(
                role: role,
                identity: Self.identity(
                    seed: Self.bytes(side.seed), staticSecret: Self.bytes(side.staticSecret)),
                ephemeralKey: Self.pair(Self.bytes(side.ephemeralSecret)),
                expectedIdentity: nil)
        }
        func framed(_ message: String) throws -> [UInt8] {
            let bytes = try Self.bytes(message)
            return [UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
        }
        var initiator = try side(.initiator, session.initiator)
        var responder = try side(.responder, session.responder)
        let first = initiator.drainOutbound()
        #expect(first == (try framed(session.message1)))
        #expect(try responder.receive(first).isEmpty)
        let second = responder.drainOutbound()
        #expect(second == (try framed(session.message2)))
        let hash = try #require(Bytes32(hex: session.handshakeHash))
        #expect(
            try initiator.receive(second) == [
                .established(identityKey: Self.identityKey(2), handshakeHash: hash)
            ])
        let third = initiator.drainOutbound()
        #expect(third == (try framed(session.message3)))
        #expect(
            try responder.receive(third) == [
                .established(identityKey: Self.identityKey(1), handshakeHash: hash)
            ])
        for message in session.transport where !message.plaintext.isEmpty {
            let plaintext = try Self.bytes(message.plaintext)
            if message.from == "initiator" {
                try initiator.send(plaintext[...])
                let wire = initiator.drainOutbound()
                #expect(wire.hex == message.wire)
                #expect(try responder.receive(wire) == [.plaintext(plaintext)])
            } else {
                try responder.send(plaintext[...])
                let wire = responder.drainOutbound()
                #expect(wire.hex == message.wire)
                #expect(try initiator.receive(wire) == [.plaintext(plaintext)])
            }
        }
        let empty = try #require(session.transport.last)
        #expect(empty.plaintext.isEmpty)
        #expect(try responder.receive(Self.bytes(empty.wire)).isEmpty)
    }

    @Test func `the payloads of a session with extensions encode and decode`() throws {
        let sessions = try VectorFile.decode(
            File.self, from: "noise/libp2p_noise_xx_handshake.json"
        ).vectors
        #expect(sessions.count == 2)
        for session in sessions {
            for hex in [session.payload2, session.payload3] {
                let bytes = try Self.bytes(hex)
                let payload = try NoisePayload(decoding: bytes)
                #expect(payload.streamMuxers == session.muxers)
                #expect(payload.encoded == bytes)
            }
        }
    }

    @Test func `bytes may arrive in any pieces`() throws {
        var generator = SeededGenerator(seed: 77)
        for _ in 0..<20 {
            var initiator = try Self.channel(.initiator)
            var responder = try Self.channel(.responder)
            var heard: [NoiseChannel.Output] = []
            func carry(_ from: inout NoiseChannel, _ to: inout NoiseChannel) throws
                -> [NoiseChannel.Output]
            {
                var rest = from.drainOutbound()[...]
                var outputs: [NoiseChannel.Output] = []
                while !rest.isEmpty {
                    let piece = rest.prefix(Int.random(in: 1...40, using: &generator))
                    outputs += try to.receive(piece)
                    rest = rest.dropFirst(piece.count)
                }
                return outputs
            }
            _ = try carry(&initiator, &responder)
            _ = try carry(&responder, &initiator)
            heard += try carry(&initiator, &responder)
            #expect(heard.count == 1)
            try initiator.send([1, 2, 3])
            try initiator.send([4])
            #expect(
                try carry(&initiator, &responder) == [.plaintext([1, 2, 3]), .plaintext([4])])
        }
    }

    @Test func `a long plaintext is cut into messages of the largest size`() throws {
        var (initiator, responder) = try Self.openChannels()
        let plaintext = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try initiator.send(plaintext[...])
        let wire = initiator.drainOutbound()
        #expect(wire.count == plaintext.count + 4 * 18)
        let pieces = try responder.receive(wire).map { output -> [UInt8] in
            if case .plaintext(let piece) = output { piece } else { [] }
        }
        #expect(pieces.map(\.count) == [65_519, 65_519, 65_519, 3_443])
        #expect(pieces.flatMap { $0 } == plaintext)
    }

    @Test func `an identity other than the dialled one is refused`() throws {
        let expected = try Self.identityKey(9)
        var initiator = try Self.channel(.initiator, expecting: expected)
        var responder = try Self.channel(.responder)
        _ = try responder.receive(initiator.drainOutbound())
        let second = responder.drainOutbound()
        #expect(
            throws: NoiseError.unexpectedIdentity(
                expected: expected, found: try Self.identityKey(2))
        ) { _ = try initiator.receive(second) }
        #expect(initiator.drainOutbound().isEmpty)
        #expect(throws: NoiseError.closed) { _ = try initiator.receive([0]) }
        #expect(throws: NoiseError.closed) { try initiator.send([1]) }
    }

    @Test func `an identity that signed another static key is refused`() throws {
        let key = try SigningKey(seed: SecretBytes(copying: Self.filled(1)))
        let stolen = NoisePayload(
            identityKey: key.publicKey,
            identitySignature: key.sign(NoisePayload.signedBytes(staticKey: .zero)))
        var responder = try Self.channel(.responder)
        var forger = NoiseHandshake(
            role: .initiator, prologue: [], staticKey: try Self.pair(Self.filled(3)),
            ephemeralKey: try Self.pair(Self.filled(4)))
        func framed(_ message: [UInt8]) -> [UInt8] {
            [UInt8(message.count >> 8), UInt8(message.count & 255)] + message
        }
        _ = try responder.receive(framed(try forger.write(payload: [])))
        _ = try forger.read(Array(responder.drainOutbound().dropFirst(2)))
        let third = framed(try forger.write(payload: stolen.encoded))
        #expect(throws: NoiseError.invalidIdentitySignature) {
            _ = try responder.receive(third)
        }
    }

    @Test func `garbage at any stage is a typed error and never a trap`() throws {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<300 {
            let garbage = (0..<Int.random(in: 2...600, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            var responder = try Self.channel(.responder)
            _ = try? responder.receive(garbage)
            var initiator = try Self.channel(.initiator)
            _ = try? initiator.receive(garbage)
            var (_, open) = try Self.openChannels()
            _ = try? open.receive([0, UInt8(min(garbage.count, 255))] + garbage)
            #expect(!open.isOpen)
        }
    }

    @Test func `a long handshake message is refused at its length`() throws {
        var responder = try Self.channel(.responder)
        #expect(throws: NoiseError.messageTooLong(limit: 4_096, found: 65_535)) {
            _ = try responder.receive([255, 255])
        }
    }

    @Test func `a transport message changed in any byte closes the channel`() throws {
        var (initiator, responder) = try Self.openChannels()
        try initiator.send([1, 2, 3])
        let wire = initiator.drainOutbound()
        for index in wire.indices.dropFirst(2) {
            var changed = wire
            changed[index] ^= 0x80
            var victim = responder
            #expect(throws: NoiseError.authenticationFailed) { _ = try victim.receive(changed) }
            #expect(!victim.isOpen)
        }
        #expect(try responder.receive(wire) == [.plaintext([1, 2, 3])])
    }

    @Test func `both sides export the same secret and only once open`() throws {
        let (initiator, responder) = try Self.openChannels()
        let first = try #require(initiator.exporterSecret)
        let second = try #require(responder.exporterSecret)
        let isSameSecret = first.bytes.isEqual(to: second.bytes)
        #expect(isSameSecret)
        #expect(try Self.channel(.initiator).exporterSecret == nil)
    }
}
