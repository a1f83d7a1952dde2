import ArgumentParser
import Cryptography
import Foundation
import NetworkFile
import NodeAPI
import Payments
import Primitives
import WalletStorage

/// Wallets of the rollup: their key files and their states.
struct WalletTool: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wallet",
        abstract: "Make, show and restore wallets of the rollup.",
        discussion: """
            A wallet is a key file, which is kept for ever and backed up, and a state file, which \
            says which one-time keys have signed. The state changes with every payment and must \
            never be put back from a copy: a key that signs twice can be forged.

            A new wallet's account is opened by whoever pays it first, with the authentication key \
            that `grove keys show FILE --account NUMBER --network FILE` shows.

            Example: grove wallet new alice.key
                     grove keys show alice.key --account 12 --network network.json
                     grove pay --to 12 --open KEY … (by somebody who has money)
                     grove wallet show --wallet-state alice.json --network network.json
            """,
        subcommands: [New.self, Show.self, Restore.self])
}

extension WalletTool {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Draw a wallet's seed and seal it in a new key file.",
            discussion: "As `grove keys new --purpose wallet`.")

        @Argument(help: "The file to create.")
        var file: String

        @Option(help: "What one guess of the passphrase costs: moderate or minimal.")
        var cost = Keys.Cost.moderate

        @Option(setting: .passphraseFile)
        var passphraseFile: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.passphraseFile: passphraseFile])
            try Keys.New.create(
                file, purpose: .wallet, cost: cost.value, settings: settings, asJSON: common.json)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Show where a wallet's state and its account stand.",
            discussion: """
                Needs no passphrase. Without an answer of the node (--api), what the state file \
                says is all that is shown.
                """)

        @Option(help: ArgumentHelp("The wallet's state file.", valueName: "file"))
        var walletState: String

        @Option(setting: .network) var network: String?
        @Option(setting: .api) var api: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.network: network, .api: api])
            let network = try await settings.network()
            let record = try WalletStore.record(in: walletState)
            guard record.networkId == network.networkID.hex else {
                throw WalletStoreError.wrongNetwork(
                    path: walletState, expected: network.networkID.hex, found: record.networkId)
            }
            let desk = PaymentDesk(client: try settings.apiClient(), network: network)
            var answer = WalletAnswer(record, keysPerTree: network.rollup.keysPerTree)
            do {
                try await desk.checkNetwork()
                answer.add(try await desk.account(record.account))
            } catch let error as NodeAPIClientError {
                Output.warning("the account is not shown: \(error.description)")
            }
            try Output.answer(answer, text: answer.text, asJSON: common.json)
        }
    }
}

/// What `grove wallet show` and `restore` print.
struct WalletAnswer: Encodable {
    var account: UInt32
    var authenticationKey: String
    /// The next one-time key to sign, and how many this generation has left.
    var nextKeyIndex: UInt64
    var keysLeft: Int
    var balanceUnits: UInt64?
    var nonce: UInt64?
    var waitingPaymentCount: UInt64?
    /// Whether the account has used keys that the state thinks unused.
    var isBehind: Bool?

    init(_ record: WalletRecord, keysPerTree: Int) {
        account = record.account
        authenticationKey = record.authenticationKey
        let first = UInt64(record.generation) * UInt64(keysPerTree)
        nextKeyIndex = first + UInt64(record.nextPosition)
        keysLeft = max(0, keysPerTree - Int(record.nextPosition))
    }

    mutating func add(_ account: AccountAnswer) {
        balanceUnits = account.balanceUnits
        nonce = account.nonce
        waitingPaymentCount =
            account.nextNonce > account.nonce ? account.nextNonce - account.nonce : 0
        isBehind = nextKeyIndex < account.nextKeyIndex
    }

    var text: String {
        let behind =
            isBehind == true
            ? "AN OLD COPY: the account has used later keys; remove it and restore the wallet" : nil
        let lines: [(String, String?)] = [
            ("account", "\(account)"), ("balance", balanceUnits.map { Shown.amount($0) }),
            ("payments", nonce.map { "\($0) final, \(waitingPaymentCount ?? 0) waiting" }),
            ("key", authenticationKey),
            ("next", "one-time key \(nextKeyIndex), \(keysLeft) left before the next key tree"),
            ("state", behind),
        ]
        return lines.compactMap { name, value in
            value.map { Shown.padded(name, to: 10) + $0 }
        }.joined(separator: "\n")
    }
}
