import Cryptography
import TestSupport
import Testing

struct HashTests {
    private struct Vector: Decodable {
        let ikm: String
        let salt: String
        let info: String
        let l: Int
        let prk: String
        let okm: String
    }

    private struct File: Decodable {
        let vectors: [Vector]
    }

    private static func secret(_ hex: String) throws -> SecretBytes {
        SecretBytes(copying: try #require([UInt8](hex: hex)))
    }

    private static func hex(_ secret: borrowing SecretBytes) -> String {
        secret.withUnsafeBytes { [UInt8]($0).hex }
    }

    @Test func `HKDF gives the answers of RFC 5869`() throws {
        let vectors = try VectorFile.decode(File.self, from: "kdf/hkdf_sha256_rfc5869.json").vectors
        #expect(vectors.count == 3)
        for vector in vectors {
            let key = HKDFSHA256.extract(
                salt: try Self.secret(vector.salt),
                inputKeyMaterial: try Self.secret(vector.ikm))
            #expect(Self.hex(key) == vector.prk)
            let info = try #require([UInt8](hex: vector.info))
            let output = HKDFSHA256.expand(key: key, info: info, byteCount: vector.l)
            #expect(Self.hex(output) == vector.okm)
        }
    }

    @Test func `HKDF gives any count up to its limit`() {
        let key = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        let limit = CryptographyParameters.maximumHKDFByteCount
        let longest = Self.hex(HKDFSHA256.expand(key: key, info: [2], byteCount: limit))
        for count in [0, 1, 31, 32, 33, 64, limit - 1] {
            let output = Self.hex(HKDFSHA256.expand(key: key, info: [2], byteCount: count))
            #expect(longest.hasPrefix(output))
            #expect(output.count == 2 * count)
        }
    }

    @Test func `SHA-256 and SHA-512 give the answers of FIPS 180`() {
        #expect(
            SHA256.hash(Array("abc".utf8)).hex
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(
            SHA512.hash(Array("abc".utf8)).hex
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
        #expect(
            SHA256.hash([]).hex
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }

    @Test func `hashing in pieces equals hashing at once`() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        for cut in [0, 1, 63, 64, 65, 299, 300] {
            var short = SHA256.Hasher()
            short.update(Array(bytes[..<cut]))
            bytes[cut...].withUnsafeBytes { short.update($0) }
            #expect(short.finalize() == SHA256.hash(bytes))
            var long = SHA512.Hasher()
            long.update(Array(bytes[..<cut]))
            var twin = long.copy()
            long.update(Array(bytes[cut...]))
            twin.update(SecretBytes(copying: bytes[cut...]))
            #expect(long.finalize() == SHA512.hash(bytes))
            #expect(twin.finalize() == SHA512.hash(bytes))
        }
    }

    @Test func `HMAC gives the answer of RFC 4231 case 2`() {
        var authenticator = HMACSHA256(key: SecretBytes(copying: Array("Jefe".utf8)))
        authenticator.update(Array("what do ya want ".utf8))
        authenticator.update(Array("for nothing?".utf8))
        #expect(
            Self.hex(authenticator.finalize())
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test func `a tagged hash separates tags and field boundaries`() {
        let hashes = [
            taggedHash("a", .bytes([1, 2]), .bytes([3])),
            taggedHash("a", .bytes([1]), .bytes([2, 3])),
            taggedHash("a", .bytes([1, 2, 3])),
            taggedHash("b", .bytes([1, 2]), .bytes([3])),
            taggedHash("a", .bytes([1, 2]), .bytes([3]), .bytes([])),
        ]
        #expect(Set(hashes).count == hashes.count)
    }
}
