import Foundation

/// A text file of the repository, cut into lines.
struct SourceFile {
    /// Relative to the repository's root, with `/` between parts.
    let path: String
    let lines: [String]

    var isGenerated: Bool { path.hasSuffix(".pb.swift") }

    /// `"Protocol/Ledger"` for `Sources/Protocol/Ledger/…`; nil outside a target of Sources.
    var targetPath: String? {
        let parts = path.split(separator: "/")
        guard parts.count > 3, parts[0] == "Sources" else { return nil }
        return parts[1...2].joined(separator: "/")
    }

    /// Lines with their comments cut off, numbered from 1.
    var code: [(number: Int, text: Substring)] {
        zip(1..., lines).map { number, line in
            (number, line.range(of: "//").map { line[..<$0.lowerBound] } ?? line[...])
        }
    }

    /// `path:line: text` of each line of code that `pattern` matches.
    func findings(_ pattern: Regex<some Any>) -> [String] {
        code.filter { $0.text.contains(pattern) }.map { "\(path):\($0.number): \($0.text)" }
    }

    /// Modules named by import declarations.
    var imports: [(number: Int, module: Substring)] {
        code.compactMap { number, text in
            text.firstMatch(of: /^\s*(?:@\w+\s+)*(?:\w+\s+)?import\s+(?:\w+\s+)?(\w+)/)
                .map { (number, $0.1) }
        }
    }
}

enum SourceTree {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Swift files below `folder`, by path.
    static func swiftFiles(in folder: String) throws -> [SourceFile] {
        let start = root.appending(path: folder)
        guard let walker = FileManager.default.enumerator(atPath: start.path()) else { return [] }
        var files: [SourceFile] = []
        for case let name as String in walker where name.hasSuffix(".swift") {
            let text = try String(contentsOf: start.appending(path: name), encoding: .utf8)
            files.append(
                SourceFile(
                    path: folder + "/" + name,
                    lines: text.split(separator: "\n", omittingEmptySubsequences: false)
                        .map(String.init)))
        }
        return files.sorted { $0.path < $1.path }
    }

    /// Files of `folder` whatever their kind, not below it.
    static func files(in folder: String) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: root.appending(path: folder), includingPropertiesForKeys: nil)
    }
}
