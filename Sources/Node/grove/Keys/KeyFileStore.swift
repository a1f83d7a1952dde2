package import Cryptography

/// Key files on disk.
package enum KeyFileStore {
    /// Far more than any key file has.
    private static let maximumByteCount = 1 << 16

    package static func read(_ path: String) throws -> KeyFile {
        let bytes = try LocalFile.read(path, atMost: maximumByteCount)
        do throws(KeyFileError) {
            return try KeyFile(decoding: bytes)
        } catch {
            guard let failure = CommandFailure(describing: error) else { throw error }
            throw CommandFailure(failure.kind, "\(path): \(failure.message)")
        }
    }

    /// Reads and opens a file of a purpose.
    package static func open(
        _ path: String, expecting purpose: KeyFile.Purpose,
        passphrase: () throws -> SecretBytes
    ) throws -> Keystore {
        let file = try read(path)
        guard file.purpose == purpose else {
            throw CommandFailure(
                .usage, "\(path) is a \(file.purpose) key file, but a \(purpose) one is needed")
        }
        do {
            return try Keystore(opening: file, passphrase: passphrase())
        } catch let error as KeyFileError {
            guard let failure = CommandFailure(describing: error) else { throw error }
            throw CommandFailure(failure.kind, "\(path): \(failure.message)")
        }
    }

    /// Draws new seeds, seals them and creates the file, mode 0600.
    package static func create(
        _ path: String, purpose: KeyFile.Purpose, cost: Argon2id.Cost,
        passphrase: borrowing SecretBytes
    ) throws -> KeyFile {
        let file = try Keystore(randomFor: purpose).sealed(
            passphrase: passphrase, cost: cost, salt: randomBytes(Argon2id.saltByteCount),
            nonce: randomBytes(XChaCha20Poly1305.nonceByteCount))
        try LocalFile.create(path, file.encoded, mode: 0o600)
        return file
    }
}
