import ArgumentParser
import NodeAPI

/// Shows where a node stands.
struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Show where a running node stands: duties, deadlines, earnings, peers.",
        discussion: """
            Asks the API of a node (`grove run --api-listen`). The page says whether the node is \
            well and follows the log; the open slot; whether its key is admitted; what it owes now \
            and until when; what it was paid; its peers; and what was dropped or refused.

            --watch draws the page again after each event; where standard output is no terminal it \
            prints one line for each event, with --json one JSON object. It waits for a node that \
            goes away. --health is for supervisors: exit code 0 where the node runs and follows \
            the log, 1 where it does not or does not answer.

            Examples: grove status --api http://127.0.0.1:8101 --watch
                      grove status --json | jq .duties
            """)

    @Option(setting: .api) var api: String?

    @Flag(help: "Show what happens, until interrupted.")
    var watch = false

    @Flag(help: "Say only whether the node is well, by the exit code too.")
    var health = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard !(watch && health) else {
            throw ValidationError("--watch and --health do not go together")
        }
    }

    func run() async throws {
        let client = try common.settings([.api: api]).apiClient()
        if health { return try await check(client) }
        let asJSON = common.json
        if watch {
            try await untilStopped {
                // A wrong address is told at once; later the node is waited for.
                _ = try await client.status()
                try await StatusWatch(client: client, asJSON: asJSON).run()
            }
            return
        }
        let status = try await client.status()
        let page = StatusPage(status, palette: .ofStandardOutput)
        try Output.answer(status, text: page.text, asJSON: asJSON)
    }

    private func check(_ client: NodeAPIClient) async throws {
        let answer: HealthAnswer
        do throws(NodeAPIClientError) {
            answer = try await client.health()
        } catch {
            // Whoever restarts what is unwell asks for 0 or 1.
            answer = HealthAnswer(health: "unwell", reason: error.description)
        }
        try Output.answer(
            answer, text: answer.reason.map { "unwell: \($0)" } ?? "ok", asJSON: common.json)
        if !answer.isOK { throw NegativeResult() }
    }
}
