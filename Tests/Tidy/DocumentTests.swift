import Foundation
import Testing

/// What the documents say about where things are, held against the repository.
@Suite struct DocumentTests {
    @Test(arguments: ["README.md", "docs/ARCHITECTURE.md"])
    func `every path named in backticks exists`(document: String) throws {
        let text = try Self.text(of: document)
        let paths = text.matches(of: /`([A-Za-z_.][A-Za-z0-9_.+-]*\/[A-Za-z0-9_.+\/-]*)`/)
            .map { String($0.1) }
        #expect(paths.count > 10, "\(document) names \(paths.count) paths")
        for path in paths {
            #expect(Self.exists(path) || Self.exists("Sources/\(path)"), "\(document): \(path)")
        }
    }

    @Test func `every link between documents leads to a file`() throws {
        var count = 0
        for document in try Self.documents() {
            let folder =
                document.contains("/") ? String(document[..<document.lastIndex(of: "/")!]) : "."
            for match in try Self.text(of: document).matches(of: /\]\(([^)#\s]+)/) {
                guard !match.1.contains("://") else { continue }
                count += 1
                #expect(Self.exists("\(folder)/\(match.1)"), "\(document): \(match.1)")
            }
        }
        #expect(count > 10)
    }

    @Test func `every test suite that a document names exists`() throws {
        // A suite is a file, whether its tests stand in a type or by themselves.
        let names = Set(
            try SourceTree.swiftFiles(in: "Tests").map { file in
                URL(filePath: file.path).deletingPathExtension().lastPathComponent
            })
        var count = 0
        for document in try Self.documents() {
            for match in try Self.text(of: document).matches(of: /`(\w+Tests)`/) {
                count += 1
                let isKnown = names.contains(String(match.1))
                #expect(isKnown, "\(document): \(match.1)")
            }
        }
        #expect(count > 50)
    }

    @Test func `no line of a document is longer than 140 characters`() throws {
        for document in try Self.documents() {
            for (number, line) in zip(
                1...,
                try Self.text(of: document).split(separator: "\n", omittingEmptySubsequences: false)
            ) {
                #expect(line.count <= 140, "\(document):\(number)")
            }
        }
    }

    /// The README and everything below `docs`, by path.
    private static func documents() throws -> [String] {
        let folder = SourceTree.root.appending(path: "docs")
        let names = try FileManager.default.subpathsOfDirectory(atPath: folder.path())
        return ["README.md"] + names.filter { $0.hasSuffix(".md") }.sorted().map { "docs/\($0)" }
    }

    private static func text(of document: String) throws -> String {
        try String(contentsOf: SourceTree.root.appending(path: document), encoding: .utf8)
    }

    private static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: SourceTree.root.appending(path: path).path())
    }
}
