import Cryptography
import Glibc
import Synchronization

/// Asks at the process's terminal, whatever its standard streams are, without showing the answer.
/// The terminal is as it was before when this ends, also by a signal.
enum TerminalPrompt {
    static func ask(_ question: String) throws(CommandFailure) -> SecretBytes {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw CommandFailure(
                .usage,
                "there is no terminal to ask for the passphrase at; give "
                    + "\(Setting.passphraseFile.flag) FILE, or set "
                    + "\(Setting.passphraseFile.environmentVariable) to a file's name or "
                    + "\(PassphraseSource.variable) to the passphrase (for a new one of an old "
                    + "file: --new-passphrase-file or \(PassphraseSource.newVariable))")
        }
        defer { close(terminal) }
        var before = termios()
        guard tcgetattr(terminal, &before) == 0 else {
            throw CommandFailure(.environment, "the terminal does not answer")
        }
        let restoration = Restoration(terminal: terminal, mode: before)
        defer { restoration.end() }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ICANON | ISIG)
        guard tcsetattr(terminal, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure(.environment, "the terminal's echo cannot be switched off")
        }
        write(question, to: terminal)
        return try line(from: terminal, restoration)
    }

    private static func line(
        from terminal: Int32, _ restoration: Restoration
    ) throws(CommandFailure) -> SecretBytes {
        let limit = Passphrase.limit
        var count = 0
        let buffer = try SecretBytes(count: limit + 1) { bytes throws(CommandFailure) in
            while true {
                restoration.waitForLine()
                var byte: UInt8 = 0
                let read = Glibc.read(terminal, &byte, 1)
                if read < 0, errno == EINTR { continue }
                guard read >= 0 else {
                    throw CommandFailure(
                        .environment,
                        "the terminal went away: \(String(cString: strerror(errno)))")
                }
                if read == 0 || byte == UInt8(ascii: "\n") { return }
                guard count < limit else {
                    throw CommandFailure(.usage, "a passphrase has at most \(limit) bytes")
                }
                bytes[count] = byte
                count += 1
            }
        }
        return buffer.slice(0..<count)
    }

    fileprivate static func write(_ text: String, to terminal: Int32) {
        let bytes = Array(text.utf8)
        _ = Glibc.write(terminal, bytes, bytes.count)
    }
}

/// The number of the signal that came while a prompt waits; 0 before.
private let interruption = Atomic<Int32>(0)

/// The way back to the terminal's old mode.
private struct Restoration {
    private static let fatalSignals = [SIGINT, SIGTERM, SIGHUP, SIGQUIT]

    private let terminal: Int32
    private let mode: termios
    private let handlers: [(Int32, sighandler_t?)]

    init(terminal: Int32, mode: termios) {
        self.terminal = terminal
        self.mode = mode
        interruption.store(0, ordering: .relaxed)
        handlers =
            Self.fatalSignals.map { number in
                (number, signal(number) { interruption.store($0, ordering: .relaxed) })
            }
            // Somebody who suspends grove would find a terminal without echo.
            + [(SIGTSTP, signal(SIGTSTP, SIG_IGN))]
    }

    func end() {
        var mode = mode
        tcsetattr(terminal, TCSAFLUSH, &mode)
        TerminalPrompt.write("\n", to: terminal)
        for (number, handler) in handlers { signal(number, handler) }
    }

    /// Waits until the terminal has a line. A signal ends the process, as a shell reports it; nothing
    /// has been written so far.
    func waitForLine() {
        var request = pollfd(fd: terminal, events: Int16(POLLIN), revents: 0)
        while true {
            // A signal may reach another thread: no call of this one need notice.
            let ready = poll(&request, 1, 50)
            let number = interruption.load(ordering: .relaxed)
            if number != 0 {
                end()
                _exit(128 + number)
            }
            if ready > 0 { return }
        }
    }
}
