import Cryptography
import Testing

struct CipherTests {
    private static func secret(_ hex: String) throws -> SecretBytes {
        SecretBytes(copying: try #require([UInt8](hex: hex)))
    }

    private static let sunscreen = Array(
        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the "
            + "future, sunscreen would be it.").utf8)

    @Test func `ChaCha20-Poly1305 gives the answer of RFC 8439`() throws {
        let key = try Self.secret(
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
        let nonce = try #require([UInt8](hex: "070000004041424344454647"))
        let associatedData = try #require([UInt8](hex: "50515253c0c1c2c3c4c5c6c7"))
        let sealed = ChaCha20Poly1305.seal(
            Self.sunscreen[...], key: key, nonce: nonce, associatedData: associatedData)
        #expect(sealed.prefix(16).hexText == "d31a8d34648e60db7b86afbc53ef7ec2")
        #expect(sealed.suffix(16).hexText == "1ae10b594f09e26a7e902ecbd0600691")
        let opened = try ChaCha20Poly1305.open(
            sealed[...], key: key, nonce: nonce, associatedData: associatedData)
        #expect(opened == Self.sunscreen)
    }

    @Test func `a changed ciphertext, nonce or associated data does not open`() throws {
        let key = SecretBytes(copying: [UInt8](repeating: 1, count: 32))
        let nonce = [UInt8](repeating: 2, count: 12)
        let sealed = ChaCha20Poly1305.seal([1, 2, 3], key: key, nonce: nonce, associatedData: [9])
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1
            #expect(throws: CryptographyError.authenticationFailed) {
                _ = try ChaCha20Poly1305.open(
                    changed[...], key: key, nonce: nonce, associatedData: [9])
            }
        }
        #expect(throws: CryptographyError.authenticationFailed) {
            _ = try ChaCha20Poly1305.open(
                sealed[...], key: key, nonce: nonce, associatedData: [8])
        }
        #expect(throws: CryptographyError.authenticationFailed) {
            _ = try ChaCha20Poly1305.open(
                sealed.prefix(15), key: key, nonce: nonce, associatedData: [9])
        }
        let empty = ChaCha20Poly1305.seal([], key: key, nonce: nonce, associatedData: [])
        #expect(
            try ChaCha20Poly1305.open(empty[...], key: key, nonce: nonce, associatedData: [])
                .isEmpty)
    }

    @Test func `XChaCha20-Poly1305 gives the answer of its draft`() throws {
        let key = try Self.secret(
            "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f")
        let nonce = try #require(
            [UInt8](hex: "404142434445464748494a4b4c4d4e4f5051525354555657"))
        let associatedData = try #require([UInt8](hex: "50515253c0c1c2c3c4c5c6c7"))
        let sealed = XChaCha20Poly1305.seal(
            SecretBytes(copying: Self.sunscreen), key: key, nonce: nonce,
            associatedData: associatedData)
        #expect(sealed.prefix(16).hexText == "bd6d179d3e83d43b9576579493c0e939")
        #expect(sealed.suffix(16).hexText == "c0875924c1c7987947deafd8780acf49")
        let opened = try XChaCha20Poly1305.open(
            sealed, key: key, nonce: nonce, associatedData: associatedData)
        let isSame = opened.withUnsafeBytes { [UInt8]($0) == Self.sunscreen }
        #expect(isSame)
    }

    @Test func `X25519 gives the answer of RFC 7748 section 6`() throws {
        let alice = try Self.secret(
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
        let bob = try Self.secret(
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
        let bobKey = try X25519.publicKey(of: bob)
        #expect(bobKey.hex == "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f")
        let first = try X25519.sharedSecret(alice, with: bobKey)
        let second = try X25519.sharedSecret(bob, with: try X25519.publicKey(of: alice))
        let expected = try Self.secret(
            "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
        let answers = [first.isEqual(to: second), first.isEqual(to: expected)]
        #expect(answers == [true, true])
    }

    /// Answers of argon2-cffi 25.1.0, which wraps the reference implementation.
    @Test(arguments: [
        (1, 8, "3bfa796a86260b73457e1290b51695931a17e266f601d0fb45563e282fb6865b"),
        (3, 64, "a1dc6a57c61d5fb470584e24085ea3216fd369c61bcd5f845745f9cb0ed02fca"),
    ])
    func `Argon2id gives the reference implementation's answers`(
        passes: Int, kibibytes: Int, expected: String
    ) throws {
        let key = try Argon2id.derive(
            byteCount: 32, passphrase: SecretBytes(copying: Array("correct horse".utf8)),
            salt: (0..<16).map { UInt8($0) },
            cost: Argon2id.Cost(
                passes: UInt64(passes), memoryByteCount: UInt64(kibibytes) * 1_024))
        let answer = key.withUnsafeBytes { [UInt8]($0).hex }
        #expect(answer == expected)
    }

    @Test func `Argon2id agrees with itself and depends on every input`() throws {
        let salt = [UInt8](repeating: 3, count: 16)
        func derived(_ passphrase: String, _ salt: [UInt8], _ cost: Argon2id.Cost) throws -> [UInt8]
        {
            try Argon2id.derive(
                byteCount: 32, passphrase: SecretBytes(copying: Array(passphrase.utf8)),
                salt: salt, cost: cost
            ).withUnsafeBytes { [UInt8]($0) }
        }
        let other = try Argon2id.Cost(passes: 2, memoryByteCount: 8_192)
        let outputs = [
            try derived("a", salt, .minimal), try derived("b", salt, .minimal),
            try derived("a", salt.map { $0 + 1 }, .minimal), try derived("a", salt, other),
        ]
        #expect(Set(outputs).count == 4)
        #expect(try derived("a", salt, .minimal) == outputs[0])
        #expect(throws: CryptographyError.wrongByteCount(expected: 16, found: 1)) {
            _ = try derived("a", [1], .minimal)
        }
    }

    @Test func `a cost outside the bounds cannot be made`() {
        let costs: [(UInt64, UInt64)] = [(0, 8_192), (17, 8_192), (1, 8_191), (1, 1 << 40)]
        for (passes, memory) in costs {
            #expect(throws: CryptographyError.self) {
                _ = try Argon2id.Cost(passes: passes, memoryByteCount: memory)
            }
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate var hexText: String { Array(self).hex }
}
