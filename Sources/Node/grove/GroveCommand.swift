package import ArgumentParser
import Cryptography
import Foundation
import VRF

/// The one binary of a network: every role, the keys, the network file and the small tools.
///
/// A subcommand is one file (or folder): it reads its settings, calls a target of the house and
/// prints. It throws; `CommandFailure` turns what was thrown into a sentence and an exit code.
@main
package struct GroveCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "grove",
        abstract: "A peer-to-peer network that proves blocks together.",
        discussion: """
            A network starts with keys and a file of rules:

              grove keys new sequencer.key --purpose node
              grove network new --out network.json --authority settlement.key \\
                  --sequencer sequencer.key --prover prover.key --wallet alice.key=1000
              grove network show network.json

            \(SettingsHelp.text)

            Exit codes: 0 done; 1 what was checked is not valid or not what was expected; \
            2 wrong use or settings; 3 a file, directory or port cannot be used; 70 a fault of \
            grove itself.
            """,
        version: GroveVersion.text,
        groupedSubcommands: [
            CommandGroup(name: "Setup", subcommands: [Keys.self, Network.self]),
            CommandGroup(
                name: "Run",
                subcommands: [
                    Devnet.self, Join.self, Leave.self, Settlement.self, Calibrate.self, Run.self,
                ]),
            CommandGroup(
                name: "Use",
                subcommands: [
                    Status.self, Tree.self, Pay.self, Send.self, WalletTool.self,
                ]),
            CommandGroup(name: "Check", subcommands: [AuditLog.self, Proof.self, VRFTool.self]),
        ])

    package init() {}

    package static func main() async {
        StandardStreams.guardThem()
        let arguments = Array(CommandLine.arguments.dropFirst())
        Foundation.exit(await run(arguments: arguments))
    }

    /// Runs one command and returns its exit code.
    static func run(arguments: [String]) async -> Int32 {
        do {
            try CryptographySelfTest.run()
            try VRFSelfTest.run()
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return report(error)
        }
    }

    private static func report(_ error: any Error) -> Int32 {
        if let result = error as? NegativeResult {
            if !result.message.isEmpty { Output.error(result.message) }
            return CommandFailure.Kind.mismatch.rawValue
        }
        if let failure = CommandFailure(describing: error) {
            Output.error("error: \(failure.message)")
            return failure.kind.rawValue
        }
        // Help, version, and what the parser says about arguments.
        let text = fullMessage(for: error)
        if exitCode(for: error).isSuccess {
            do {
                try Output.answer(text)
                return 0
            } catch {
                return report(error)
            }
        }
        Output.error(text)
        return CommandFailure.Kind.usage.rawValue
    }
}

/// The version of this binary: what peers are told, and `--version`.
enum GroveVersion {
    static let text = "0.1.0"
}
