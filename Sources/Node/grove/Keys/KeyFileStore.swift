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
        if let warning = LocalFile.wideModeWarning(path) { Output.warning(warning) }
        guard file.purpose == purpose else {
            throw CommandFailure(
                .usage, "\(path) is a \(file.purpose) key file, but a \(purpose) one is needed")
        }
        return try described(path) { try Keystore(opening: file, passphrase: passphrase()) }
    }

    /// Seals what is in the file under another passphrase, at `cost` (nil: the present one), and puts
    /// it in the file's place, mode 0600. Whatever happens, power cut or `kill -9` included, the name
    /// stands for the whole old file or the whole new one.
    package static func changePassphrase(
        of path: String, cost: Argon2id.Cost?, old: () throws -> SecretBytes,
        new: () throws -> SecretBytes
    ) throws -> KeyFile {
        let file = try read(path)
        let keystore = try open(path, expecting: file.purpose, passphrase: old)
        let passphrase = try new()
        return try described(path) {
            let sealed = try seal(keystore, cost: cost ?? file.cost, passphrase: passphrase)
            // What takes the old one's place is known to open.
            let opened = try Keystore(
                opening: KeyFile(decoding: sealed.encoded), passphrase: passphrase)
            guard opened.publicKeys == file.publicKeys else {
                throw KeyFileError.damaged("what was sealed does not open to the same keys")
            }
            try LocalFile.replace(path, sealed.encoded, mode: 0o600)
            return sealed
        }
    }

    private static func seal(
        _ keystore: borrowing Keystore, cost: Argon2id.Cost, passphrase: borrowing SecretBytes
    ) throws(KeyFileError) -> KeyFile {
        try keystore.sealed(
            passphrase: passphrase, cost: cost, salt: randomBytes(Argon2id.saltByteCount),
            nonce: randomBytes(XChaCha20Poly1305.nonceByteCount))
    }

    /// Key file errors with the file's name.
    private static func described<Result: ~Copyable>(
        _ path: String, _ body: () throws -> Result
    ) throws -> Result {
        do {
            return try body()
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
        let file = try seal(
            Keystore(randomFor: purpose), cost: cost, passphrase: passphrase)
        try LocalFile.create(path, file.encoded, mode: 0o600)
        return file
    }
}
