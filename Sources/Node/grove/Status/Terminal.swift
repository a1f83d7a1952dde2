import Foundation
import Glibc

/// A page that is drawn over itself. The terminal's own text comes back when it is closed.
struct Terminal {
    /// Nil where standard output is no terminal that can be drawn on.
    init?() {
        guard isatty(STDOUT_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb"
        else { return nil }
        // The alternate screen, without a cursor.
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    func close() { Self.write("\u{1B}[?25h\u{1B}[?1049l") }

    /// Draws what `page` makes for so many columns and rows. One write, each line cleared only behind
    /// its text: nothing flickers.
    func draw(_ page: (_ columns: Int, _ rows: Int) -> [String]) {
        let size = Self.size
        let shown = page(size.columns, size.rows)
        Self.write(
            "\u{1B}[H" + shown.joined(separator: "\u{1B}[K\r\n") + "\u{1B}[K\u{1B}[J")
    }

    /// Asked at each drawing, so that it follows the window.
    private static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return (80, 24) }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    private static func write(_ text: String) {
        try? FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
    }
}
