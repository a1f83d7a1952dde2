import Cryptography
import Testing

struct KeystoreTests {
    private static let salt = [UInt8](repeating: 4, count: 16)
    private static let nonce = [UInt8](repeating: 6, count: 24)

    private static func secret(_ text: String) -> SecretBytes {
        SecretBytes(copying: Array(text.utf8))
    }

    private static func filled(_ byte: UInt8) -> SecretBytes {
        SecretBytes(copying: [UInt8](repeating: byte, count: 32))
    }

    private static func nodeKeystore() throws -> Keystore {
        try Keystore(operatorSeed: filled(1), vrfSeed: filled(2), peerSeed: filled(3))
    }

    private static func sealedNode() throws -> KeyFile {
        try nodeKeystore().sealed(
            passphrase: secret("right"), cost: .minimal, salt: salt, nonce: nonce)
    }

    private static func bytes(_ secret: borrowing SecretBytes) -> [UInt8] {
        secret.withUnsafeBytes { [UInt8]($0) }
    }

    /// Keeps the checksum right, as somebody who changes a file on purpose would.
    private static func withChecksum(_ bytes: [UInt8]) -> [UInt8] {
        let body = Array(bytes.dropLast(8))
        return body + SHA256.hash(body).bytes.prefix(8)
    }

    @Test func `a sealed file opens with its passphrase to the same seeds`() throws {
        let file = try KeyFile(decoding: Self.sealedNode().encoded)
        let opened = try Keystore(opening: file, passphrase: Self.secret("right"))
        #expect(Self.bytes(opened.operatorSeed()) == [UInt8](repeating: 1, count: 32))
        #expect(Self.bytes(opened.vrfSeed()) == [UInt8](repeating: 2, count: 32))
        #expect(Self.bytes(opened.peerSeed()) == [UInt8](repeating: 3, count: 32))
        #expect(opened.publicKeys == file.publicKeys)
        #expect(Set(file.publicKeys).count == 3)
    }

    @Test func `a wallet file holds one seed`() throws {
        let wallet = try Keystore(walletSeed: Self.filled(7))
        let file = try KeyFile(
            decoding: wallet.sealed(
                passphrase: Self.secret("x"), cost: .minimal, salt: Self.salt, nonce: Self.nonce
            ).encoded)
        #expect(file.purpose == .wallet)
        let opened = try Keystore(opening: file, passphrase: Self.secret("x"))
        #expect(Self.bytes(opened.walletSeed()) == [UInt8](repeating: 7, count: 32))
    }

    @Test func `random keystores hold different seeds`() {
        let first = Keystore(randomFor: .node)
        let second = Keystore(randomFor: .node)
        #expect(Set(first.publicKeys + second.publicKeys).count == 6)
    }

    @Test func `a wrong passphrase is told by name`() throws {
        let file = try Self.sealedNode()
        #expect(throws: KeyFileError.wrongPassphrase) {
            _ = try Keystore(opening: file, passphrase: Self.secret("wrong"))
        }
        #expect(throws: KeyFileError.unusablePassphrase) {
            _ = try Keystore(opening: file, passphrase: Self.secret(""))
        }
    }

    @Test func `a byte changed by accident is damage`() throws {
        let bytes = try Self.sealedNode().encoded
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1
            #expect(throws: KeyFileError.self, "byte \(index)") {
                _ = try KeyFile(decoding: changed)
            }
        }
        for count in 0..<bytes.count {
            #expect(throws: KeyFileError.self) {
                _ = try KeyFile(decoding: Array(bytes.prefix(count)))
            }
        }
        #expect(throws: KeyFileError.self) { _ = try KeyFile(decoding: bytes + [0]) }
    }

    @Test func `a byte changed on purpose never opens`() throws {
        let bytes = try Self.sealedNode().encoded
        for index in bytes.indices.dropLast(8) {
            var changed = bytes
            changed[index] ^= 1
            let forged = Self.withChecksum(changed)
            #expect(throws: KeyFileError.self, "byte \(index)") {
                _ = try Keystore(
                    opening: try KeyFile(decoding: forged), passphrase: Self.secret("right"))
            }
        }
    }

    @Test func `a cost beyond the bounds is refused before it is paid`() throws {
        let bytes = try Self.sealedNode().encoded
        for (range, value) in [(10..<14, UInt8(255)), (14..<22, 255), (10..<14, 0)] {
            var hostile = bytes
            for index in range { hostile[index] = value }
            let forged = Self.withChecksum(hostile)
            #expect {
                _ = try KeyFile(decoding: forged)
            } throws: { error in
                if case .unsupported = error as? KeyFileError { true } else { false }
            }
        }
    }

    @Test func `another version or purpose is unsupported`() throws {
        let bytes = try Self.sealedNode().encoded
        for index in [8, 9] {
            var other = bytes
            other[index] = 9
            #expect {
                _ = try KeyFile(decoding: Self.withChecksum(other))
            } throws: { error in
                if case .unsupported = error as? KeyFileError { true } else { false }
            }
        }
    }

    @Test func `a seed of another length is refused`() {
        #expect(throws: CryptographyError.wrongByteCount(expected: 32, found: 3)) {
            _ = try Keystore(walletSeed: SecretBytes(copying: [1, 2, 3]))
        }
    }
}
