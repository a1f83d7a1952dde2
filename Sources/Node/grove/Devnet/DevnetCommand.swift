import ArgumentParser
import Foundation
import Logging
import NetworkFile

/// Runs a whole network on this machine.
struct Devnet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a whole network on this machine and send payments through it.",
        discussion: """
            Makes keys and a network file, starts one settlement log, sequencers and provers as \
            separate processes on 127.0.0.1, lets wallets pay each other, and shows what happens: \
            who leads, what is revealed, who proves which leaf, who is paid. Ctrl-C, and the end \
            of this process, stop every process that it started.

            Without --data everything lies in a temporary directory that is removed at the end, \
            unless --keep is given. With --data DIR a devnet goes on where it was stopped.

            Example: grove devnet --blocks 3 --json
            """)

    @Option(help: "Sequencers to start.")
    var sequencers = 3

    @Option(help: "Provers to start.")
    var provers = 8

    @Option(help: "End after so many final blocks that hold payments.")
    var blocks: Int?

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "directory"))
    var data: String?

    @Option(help: "Proofs: fast (57 proven bits) or proven100.")
    var profile = "fast"

    @Flag(help: "Keep the temporary directory.")
    var keep = false

    @Flag(help: "Start a process again that ended by itself or was killed.")
    var restartChildren = false

    @OptionGroup var common: CommonOptions

    func validate() throws {
        guard (1...64).contains(sequencers), (1...64).contains(provers) else {
            throw ValidationError("--sequencers and --provers are 1 to 64")
        }
        if let blocks, blocks < 1 { throw ValidationError("--blocks is at least 1") }
        guard ProofProfileName(rawValue: profile) != nil else {
            throw ValidationError("--profile is fast or proven100, not \"\(profile)\"")
        }
    }

    func run() async throws {
        _ = try common.settings([:], defaultLogLevel: .warning)
        guard let profile = ProofProfileName(rawValue: profile) else { return }
        let options = DevnetOptions(
            sequencerCount: sequencers, proverCount: provers, blockCount: blocks,
            dataDirectory: data, keepsData: keep, restartsChildren: restartChildren,
            profile: profile, asJSON: common.json)
        let root = try Self.directory(options)
        let isTemporary = options.dataDirectory == nil && !options.keepsData
        defer { if isTemporary { try? FileManager.default.removeItem(at: root) } }
        let outcome = DevnetOutcome()
        try await untilStopped {
            try await DevnetRun(options: options, root: root, outcome: outcome).run()
        }
        if options.blockCount != nil, !outcome.isComplete {
            throw NegativeResult(message: "stopped before all blocks were final")
        }
    }

    private static func directory(_ options: DevnetOptions) throws -> URL {
        let root =
            if let data = options.dataDirectory {
                URL(filePath: data, directoryHint: .isDirectory)
            } else {
                FileManager.default.temporaryDirectory.appending(
                    path: "grove-devnet-\(UUID().uuidString.prefix(8))",
                    directoryHint: .isDirectory)
            }
        try LocalFile.createDirectory(root.path(percentEncoded: false))
        return root
    }
}
