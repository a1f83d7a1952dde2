import Field
import Foundation
import IOP
import Measures

/// Measures the proof system; prints a table, and JSON into a file: see scripts/bench.
@main
enum GroveBench {
    private static let profiles: [(name: String, profile: ProofProfile)] = [
        ("fast", .fast), ("proven100", .proven100),
    ]

    static func main() throws {
        guard let arguments = Arguments(CommandLine.arguments.dropFirst()) else {
            tell("usage: grove-bench [--quick] [--json FILE] [fast | proven100]")
            exit(2)
        }
        let wanted = arguments.profile ?? (arguments.isQuick ? "fast" : nil)
        let options = Benchmark.Options(
            profiles: profiles.filter { wanted == nil || $0.name == wanted },
            kernels: arguments.isQuick ? [.inUse] : InstructionSet.available,
            threadCounts: MachineMeter.processorCount > 1 ? [1, 2] : [1],
            repetitions: arguments.isQuick ? 1 : 3)
        let report = try Benchmark.run(options, tell: tell)
        print(report.text)
        guard let file = arguments.file else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(report).write(to: URL(filePath: file))
    }

    private static func tell(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}

private struct Arguments {
    var isQuick = false
    var file: String?
    var profile: String?

    /// Nil for what is not understood.
    init?(_ words: ArraySlice<String>) {
        var words = words
        while let word = words.popFirst() {
            switch word {
            case "--quick": isQuick = true
            case "--json":
                guard let name = words.popFirst() else { return nil }
                file = name
            case "fast", "proven100": profile = word
            default: return nil
            }
        }
    }
}
