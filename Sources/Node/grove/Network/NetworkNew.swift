import ArgumentParser
import Cryptography
import Foundation
import IOP
import NetworkFile
import NodeProofs
import Payments
import PaymentsCircuit
import Primitives

extension Network {
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a new network file.",
            discussion: """
                An OPERATOR is a node's key file, whose public keys are read without a passphrase, \
                or its two public keys as OPERATORKEY:VRFKEY in hexadecimal. Rollup accounts are \
                numbered from 0: the wallets, then the accounts, each in the order given. Wallet \
                files are opened, since their first keys depend on network and account; whoever \
                keeps a wallet elsewhere runs `grove keys show --network --account` on a draft \
                file with the same --genesis-nonce.

                The defaults are those of a development network: cheap proofs, short phases, small \
                stakes. Everything may be edited in the file afterwards.

                Example: grove network new --out network.json --authority settlement.key \\
                             --sequencer s1.key --prover p1.key --prover p2.key \\
                             --wallet alice.key=1000 --ledger-account 3b6a…=5000
                """)

        @Option(help: ArgumentHelp("The file to create.", valueName: "file"))
        var out: String

        @Option(
            help: ArgumentHelp(
                "The key file, or the operator key, of the settlement log.", valueName: "key"))
        var authority: String

        @Option(
            help: ArgumentHelp("A registered sequencer; may be repeated.", valueName: "operator"))
        var sequencer: [String] = []

        @Option(
            help: ArgumentHelp(
                "A registered prover with a standing offer; may be repeated.",
                valueName: "operator"))
        var prover: [String] = []

        @Option(
            help: ArgumentHelp(
                "A wallet and the IDE in its rollup account; may be repeated.",
                valueName: "file=IDE"))
        var wallet: [String] = []

        @Option(
            help: ArgumentHelp(
                "A rollup account by its authentication key; may be repeated.",
                valueName: "key=IDE"))
        var account: [String] = []

        @Option(
            help: ArgumentHelp(
                "A balance on the ledger, a faucet's for instance; may be repeated. Operators "
                    + "that are not named get --operator-balance.",
                valueName: "key=IDE"))
        var ledgerAccount: [String] = []

        @Option(
            help: ArgumentHelp(
                "Where peers are found first: /ip4/…/tcp/…/p2p/…; may be repeated.",
                valueName: "multiaddress"))
        var bootstrap: [String] = []

        @Option(
            help: ArgumentHelp(
                "Where whoever joins asks for a stake; none if absent.", valueName: "url"))
        var faucet: String?

        @Option(
            help: ArgumentHelp(
                "32 bytes that make the network unique; random if absent.", valueName: "hex"))
        var genesisNonce: String?

        @OptionGroup(title: "Rules") var rules: NetworkRules
        @Option(setting: .passphraseFile) var passphraseFile: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.passphraseFile: passphraseFile])
            var development = try rules.network()
            development.faucetURL = faucet
            let nonce = try Self.nonce(genesisNonce)
            let parameters = try development.rollupParameters(genesisNonce: nonce)
            var document = development.document(
                genesisNonce: nonce.hex, beacon: randomBytes(32).hex,
                authority: try OperatorArgument.operatorKey(authority),
                bootstrap: bootstrap,
                accounts: try rollupAccounts(parameters, settings),
                proofs: .pending(development.profile),
                operators: try sequencer.map {
                    try OperatorArgument.read($0, role: "sequencer")
                } + prover.map { try OperatorArgument.read($0, role: "prover") },
                ledgerAccounts: try ledgerAccount.map {
                    let (key, units) = try BalanceArgument.read($0, of: "--ledger-account")
                    return .init(key: key, balance: units)
                })
            // Whatever else is wrong is said before the circuits are built.
            _ = try NetworkDescription(document: document)
            try LocalFile.requireNew(out)
            document.proofs = try development.proofs(parameters) { Output.error($0) }
            // What is written can be read.
            let network = try NetworkDescription(document: document)
            try LocalFile.create(out, [UInt8](document.encoded()), mode: 0o644)
            let summary = NetworkInWords(document: document, network: network)
            try Output.answer(
                NetworkAnswer(network), text: "\(out): \(summary.headline)", asJSON: common.json)
        }

        private static func nonce(_ hex: String?) throws -> [UInt8] {
            guard let hex else { return randomBytes(32) }
            guard let nonce = [UInt8](hex: hex), nonce.count == 32 else {
                throw CommandFailure(
                    .usage, "--genesis-nonce: expected 32 bytes in hexadecimal, found \"\(hex)\"")
            }
            return nonce
        }

        private func rollupAccounts(
            _ parameters: RollupParameters, _ settings: Settings
        ) throws -> [NetworkDocument.Rollup.Account] {
            var accounts: [NetworkDocument.Rollup.Account] = []
            for argument in wallet {
                let (path, units) = try BalanceArgument.read(argument, of: "--wallet")
                let keystore = try KeyFileStore.open(path, expecting: .wallet) {
                    try Passphrase.ask(for: path, settings: settings)
                }
                let key = try WalletKey.authenticationKey(
                    of: keystore, account: UInt32(accounts.count), parameters: parameters)
                accounts.append(.init(authenticationKey: key.hex, balance: units))
            }
            for argument in account {
                let (key, units) = try BalanceArgument.read(argument, of: "--account")
                accounts.append(.init(authenticationKey: key, balance: units))
            }
            return accounts
        }
    }
}

extension DevelopmentNetwork {
    /// Throws `usage` where the payments of a leaf take more rows than the profile proves.
    func rollupParameters(genesisNonce: [UInt8]) throws -> RollupParameters {
        let parameters: RollupParameters
        do throws(PaymentError) {
            parameters = try RollupParameters(
                networkID: NetworkID(genesisNonce: genesisNonce),
                accountTreeDepth: accountTreeDepth, keyTreeHeight: keyTreeHeight,
                leafCapacity: leafCapacity, maximumLeafCount: maximumLeaves)
        } catch {
            throw CommandFailure(.usage, "the rollup: \(RuleWords.payment(error))")
        }
        let needed = LeafCircuit.degreeBits(for: parameters)
        guard needed <= profile.parameters.degreeBits else {
            throw CommandFailure(
                .usage,
                "a leaf of \(leafCapacity) payments takes 2^\(needed) rows, but the profile "
                    + "\(profile.rawValue) proves 2^\(profile.parameters.degreeBits); lower "
                    + "--leaf-capacity")
        }
        return parameters
    }

    /// Builds the circuits of these rules for their keys, which takes seconds.
    func proofs(
        _ parameters: RollupParameters, say: (String) -> Void
    ) throws -> NetworkDocument.Proofs {
        say("building the circuits of \(profile.rawValue), whose keys the network file names …")
        let start = ContinuousClock.now
        let verifier = try ProvingCircuits(
            parameters: parameters, profile: profile.parameters
        ).verifier
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        say("built in \(Int(seconds.rounded())) s")
        return NetworkDocument.Proofs(
            profile: profile, leafKey: verifier.leafKey, mergeKey: verifier.mergeKey)
    }
}
