import ArgumentParser
import Foundation
import HTTPSupport
import Logging
import NetworkFile

/// Runs a whole network on this machine.
struct Devnet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a whole network on this machine and send payments through it.",
        discussion: """
            Makes keys and a network file, starts one settlement log, sequencers and provers as \
            separate processes, and a faucet for whoever joins; lets wallets pay each other, and shows what happens: \
            who leads, what is revealed, who proves which leaf, who is paid. Ctrl-C, and the end \
            of this process, stop every process that it started.

            Without --data everything lies in a temporary directory that is removed at the end, \
            unless --keep is given. With --data DIR a devnet goes on where it was stopped.

            By default everything listens on 127.0.0.1. --listen takes another address of this \
            machine (0.0.0.0: all of them), and --advertise says under which address others reach \
            it, which is written into the network file; the nodes' own APIs stay on 127.0.0.1. Give \
            the same flags when the devnet goes on. The line "join:" is what somebody on another \
            machine runs to take part.

            Examples:
              grove devnet --blocks 3 --json
              grove devnet --data net --listen 0.0.0.0 --advertise 192.0.2.7 \\
                  --first-port 7000
            """)

    @Option(help: "Sequencers to start.")
    var sequencers = 3

    @Option(help: "Provers to start.")
    var provers = 8

    @Option(help: "End after so many final blocks that hold payments.")
    var blocks: Int?

    @Option(help: ArgumentHelp("Where everything is kept.", valueName: "directory"))
    var data: String?

    @Option(help: "Proofs: proven100 (100 proven bits), or fast (57).")
    var profile = "proven100"

    @Flag(help: "Keep the temporary directory.")
    var keep = false

    @Option(help: ArgumentHelp("The address of this machine to listen at.", valueName: "address"))
    var listen = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "The address under which others reach this machine (default: --listen).",
            valueName: "address"))
    var advertise: String?

    @Option(
        help: ArgumentHelp(
            "What the network file says of the settlement log, where that is not the advertised "
                + "address and the log's port.", valueName: "url"))
    var settlement: String?

    @Option(
        help: ArgumentHelp(
            "What the network file says of the faucet, where that is not the advertised address "
                + "and the faucet's port.", valueName: "url"))
    var faucet: String?

    @Option(
        help: ArgumentHelp(
            "The log listens at this port, the faucet at the next, the nodes at those that follow; "
                + "any free ports if absent. Counts where the network is made.",
            valueName: "port"))
    var firstPort: Int?
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
        if let firstPort, !(1...60_000).contains(firstPort) {
            throw ValidationError("--first-port is 1 to 60000")
        }
    }

    func run() async throws {
        _ = try common.settings([:], defaultLogLevel: .warning)
        guard let profile = ProofProfileName(rawValue: profile) else { return }
        let (listen, advertise) = try addresses()
        let options = DevnetOptions(
            sequencerCount: sequencers, proverCount: provers, blockCount: blocks,
            dataDirectory: data, keepsData: keep, restartsChildren: restartChildren,
            profile: profile, asJSON: common.json, listen: listen, advertise: advertise,
            settlementURL: try Self.url(settlement, "--settlement"),
            faucetURL: try Self.url(faucet, "--faucet"), firstPort: firstPort)
        let root = try Self.directory(options)
        let isTemporary = options.dataDirectory == nil && !options.keepsData
        defer { if isTemporary { try? FileManager.default.removeItem(at: root) } }
        let outcome = DevnetOutcome()
        let isStopped = try await untilStopped {
            Output.error("stopping …")
        } work: {
            try await DevnetRun(options: options, root: root, outcome: outcome).run()
        }
        if isStopped { Output.error("stopped") }
        if options.blockCount != nil, !outcome.isComplete {
            throw NegativeResult(message: "stopped before all blocks were final")
        }
    }

    private func addresses() throws -> (listen: MachineAddress, advertise: MachineAddress) {
        let bound = listen
        guard let listen = MachineAddress(bound), listen.kind != .name else {
            throw CommandFailure(
                .usage, "--listen: expected an IP address of this machine, found \"\(bound)\"")
        }
        guard let written = advertise else {
            guard !listen.isWildcard else {
                throw CommandFailure(
                    .usage,
                    "--listen \(listen) is no address that others can dial: say by --advertise under "
                        + "which one they reach this machine")
            }
            return (listen, listen)
        }
        guard let advertise = MachineAddress(written), !advertise.isWildcard else {
            throw CommandFailure(
                .usage,
                "--advertise: expected an IP address or a host name, found \"\(written)\"")
        }
        return (listen, advertise)
    }

    private static func url(_ text: String?, _ flag: String) throws -> String? {
        guard let text else { return nil }
        guard let address = HTTPAddress(text) else {
            throw CommandFailure(.usage, "\(flag): expected http://host:port, found \"\(text)\"")
        }
        return address.url
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
