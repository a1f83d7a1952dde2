import Foundation
import Glibc

/// Colours of a terminal, or none.
package struct Palette: Sendable {
    package enum Tone: String, Sendable {
        case good = "32"
        case warning = "33"
        case bad = "31"
        case quiet = "2"
        case title = "1"
    }

    private let isColoured: Bool

    package init(isColoured: Bool) { self.isColoured = isColoured }

    /// Only where standard output is a terminal, and `NO_COLOR` is not set.
    static var ofStandardOutput: Palette {
        let environment = ProcessInfo.processInfo.environment
        let isForbidden = environment["NO_COLOR"].map { !$0.isEmpty } ?? false
        return Palette(
            isColoured: isatty(STDOUT_FILENO) == 1 && !isForbidden
                && environment["TERM"] != "dumb")
    }

    package func paint(_ text: String, _ tone: Tone) -> String {
        isColoured ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
    }
}
