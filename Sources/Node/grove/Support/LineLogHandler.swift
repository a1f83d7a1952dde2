package import Foundation
import Logging

/// Writes each event as one line to standard error: for people
/// `2026-01-31T12:00:00.000Z info settlement: listening address=127.0.0.1:7000`, or one JSON object.
struct LineLogHandler: LogHandler {
    private let label: String
    private let asJSON: Bool
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    init(label: String, level: Logger.Level, asJSON: Bool) {
        self.label = label
        self.asJSON = asJSON
        logLevel = level
    }

    /// Makes this the log of the process; to be called once.
    static func install(level: Logger.Level, asJSON: Bool) {
        LoggingSystem.bootstrap { LineLogHandler(label: $0, level: level, asJSON: asJSON) }
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let line = LogLine(
            time: Date(), level: event.level.rawValue, label: label,
            message: event.message.description, fields: all.mapValues { "\($0)" })
        Output.error(asJSON ? line.json : line.text)
    }
}

/// One event, written out.
package struct LogLine: Sendable {
    let time: Date
    let level: String
    let label: String
    let message: String
    let fields: [String: String]

    package init(
        time: Date, level: String, label: String, message: String, fields: [String: String]
    ) {
        self.time = time
        self.level = level
        self.label = label
        self.message = message
        self.fields = fields
    }

    package var text: String {
        let pairs = fields.sorted { $0.key < $1.key }.map { " \($0.key)=\(Self.quoted($0.value))" }
        return "\(stamp) \(level) \(label): \(Self.oneLine(message))" + pairs.joined()
    }

    package var json: String {
        var object = fields
        object["time"] = stamp
        object["level"] = level
        object["label"] = label
        object["message"] = message
        do {
            return try JSONText.compact(object)
        } catch {
            return text
        }
    }

    private var stamp: String {
        time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }

    private static func quoted(_ value: String) -> String {
        let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" }
        return isPlain ? oneLine(value) : "\"\(oneLine(value).replacing("\"", with: "\\\""))\""
    }

    /// Peers' texts get into logs: no character of theirs may start a line or move the cursor.
    private static func oneLine(_ text: String) -> String {
        String(
            text.unicodeScalars.map { scalar -> String in
                switch scalar {
                case "\n": "\\n"
                case "\r": "\\r"
                case "\t": "\\t"
                case _ where scalar.properties.generalCategory == .control:
                    "\\u{" + String(scalar.value, radix: 16) + "}"
                default: String(scalar)
                }
            }.joined())
    }
}
