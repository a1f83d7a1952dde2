import Foundation

/// What a command answers goes to standard output, everything else to standard error.
enum Output {
    static func line(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// One line of JSON, keys sorted.
    static func json(_ value: some Encodable) throws {
        line(try JSONText.compact(value))
    }

    /// The same answer for people or for programs.
    static func answer(_ value: some Encodable, text: String, asJSON: Bool) throws {
        if asJSON { try json(value) } else { line(text) }
    }
}

package enum JSONText {
    package static func compact(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
