import Primitives

/// Keys, ranges, money and times as people read them.
package enum Shown {
    /// The first eight digits.
    package static func short(_ hex: String) -> String { String(hex.prefix(8)) }
    package static func amount(_ units: UInt64) -> String { "\(Amount(units: units))" }
    package static func range(_ first: Int, _ count: Int) -> String {
        "\(first)..<\(first + count)"
    }

    /// `leaf 2` or `merge 0..<4`
    package static func node(_ first: Int, _ count: Int) -> String {
        count == 1 ? "leaf \(first)" : "merge \(range(first, count))"
    }

    package static func padded(_ text: String, to width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    /// `1 block`, `2 blocks`
    package static func count(_ count: some BinaryInteger, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    /// The two largest units: `45 s`, `3 min 12 s`, `2 h 5 min`, `3 d 4 h`.
    package static func time(seconds: Int) -> String {
        let seconds = max(0, seconds)
        let (minutes, hours, days) = (seconds / 60, seconds / 3_600, seconds / 86_400)
        if days > 0 { return "\(days) d \(hours % 24) h" }
        if hours > 0 { return "\(hours) h \(minutes % 60) min" }
        if minutes > 0 { return "\(minutes) min \(seconds % 60) s" }
        return "\(seconds) s"
    }

    /// `512 B`, `1.5 kB`, `2.0 MB`
    package static func bytes(_ count: UInt64) -> String {
        if count < 1_000 { return "\(count) B" }
        let (unit, name): (UInt64, String) =
            count < 1_000_000
            ? (1_000, "kB")
            : count < 1_000_000_000
                ? (1_000_000, "MB")
                : (1_000_000_000, "GB")
        let tenths = count / (unit / 10)
        return "\(tenths / 10).\(tenths % 10) \(name)"
    }

    /// The beginning and the end of a peer id, whose beginnings are alike.
    package static func peer(_ id: String) -> String {
        id.count <= 14 ? id : "\(id.prefix(6))…\(id.suffix(6))"
    }
}
