/// The seeds of a key file, in memory: independent of each other, so that one given away gives no
/// other. Drawn by `init(randomFor:)`, written by `sealed`, read by `init(opening:passphrase:)`.
package struct Keystore: ~Copyable, Sendable {
    package let purpose: KeyFile.Purpose
    /// All seeds, one after the other.
    private let seeds: SecretBytes

    package init(randomFor purpose: KeyFile.Purpose) {
        self.purpose = purpose
        seeds = SecretBytes(
            randomByteCount: purpose.seedCount * KeyFile.seedByteCount, placement: .guardedPages)
    }

    /// A node's three seeds from elsewhere: an import, or a devnet's fixed keys. Throws
    /// `wrongByteCount` unless each has 32 bytes.
    package init(
        operatorSeed: borrowing SecretBytes, vrfSeed: borrowing SecretBytes,
        peerSeed: borrowing SecretBytes
    ) throws(CryptographyError) {
        purpose = .node
        seeds = try SecretBytes(
            count: 3 * KeyFile.seedByteCount, placement: .guardedPages
        ) { output throws(CryptographyError) in
            try Self.place(operatorSeed, at: 0, in: output)
            try Self.place(vrfSeed, at: 1, in: output)
            try Self.place(peerSeed, at: 2, in: output)
        }
    }

    /// A wallet's one seed from elsewhere. Throws `wrongByteCount` unless it has 32 bytes.
    package init(walletSeed: borrowing SecretBytes) throws(CryptographyError) {
        purpose = .wallet
        seeds = try SecretBytes(
            count: KeyFile.seedByteCount, placement: .guardedPages
        ) { output throws(CryptographyError) in try Self.place(walletSeed, at: 0, in: output) }
    }

    /// Opens `file`: one password hash of the file's bounded cost. Every `KeyFileError` may come.
    package init(
        opening file: KeyFile, passphrase: borrowing SecretBytes
    ) throws(KeyFileError) {
        let key = try Self.key(passphrase: passphrase, salt: file.salt, cost: file.cost)
        let opened: SecretBytes
        do {
            opened = try XChaCha20Poly1305.open(
                file.ciphertext, key: key, nonce: file.nonce,
                associatedData: file.associatedData)
        } catch {
            throw .wrongPassphrase
        }
        let keystore = Keystore(
            purpose: file.purpose,
            seeds: opened.copy(placement: .guardedPages))
        guard keystore.publicKeys == file.publicKeys else {
            throw .damaged("its public keys are not those of its seeds")
        }
        self = keystore
    }

    private init(purpose: KeyFile.Purpose, seeds: consuming SecretBytes) {
        self.purpose = purpose
        self.seeds = seeds
    }

    /// Seals the seeds. `salt` (16 bytes) and `nonce` (24 bytes) must be fresh and random.
    package borrowing func sealed(
        passphrase: borrowing SecretBytes, cost: Argon2id.Cost, salt: [UInt8], nonce: [UInt8]
    ) throws(KeyFileError) -> KeyFile {
        KeyFile(
            purpose: purpose, cost: cost, publicKeys: publicKeys, salt: salt, nonce: nonce,
            seeds: seeds, key: try Self.key(passphrase: passphrase, salt: salt, cost: cost))
    }

    // MARK: The seeds; asking a file for what its purpose lacks traps

    package borrowing func operatorSeed() -> SecretBytes { seed(0, of: .node) }
    package borrowing func vrfSeed() -> SecretBytes { seed(1, of: .node) }
    package borrowing func peerSeed() -> SecretBytes { seed(2, of: .node) }
    package borrowing func walletSeed() -> SecretBytes { seed(0, of: .wallet) }

    /// The Ed25519 and VRF public key of a seed are the same point, so one list serves all.
    package var publicKeys: [Bytes32] {
        (0..<purpose.seedCount).map { index in
            do {
                return try SigningKey(seed: seed(index, of: purpose)).publicKey
            } catch {
                preconditionFailure("a seed of a keystore: \(error)")
            }
        }
    }

    private borrowing func seed(_ index: Int, of expected: KeyFile.Purpose) -> SecretBytes {
        precondition(purpose == expected, "a \(purpose) keystore has no \(expected) seed")
        let start = index * KeyFile.seedByteCount
        return seeds.slice(start..<start + KeyFile.seedByteCount)
    }

    private static func place(
        _ seed: borrowing SecretBytes, at index: Int, in output: UnsafeMutableRawBufferPointer
    ) throws(CryptographyError) {
        guard seed.count == KeyFile.seedByteCount else {
            throw .wrongByteCount(expected: KeyFile.seedByteCount, found: seed.count)
        }
        let start = index * KeyFile.seedByteCount
        seed.withUnsafeBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: output[start...]).copyMemory(from: bytes)
        }
    }

    private static func key(
        passphrase: borrowing SecretBytes, salt: [UInt8], cost: Argon2id.Cost
    ) throws(KeyFileError) -> SecretBytes {
        do {
            return try Argon2id.derive(
                byteCount: XChaCha20Poly1305.keyByteCount, passphrase: passphrase, salt: salt,
                cost: cost)
        } catch .outOfMemory(let byteCount) {
            throw .outOfMemory(byteCount: byteCount)
        } catch .costOutOfBounds {
            throw .unusablePassphrase
        } catch {
            preconditionFailure("the salt of a key file: \(error)")
        }
    }
}
