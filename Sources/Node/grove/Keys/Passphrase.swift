package import Cryptography

/// Passphrases out of their sources: a file, the environment, or a person who is asked.
package enum Passphrase {
    static var limit: Int { Int(CryptographyParameters.passphraseByteCount.upperBound) }
    /// Of a new one. Whoever has the file guesses as fast as its cost allows.
    package static let leastCharacterCount = 8

    /// Of a file that exists.
    static func ask(for path: String, settings: Settings) throws -> SecretBytes {
        try read(PassphraseSource(settings), settings) {
            try TerminalPrompt.ask("Passphrase of \(path): ")
        }
    }

    /// For a file that is about to be made; a person is asked twice.
    static func choose(for path: String, settings: Settings) throws -> SecretBytes {
        let passphrase = try read(PassphraseSource(settings), settings) {
            try twice("New passphrase for \(path): ")
        }
        try requireLength(of: passphrase)
        return passphrase
    }

    /// That a file is to have from now on.
    static func change(
        for path: String, file: String?, settings: Settings
    ) throws -> SecretBytes {
        let passphrase = try read(PassphraseSource(newIn: settings, file: file), settings) {
            try twice("New passphrase for \(path): ")
        }
        try requireLength(of: passphrase)
        return passphrase
    }

    /// Throws `usage` for a passphrase that no new file may have.
    package static func requireLength(
        of passphrase: borrowing SecretBytes
    ) throws(CommandFailure) {
        // Every character begins with a byte that does not go one on (UTF-8).
        let count = passphrase.withUnsafeBytes { bytes in
            bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
        }
        guard count >= leastCharacterCount else {
            throw CommandFailure(
                .usage,
                "a new passphrase has at least \(leastCharacterCount) characters, this one has "
                    + "\(count); nothing was written")
        }
    }

    /// The whole file without the end of its last line (`\n` or `\r\n`). A file that others may
    /// read is used, with a warning: secrets that a container mounts are often so.
    package static func read(
        file path: String, warn: (String) -> Void
    ) throws(CommandFailure) -> SecretBytes {
        let bytes = try LocalFile.readSecret(path, atMost: limit + 2, warn: warn)
        let count = bytes.withUnsafeBytes { bytes in
            guard bytes.last == UInt8(ascii: "\n") else { return bytes.count }
            let line = bytes.dropLast()
            return line.last == UInt8(ascii: "\r") ? line.count - 1 : line.count
        }
        guard count > 0 else {
            throw CommandFailure(.usage, "the passphrase file \(path) is empty")
        }
        return bytes.slice(0..<count)
    }

    private static func read(
        _ source: PassphraseSource, _ settings: Settings, prompt: () throws -> SecretBytes
    ) throws -> SecretBytes {
        switch source {
        case .file(let path): try read(file: path) { Output.warning($0) }
        case .variable(let name): SecretBytes(copying: (settings.variable(name) ?? "").utf8)
        case .terminal: try prompt()
        }
    }

    private static func twice(_ question: String) throws(CommandFailure) -> SecretBytes {
        let first = try TerminalPrompt.ask(question)
        guard first.count > 0 else {
            throw CommandFailure(.usage, "a passphrase cannot be empty; nothing was written")
        }
        try requireLength(of: first)
        guard try TerminalPrompt.ask("The same again: ").isEqual(to: first) else {
            throw CommandFailure(.usage, "the two passphrases differ; nothing was written")
        }
        return first
    }
}
