import Foundation

/// What a command answers goes to standard output, everything else to standard error.
enum Output {
    /// A line in passing; nobody is left to be told where it cannot be written.
    static func line(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Nobody is left to be told where this cannot be written.
    static func error(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Something that its user should mend, though the command goes on.
    static func warning(_ text: String) { error("warning: \(text)") }

    /// A text that is the whole answer of a command.
    static func answer(_ text: String) throws { try write(text) }

    /// One line of JSON, keys sorted.
    static func json(_ value: some Encodable) throws {
        try write(try JSONText.compact(value))
    }

    /// The same answer for people or for programs.
    static func answer(_ value: some Encodable, text: String, asJSON: Bool) throws {
        if asJSON { try json(value) } else { try write(text) }
    }

    private static func write(_ answer: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((answer + "\n").utf8))
        } catch {
            throw CommandFailure(
                .environment,
                "the answer cannot be written to standard output: \(error.localizedDescription)")
        }
    }
}

package enum JSONText {
    package static func compact(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
