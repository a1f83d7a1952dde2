import ArgumentParser
import Audit
import Cryptography
import Ledger
import Logging
import NetworkFile
import NodeProofs
import NodeRuntime
import Primitives

/// Folds a settlement log from its start and says what is wrong with it.
struct AuditLog: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Check a whole settlement log, its money and what nodes have signed.",
        discussion: """
            Folds the log from its first block on, by the rules of the network file and by nothing \
            that anybody says: every header's and transaction's signature, the chain of hashes, \
            every block body and every root proof. Then it counts all money again.

            The log is asked over HTTP where it runs (the network file's address, or \
            --settlement), or read from its data directory with --log, running or not. \
            --statements adds what nodes have written down in their data directories: their log \
            blocks must be the log's, their ledger roots those of this fold, and no key may have \
            signed two different things for one duty. Nothing is locked or changed.

            Ends with 0 where all is well, with 1 where it is not.

            Examples: grove audit --network network.json --log settlement \\
                          --statements nodes/prover-1 nodes/prover-2 --json
                      grove audit --network http://192.0.2.7:7001/network.json
            """)

    @Option(
        help: ArgumentHelp(
            "The settlement log's data directory, or settlement.sqlite itself.",
            valueName: "directory"))
    var log: String?

    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Data directories of nodes.", valueName: "directory"))
    var statements: [String] = []

    @Flag(help: "Show every account, not only the sums.")
    var accounts = false

    @Option(setting: .network) var network: String?
    @Option(setting: .settlement) var settlement: String?
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings(
            [.network: network, .settlement: settlement], defaultLogLevel: .warning)
        let network = try await settings.network()
        var reading = try AuditReading(of: network)
        let source = try LogSource(directory: log, settings, of: network)
        try await reading.readLog(source, of: network)
        for directory in statements { try reading.readNode(directory) }
        let report = reading.audit.report()
        let answer = AuditAnswer(report, networkID: network.networkID, listsAccounts: accounts)
        try Output.answer(answer, text: answer.text, asJSON: common.json)
        if !report.isClean { throw NegativeResult() }
    }
}
