import Connection
import Cryptography
import SansIO
import TestSupport
import Testing

struct NoisePayloadTests {
    private struct Captured: Decodable {
        let payload: String
        let staticKey: String
        let signature: String
        let muxers: [String]
        let signedBytes: String

        enum CodingKeys: String, CodingKey {
            case payload
            case staticKey = "noise_static_public"
            case signature = "identity_sig"
            case muxers = "stream_muxers"
            case signedBytes = "signed_bytes"
        }
    }

    private struct File: Decodable {
        let vectors: [Captured]
    }

    private static func captured() throws -> [Captured] {
        try VectorFile.decode(File.self, from: "captured/noise_payloads.json").vectors
    }

    @Test func `payloads captured from Go and Python peers are read and vouch`() throws {
        let vectors = try Self.captured()
        #expect(vectors.count == 3)
        for vector in vectors {
            let bytes = try #require([UInt8](hex: vector.payload))
            let staticKey = try #require(Bytes32(hex: vector.staticKey))
            let payload = try NoisePayload(decoding: bytes)
            #expect(payload.identitySignature.bytes.hex == vector.signature)
            #expect(payload.streamMuxers == vector.muxers)
            #expect(NoisePayload.signedBytes(staticKey: staticKey).hex == vector.signedBytes)
            #expect(payload.vouches(for: staticKey))
            #expect(!payload.vouches(for: .zero))
        }
    }

    @Test func `every prefix of a payload is malformed or says the same`() throws {
        let bytes = try #require([UInt8](hex: Self.captured()[0].payload))
        let whole = try NoisePayload(decoding: bytes)
        for count in 0..<bytes.count {
            let cut = try? NoisePayload(decoding: Array(bytes.prefix(count)))
            if let cut { #expect(cut.identityKey == whole.identityKey, "\(count) bytes") }
        }
        #expect(throws: NoiseError.malformedPayload) {
            _ = try NoisePayload(decoding: Array(bytes.prefix(60)))
        }
    }

    @Test func `random bytes are refused without a trap`() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...150, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            #expect(throws: NoiseError.self) { _ = try NoisePayload(decoding: bytes) }
        }
    }

    @Test func `a key that is not Ed25519 is refused by name`() throws {
        var bytes = try #require([UInt8](hex: Self.captured()[0].payload))
        bytes[3] = 2
        #expect(throws: NoiseError.unsupportedIdentityKey) {
            _ = try NoisePayload(decoding: bytes)
        }
    }

    @Test func `unknown fields are skipped and names are bounded`() throws {
        let known = try #require([UInt8](hex: Self.captured()[2].payload))
        let unknown: [UInt8] =
            [0x38, 0xFF, 0x01] + [0x41] + [UInt8](repeating: 9, count: 8)
            + [0x4D, 1, 2, 3, 4] + [0x52, 2, 7, 7]
        let names = (0..<30).flatMap { _ in [UInt8]([0x12, 1, 0x61]) }
        let extensions: [UInt8] = [0x22, UInt8(names.count)] + names
        let payload = try NoisePayload(decoding: unknown + known + extensions)
        #expect(payload.identityKey == (try NoisePayload(decoding: known).identityKey))
        #expect(payload.streamMuxers.count == NoiseParameters.maximumStreamMuxers)
    }
}
