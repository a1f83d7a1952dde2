import ArgumentParser
import Cryptography
import Foundation
import Ledger
import Logging
import NIOCore
import NetworkFile
import NodeProofs
import NodeRuntime
import Primitives
import SettlementLog
import Storage

/// Runs the embedded settlement log.
struct Settlement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the settlement log of a network.",
        discussion: """
            Orders, timestamps and signs what nodes submit, one block a tick. The operator key of \
            the key file must be the settlement authority that the network file names; the log \
            lies in settlement.sqlite in the data directory. The log folds its own blocks, root \
            proofs and all, to know who has an account and can pay: others are refused. Ends cleanly on SIGINT and SIGTERM: \
            what has a receipt is on disk and will be in a block after the next start.

            Example: grove settlement --network network.json --keys settlement.key \\
                         --data-directory settlement
            """)

    @Option(setting: .network) var network: String?
    @Option(setting: .keys) var keys: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @Option(setting: .dataDirectory) var dataDirectory: String?
    @Option(setting: .settlementListen) var settlementListen: String?

    @Option(help: .withProcess)
    var withProcess: Int32?

    @OptionGroup var common: CommonOptions

    private struct Listening: Encodable {
        var event = "listening"
        var host: String
        var port: Int
        var networkId: String
    }

    func run() async throws {
        let settings = try common.settings([
            .network: network, .keys: keys, .passphraseFile: passphraseFile,
            .dataDirectory: dataDirectory, .settlementListen: settlementListen,
        ])
        let network = try await settings.network()
        let directory = try settings.text(.dataDirectory)
        let address = try settings.hostAndPort(.settlementListen) ?? Self.address(of: network)
        let key = try authorityKey(network, settings)
        try LocalFile.createDirectory(directory)
        let log = try EmbeddedLog(
            path: directory + "/settlement.sqlite",
            parameters: SettlementLogParameters(
                networkID: network.networkID, policyHash: network.policyHash,
                tick: .milliseconds(network.tickMilliseconds)),
            key: key,
            ledger: try LedgerState(genesis: network.genesis, rules: network.rules),
            judge: try Self.judge(network, directory: directory + "/verdicts"))
        try await serve(log, at: address, network)
    }

    /// - Parameter directory: of what was verified before; it may be lost.
    private static func judge(
        _ network: NetworkDescription, directory: String
    ) throws -> RollupJudge {
        let verdicts = try EventLog(directory: directory, networkID: network.networkID)
        return RollupJudge(
            networkID: network.networkID, rollup: network.rollupGenesis,
            verifier: NodeVerifier(network: network), book: VerdictBook(eventLog: verdicts))
    }

    private func authorityKey(
        _ network: NetworkDescription, _ settings: Settings
    ) throws -> SigningKey {
        let path = try settings.text(.keys)
        let keystore = try KeyFileStore.open(path, expecting: .node) {
            try Passphrase.ask(for: path, settings: settings)
        }
        let key = try SigningKey(seed: keystore.operatorSeed())
        let authority = network.genesis.settlementAuthority
        guard OperatorKey(key.publicKey) == authority else {
            throw CommandFailure(
                .usage,
                "\(path) holds the operator key \(key.publicKey), but the network's settlement "
                    + "authority is \(authority)")
        }
        return key
    }

    /// Until a signal comes or the log fails.
    private func serve(
        _ log: EmbeddedLog, at address: HostAndPort, _ network: NetworkDescription
    ) async throws {
        let logger = Logger(label: "settlement")
        let server = LogServer(log: log, host: address.host, port: address.port)
        let networkID = network.networkID.hex
        let asJSON = common.json
        do {
            try await untilStopped(withProcess: withProcess) {
                logger.info("stopping")
            } work: {
                try await server.run { port in
                    let bound = HostAndPort(host: address.host, port: port)
                    let event = Listening(
                        host: bound.host, port: bound.port, networkId: networkID)
                    try? Output.answer(
                        event, text: "settlement log at http://\(bound)", asJSON: asJSON)
                    logger.info(
                        "listening",
                        metadata: ["address": "\(bound)", "network": "\(networkID)"])
                }
            }
        } catch let error as IOError {
            throw CommandFailure(
                .environment,
                "cannot listen at \(address): \(error); stop what listens there, or choose "
                    + "another address by \(Setting.settlementListen.flag)")
        }
        await log.stop()
        let height = await log.height
        logger.info("stopped", metadata: ["height": "\(height?.description ?? "none")"])
    }

    private static func address(of network: NetworkDescription) throws -> HostAndPort {
        guard let url = URL(string: network.settlementURL), let host = url.host() else {
            throw CommandFailure(
                .usage, "the network file's settlement address is \(network.settlementURL)")
        }
        return HostAndPort(host: host, port: url.port ?? 80)
    }
}
