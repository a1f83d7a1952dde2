import Foundation
import Testing

/// The style of `docs/CONTRIBUTING.md` as far as a machine can read it.
@Suite struct TidyTests {
    /// What touches the world; every other target is pure.
    static let impureTargets = [
        "Foundations/CSodium", "Network/TransportNIO", "Node/Storage", "Node/SettlementLog",
        "Node/NetworkFile", "Node/NodeRuntime", "Node/HTTPSupport", "Node/NodeAPI",
        "Node/WalletStorage", "Node/WorkSharing", "Node/Faucet", "Node/grove",
    ]

    let sources: [SourceFile]
    let tests: [SourceFile]

    init() throws {
        sources = try SourceTree.swiftFiles(in: "Sources").filter { !$0.isGenerated }
        tests = try SourceTree.swiftFiles(in: "Tests").filter { !$0.isGenerated }
    }

    private var pureSources: [SourceFile] {
        sources.filter { file in
            file.targetPath.map { !Self.impureTargets.contains($0) } ?? true
        }
    }

    @Test func `the walk finds the sources`() {
        #expect(sources.contains { $0.path == "Sources/Protocol/ProofTree/TreeShape.swift" })
        #expect(tests.contains { $0.path == "Tests/Tidy/TidyTests.swift" })
    }

    @Test func `no file is longer than 600 lines`() {
        for file in sources + tests {
            #expect(file.lines.count <= 601, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test func `pure targets import no Foundation, NIO or Dispatch`() {
        let forbidden = /^(Foundation\w*|NIO\w*|Dispatch|Glibc|Musl|Darwin|Synchronization)$/
        for file in pureSources where file.targetPath != "Foundations/Messages" {
            for (number, module) in file.imports where module.contains(forbidden) {
                Issue.record("\(file.path):\(number): import \(module)")
            }
        }
    }

    @Test func `only Cryptography imports CSodium`() {
        for file in sources where file.targetPath != "Foundations/Cryptography" {
            for (number, module) in file.imports where module == "CSodium" {
                Issue.record("\(file.path):\(number): import \(module)")
            }
        }
    }

    @Test func `pure targets never iterate a dictionary's keys or values unsorted`() {
        for file in pureSources {
            #expect(file.findings(/\bfor\b.*\bin\b.*\.(keys|values)\s*(\{|where\b|$)/) == [])
        }
    }

    @Test func `two nodes that must agree use no floating point`() {
        // A prover's progress and a profile's soundness estimate are shown, never agreed on.
        let agreeing = [
            "Primitives", "Proof/Field", "Proof/Hash", "Protocol/", "Rollup/", "VRF",
        ]
        for file in pureSources where agreeing.contains(where: { file.path.contains("/" + $0) }) {
            #expect(file.findings(/\b(Double|Float|Float80)\b/) == [])
        }
    }

    @Test func `nothing is left undone in the text`() {
        let pattern = "\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b"
        for file in sources + tests {
            for (number, line) in zip(1..., file.lines) {
                let found = line.range(of: pattern, options: .regularExpression)
                if found != nil { Issue.record("\(file.path):\(number): \(line)") }
            }
        }
    }

    @Test func `nothing is forced or unchecked in sources`() {
        for file in sources {
            #expect(file.findings(/@unchecked\b|\btry!|\bas!/) == [])
        }
    }

    @Test func `unsafe code is only where it was measured to matter`() {
        let allowed = ["Foundations/Cryptography", "Proof/Field", "Proof/Hash"]
        for file in sources where !allowed.contains(file.targetPath ?? "") {
            #expect(
                file.findings(/nonisolated\(unsafe\)|\bUnsafe(Mutable)?(Raw)?\w*Pointer\b/) == [])
        }
    }

    @Test func `no test reaches behind access control`() {
        for file in tests where !file.path.hasPrefix("Tests/Tidy/") {
            #expect(file.findings(/@testable\b/) == [])
        }
    }

    @Test func `nothing sleeps in a test`() {
        for file in tests where !file.path.hasPrefix("Tests/Tidy/") {
            #expect(file.findings(/\b(Task|Thread)\.sleep\b|\bu?sleep\(/) == [])
        }
    }

    @Test func `a type does not bear its module's name`() {
        let declaration = /\b(?:struct|class|enum|actor|protocol|typealias)\s+(\w+)/
        for file in sources {
            guard let module = file.targetPath?.split(separator: "/").last else { continue }
            for (number, text) in file.code {
                guard let name = text.firstMatch(of: declaration)?.1 else { continue }
                if name == module, name != "Circuit" {
                    Issue.record("\(file.path):\(number): \(text)")
                }
            }
        }
    }

    @Test func `every script says what it does when asked for help`() throws {
        for script in try SourceTree.files(in: "scripts") + SourceTree.files(in: ".ci") {
            guard let text = try? String(contentsOf: script, encoding: .utf8),
                text.hasPrefix("#!")
            else { continue }
            #expect(text.contains("--help"), "\(script.lastPathComponent)")
            if text.hasPrefix("#!/usr/bin/env bash") {
                #expect(text.contains("set -euo pipefail"), "\(script.lastPathComponent)")
            }
        }
    }
}
