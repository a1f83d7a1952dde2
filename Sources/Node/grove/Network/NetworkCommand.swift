import ArgumentParser

/// Writes and explains network files.
struct Network: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write and explain the file of a network's rules.",
        discussion: """
            A network is its file: every rule, number and genesis balance. Nodes whose files \
            differ in more than addresses have another policy hash and refuse each other.
            """,
        subcommands: [New.self, Show.self])
}
