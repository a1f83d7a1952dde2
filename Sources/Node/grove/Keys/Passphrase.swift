import Cryptography
import Foundation
import Glibc

/// Where passphrases come from: a file, or a person who is asked without echo.
enum Passphrase {
    private static var limit: Int { Int(CryptographyParameters.passphraseByteCount.upperBound) }

    /// For a file that exists.
    static func ask(for path: String, settings: Settings) throws -> SecretBytes {
        if let file = settings.find(.passphraseFile) { return try read(file.text) }
        return SecretBytes(copying: try prompt("Passphrase of \(path): "))
    }

    /// For a file that is about to be made: asked twice.
    static func choose(for path: String, settings: Settings) throws -> SecretBytes {
        if let file = settings.find(.passphraseFile) { return try read(file.text) }
        let first = try prompt("New passphrase for \(path): ")
        guard try prompt("The same again: ") == first else {
            throw CommandFailure(.usage, "the two passphrases differ; nothing was written")
        }
        return SecretBytes(copying: first)
    }

    /// The whole file without the end of its last line.
    private static func read(_ path: String) throws -> SecretBytes {
        var bytes = try LocalFile.read(path, atMost: limit + 2)
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        return SecretBytes(copying: bytes)
    }

    private static func prompt(_ question: String) throws(CommandFailure) -> [UInt8] {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure(
                .usage,
                "there is no terminal to ask for the passphrase; give \(Setting.passphraseFile.flag)"
                    + " <file> or set \(Setting.passphraseFile.environmentVariable)")
        }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw CommandFailure(.environment, "the terminal does not answer")
        }
        // As getpass(3): neither echo nor signals, which would leave the terminal without echo.
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO | ISIG)
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure(.environment, "the terminal's echo cannot be switched off")
        }
        defer {
            tcsetattr(terminal, TCSAFLUSH, &before)
            write("\n", to: terminal)
        }
        write(question, to: terminal)
        return try line(from: terminal)
    }

    private static func line(from terminal: Int32) throws(CommandFailure) -> [UInt8] {
        var line: [UInt8] = []
        var byte: UInt8 = 0
        while Glibc.read(terminal, &byte, 1) == 1, byte != UInt8(ascii: "\n") {
            line.append(byte)
            guard line.count <= limit else {
                throw CommandFailure(.usage, "a passphrase has at most \(limit) bytes")
            }
        }
        // Control-C, which made no signal.
        guard !line.contains(3) else { throw CommandFailure(.usage, "interrupted") }
        return line
    }

    private static func write(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(terminal, bytes, bytes.count)
    }
}
