import ArgumentParser
import Cryptography
import NetworkFile
import NodeAPI
import Payments
import Primitives
import WalletStorage

extension WalletTool {
    struct Restore: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new state file where the old one is lost.",
            discussion: """
                The account, as the node has executed it, tells which keys are used. What was \
                signed and never executed is written nowhere, so the new state skips ahead: to the \
                last keys of the present key tree, and to the middle of the next one, which the \
                first payment moves to. That is further than a wallet gets whose payments do not \
                become final.

                While payments of the account wait at the node, restoring is refused: when they \
                are final, their keys are known. Restoring twice in a row needs --skip-to, since \
                the state that was lost in between left no trace.

                Example: grove wallet restore alice.key --account 12 \\
                             --wallet-state alice.json --network network.json
                """)

        @Argument(help: "The wallet's key file.")
        var file: String

        @Option(help: ArgumentHelp("The rollup account of the wallet.", valueName: "number"))
        var account: UInt32

        @Option(help: ArgumentHelp("The state file to make.", valueName: "file"))
        var walletState: String

        @Option(
            help: ArgumentHelp(
                """
                The first one-time key to use, above every key that has ever signed (default: as \
                described above).
                """, valueName: "index"))
        var skipTo: UInt64?

        @Option(setting: .network) var network: String?
        @Option(setting: .api) var api: String?
        @Option(setting: .passphraseFile) var passphraseFile: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([
                .network: network, .api: api, .passphraseFile: passphraseFile,
            ])
            let network = try await settings.network()
            let desk = PaymentDesk(client: try settings.apiClient(), network: network)
            try await desk.checkNetwork()
            let found = try await desk.account(account)
            try checkNothingWaits(found)
            try makeState(Account(found), settings, network.rollup)
            var answer = WalletAnswer(
                try WalletStore.record(in: walletState), keysPerTree: network.rollup.keysPerTree)
            answer.add(found)
            try Output.answer(
                answer, text: answer.text + "\n\(walletState) is the wallet's state from now on",
                asJSON: common.json)
        }

        private func makeState(
            _ executed: Account, _ settings: Settings, _ parameters: RollupParameters
        ) throws {
            let keystore = try KeyFileStore.open(file, expecting: .wallet) {
                try Passphrase.ask(for: file, settings: settings)
            }
            _ = try WalletStore.restore(
                seed: keystore.walletSeed(), account: account, from: executed,
                at: skipTo.map { .keyIndex($0) } ?? .reserve, stateFile: walletState,
                parameters: parameters)
        }

        private func checkNothingWaits(_ found: AccountAnswer) throws(CommandFailure) {
            guard skipTo == nil, found.nextNonce > found.nonce else { return }
            throw CommandFailure(
                .usage,
                "\(found.nextNonce - found.nonce) payments of account \(account) wait at the node, "
                    + "signed by keys that nobody knows yet; try again when they are final, or "
                    + "give --skip-to")
        }
    }
}
