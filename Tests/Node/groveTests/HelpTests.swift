import ArgumentParser
import Testing
import grove

/// What `--help` shows on a terminal of 80 columns.
@Suite struct HelpTests {
    private static let columns = 80

    private static func all(
        below command: any ParsableCommand.Type
    ) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { all(below: $0) }
    }

    /// Lines that somebody copies, or that stand below each other: whole as they were written.
    private static func examples(in discussion: String) -> [String] {
        discussion.split(separator: "\n").map(String.init).filter {
            $0.hasPrefix("  ") || $0.hasPrefix("Example")
        }
    }

    @Test func `examples of all commands keep their lines at 80 columns`() {
        let commands = Self.all(below: GroveCommand.self)
        var count = 0
        for command in commands {
            let help = GroveCommand.helpMessage(for: command, columns: Self.columns)
            let lines = Set(help.split(separator: "\n").map(String.init))
            for example in Self.examples(in: command.configuration.discussion) {
                count += 1
                #expect(lines.contains(example), "\(command): \(example)")
            }
        }
        #expect(commands.count > 30)
        #expect(count > 30, "there are examples")
    }

    @Test func `no example has a gap where a line was meant to end`() {
        for command in Self.all(below: GroveCommand.self) {
            for example in Self.examples(in: command.configuration.discussion)
            where example.contains("grove ") {
                let text = example.drop { $0 == " " }
                #expect(!text.contains("   "), "\(command): \(example)")
            }
        }
    }
}
