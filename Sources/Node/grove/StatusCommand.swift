import ArgumentParser
import Glibc
import NodeAPI

/// Shows where a node stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show where a running node stands.",
        discussion: """
            Asks the API of a node (`grove run --api-listen`): height, slot and its phase, leader, \
            peers, running proofs, balance and stake, and what was dropped or refused.

            Example: grove status --api http://127.0.0.1:8101 --watch
            """)

    @Option(setting: .api) var api: String?

    @Flag(help: "Show it again each second, until interrupted.")
    var watch = false

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let client = try common.settings([.api: api]).apiClient()
        try await show(client)
        while watch {
            try await Task.sleep(for: .seconds(1))
            try await show(client)
        }
    }

    private func show(_ client: NodeAPIClient) async throws {
        let status = try await client.status()
        // Over the last one, where a person looks on.
        let isRedrawn = watch && !common.json && isatty(STDOUT_FILENO) == 1
        let lead = isRedrawn ? "\u{1B}[H\u{1B}[2J" : ""
        try Output.answer(status, text: lead + StatusText(status).text, asJSON: common.json)
    }
}
