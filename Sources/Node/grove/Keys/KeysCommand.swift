import ArgumentParser
import Cryptography
import Foundation
import NetworkFile
import Payments
import Primitives

/// Makes and shows key files.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, show and check encrypted key files, change their passphrase.",
        discussion: """
            A node's key file holds three independent keys: the operator key, which signs and \
            holds money, the VRF key, which draws, and the peer key, which names the network \
            endpoint. A wallet's holds the seed of a rollup account. Files are sealed with \
            Argon2id and XChaCha20-Poly1305, readable by their owner alone, and never \
            overwritten. A lost passphrase cannot be recovered.
            """,
        subcommands: [New.self, Show.self, Check.self, ChangePassphrase.self])

    enum Purpose: String, ExpressibleByArgument, CaseIterable {
        case node
        case wallet

        var value: KeyFile.Purpose {
            switch self {
            case .node: .node
            case .wallet: .wallet
            }
        }
    }

    enum Cost: String, ExpressibleByArgument, CaseIterable {
        case moderate
        case minimal

        var value: Argon2id.Cost {
            switch self {
            case .moderate: .moderate
            case .minimal: .minimal
            }
        }
    }
}

extension Keys {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw new keys and seal them in a new file.",
            discussion: """
                Example: grove keys new prover.key --purpose node
                """)

        @Argument(help: "The file to create.")
        var file: String

        @Option(help: "node (operator, VRF and peer key) or wallet (one seed).")
        var purpose: Purpose

        @Option(
            help: """
                What one guess of the passphrase costs: moderate (256 MiB, about half a second) or \
                minimal (nothing: for tests and throw-away networks).
                """)
        var cost = Cost.moderate

        @Option(setting: .passphraseFile)
        var passphraseFile: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.passphraseFile: passphraseFile])
            try Self.create(
                file, purpose: purpose.value, cost: cost.value, settings: settings,
                asJSON: common.json)
        }

        static func create(
            _ file: String, purpose: KeyFile.Purpose, cost: Argon2id.Cost, settings: Settings,
            asJSON: Bool
        ) throws {
            // Before the passphrase is asked for.
            guard !FileManager.default.fileExists(atPath: file) else {
                throw CommandFailure(
                    .environment, "\(file) exists and is not overwritten; choose another name")
            }
            let created = try KeyFileStore.create(
                file, purpose: purpose, cost: cost,
                passphrase: try Passphrase.choose(for: file, settings: settings))
            let keys = PublicKeys(created, proven: true)
            try Output.answer(
                keys, text: keys.text + "\n\n" + BackupAdvice.text(for: purpose, file: file),
                asJSON: asJSON)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show the public keys of a key file.",
            discussion: """
                No passphrase is needed, and the keys are what the file says; `grove keys check` \
                proves them. For a wallet, --network and --account show the authentication key by \
                which a rollup account is opened for it; that opens the file.
                """)

        @Argument(help: "The key file.")
        var file: String

        @Option(
            help: ArgumentHelp(
                "The number of the rollup account to show the authentication key of.",
                valueName: "number"))
        var account: UInt32?

        @Option(setting: .network)
        var network: String?

        @Option(setting: .passphraseFile)
        var passphraseFile: String?

        @OptionGroup var common: CommonOptions

        private struct Answer: Encodable {
            var keys: PublicKeys
            var account: UInt32
            var authenticationKey: String
        }

        func run() async throws {
            let settings = try common.settings([
                .network: network, .passphraseFile: passphraseFile,
            ])
            if let account { return try await show(account: account, settings) }
            let keys = PublicKeys(try KeyFileStore.read(file), proven: false)
            try Output.answer(keys, text: keys.text, asJSON: common.json)
        }

        private func show(account: UInt32, _ settings: Settings) async throws {
            let network = try await settings.network()
            let keystore = try KeyFileStore.open(file, expecting: .wallet) {
                try Passphrase.ask(for: file, settings: settings)
            }
            let answer = Answer(
                keys: PublicKeys(try KeyFileStore.read(file), proven: true), account: account,
                authenticationKey: try WalletKey.authenticationKey(
                    of: keystore, account: account, parameters: network.rollup
                ).hex)
            try Output.answer(
                answer,
                text: answer.keys.text + "\nauthentication key of account \(account): "
                    + answer.authenticationKey,
                asJSON: common.json)
        }
    }
}
