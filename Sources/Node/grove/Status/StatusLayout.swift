/// A part of a page: rows that are shown or not, and a list that may be shortened.
struct StatusSection {
    /// For whoever is told that it isn't shown.
    let name: String
    private let always: [String]
    private let items: [String]
    /// Of the list, before any section gets more than it needs.
    private let least: Int
    /// Of the list, however much room there is.
    private let most: Int

    init(
        _ name: String, always: [String] = [], items: [String] = [], least: Int = 0,
        most: Int = .max
    ) {
        self.name = name
        self.always = always
        self.items = items
        self.least = least
        self.most = most
    }

    var rowCount: Int {
        always.count + (items.count > most ? most + 1 : items.count)
    }

    var leastRowCount: Int { always.count + min(items.count, least) }

    /// At most `rows` lines: the last one of a list that is too long says how many are missing. A list
    /// below rows that are always shown may be left out.
    func lines(within rows: Int) -> [String] {
        let room = rows - min(rows, always.count)
        if always.count + items.count <= rows, items.count <= most { return always + items }
        guard room > 1 || always.isEmpty else { return Array(always.prefix(rows)) }
        let kept = min(max(0, room - 1), most)
        let more = StatusLayout.indent + "… and \(items.count - kept) more"
        return Array((always + items.prefix(kept) + [more]).prefix(rows))
    }
}

/// Sections on a terminal of some rows, the most important first.
///
/// Each gets the least that it needs, in order, while there is room; then, in order, all that it
/// has; then empty lines come between them. What finds no room is named in the last row.
struct StatusLayout {
    let lines: [String]
    static let indent = String(repeating: " ", count: 10)

    init(_ sections: [StatusSection], rows: Int) {
        let sections = sections.filter { $0.rowCount > 0 }
        let least = sections.reduce(0) { $0 + $1.leastRowCount }
        // One row says what is missing.
        var room = least > rows ? rows - 1 : rows
        var given: [Int] = []
        for section in sections {
            let isRoom = section.leastRowCount <= room && !given.contains(0)
            // The first is there always.
            given.append(isRoom || given.isEmpty ? section.leastRowCount : 0)
            room -= given[given.count - 1]
        }
        for (index, section) in sections.enumerated() where given[index] > 0 || least <= rows {
            let more = max(0, min(room, section.rowCount - given[index]))
            given[index] += more
            room -= more
        }
        let shown = zip(sections, given).map { $0.lines(within: $1) }.filter { !$0.isEmpty }
        let isSpacious = least <= rows && room >= shown.count - 1
        var lines = Array(shown.joined(separator: isSpacious ? [""] : []))
        let hidden = zip(sections, given).filter { $1 == 0 && $0.leastRowCount > 0 }.map(\.0.name)
        if !hidden.isEmpty {
            lines.append("… a higher terminal shows \(hidden.joined(separator: ", "))")
        }
        self.lines = Array(lines.prefix(max(0, rows)))
    }

    /// The first `columns` characters, the last of them "…" where there are more. Escape sequences
    /// take no column.
    static func clip(_ line: String, columns: Int) -> String {
        var shown = ""
        /// Up to the column before the last.
        var short = ""
        var width = 0
        var isEscape = false
        var isPainted = false
        for character in line {
            if character == "\u{1B}" {
                isEscape = true
                isPainted = true
            } else if !isEscape {
                guard width < columns else {
                    guard columns > 0 else { return "" }
                    return short + "…" + (isPainted ? "\u{1B}[0m" : "")
                }
                if width == columns - 1 { short = shown }
                width += 1
            }
            shown.append(character)
            if isEscape, character == "m" { isEscape = false }
        }
        return shown
    }
}
