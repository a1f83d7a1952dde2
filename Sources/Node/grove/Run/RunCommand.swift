import ArgumentParser
import Connection
import Cryptography
import Foundation
import HTTPSupport
import Logging
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives
import TransportNIO

/// Runs a node: sequencer, prover or observer.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a node: sequencer, prover or observer.",
        discussion: """
            A node folds the settlement log, gossips with its peers and does the duties of its \
            roles. Everything that it signs is on disk before it is sent, so it may be stopped or \
            killed at any moment and started again with the same data directory.

            Example: grove run --roles prover --network network.json --keys prover.key \\
                         --data-directory prover-data --api-listen 127.0.0.1:8101
            """)

    @Option(setting: .network) var network: String?
    @Option(setting: .keys) var keys: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @Option(setting: .dataDirectory) var dataDirectory: String?
    @Option(setting: .roles) var roles: String?
    @Option(setting: .listen) var listen: String?
    @Option(setting: .advertise) var advertise: String?
    @Option(setting: .peers) var peers: String?
    @Option(setting: .bootstrap) var bootstrap: String?
    @Option(setting: .settlement) var settlement: String?
    @Option(setting: .apiListen) var apiListen: String?
    @Option(setting: .apiNames) var apiNames: String?
    @Option(setting: .provingThreads) var provingThreads: String?
    @Option(setting: .kernel) var kernel: String?
    @Option(setting: .feeShare) var feeShare: String?
    @Option(setting: .capacity) var capacity: String?
    @Option(setting: .minFeePerUnit) var minFeePerUnit: String?

    @Option(help: .withProcess)
    var withProcess: Int32?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings([
            .network: network, .keys: keys, .passphraseFile: passphraseFile,
            .dataDirectory: dataDirectory, .roles: roles, .listen: listen, .advertise: advertise,
            .peers: peers, .bootstrap: bootstrap,
            .settlement: settlement, .apiListen: apiListen, .apiNames: apiNames,
            .provingThreads: provingThreads, .kernel: kernel,
            .feeShare: feeShare, .capacity: capacity, .minFeePerUnit: minFeePerUnit,
        ])
        let logger = Logger(label: "node")
        try await untilStopped(withProcess: withProcess) {
            logger.info("stopping")
        } work: {
            try await Self.run(settings, logger)
        }
        logger.info("stopped")
    }

    private static func run(_ settings: Settings, _ logger: Logger) async throws {
        let network = try await settings.network()
        let configuration = try NodeConfiguration(settings: settings, network: network)
        let secrets = try NodeSecrets(settings: settings)
        try Task.checkCancellation()
        let node = try NodeAssembly.make(configuration, secrets: secrets, logger: logger)
        let apiNames = try settings.list(.apiNames)
        try await NodeRunner.run(
            node, api: try settings.hostAndPort(.apiListen), apiNames: apiNames
        ) {
            logger.info("API listening", metadata: ["port": "\($0)"])
        }
    }
}

extension NodeConfiguration {
    /// Out of the settings of one run.
    /// - Parameter joining: what the node registers as, if it does.
    init(
        settings: Settings, network: NetworkDescription, joining: JoinOrder? = nil
    ) throws {
        let dataDirectory = try settings.text(.dataDirectory)
        let calibrated = try CalibrationFile.find(in: dataDirectory, of: network)
        let address = try settings.settlementAddress(of: network)
        let listen = try settings.multiaddresses(.listen)
        let isLoopback = address.host == "127.0.0.1" || address.host == "localhost"
        self.init(
            network: network, roles: try settings.nodeRoles(),
            dataDirectory: dataDirectory,
            listenAddresses: listen.isEmpty
                ? [try Multiaddress("/ip4/127.0.0.1/tcp/0")] : listen,
            peers: try settings.bootstrap(of: network) + settings.multiaddresses(.peers),
            connectionLimits: isLoopback ? .devnet : .standard,
            settlementHost: address.host, settlementPort: address.port,
            parameters: NodeParameters(
                feeShare: try settings.parsed(.feeShare, expected: "0...10000 basis points") {
                    UInt64($0).flatMap { BasisPoints($0) }
                },
                capacity: UInt64(
                    try settings.integer(.capacity, otherwise: calibrated?.capacity ?? 64)),
                minFeePerUnit: Amount(units: try settings.integer(.minFeePerUnit)),
                joining: joining),
            provingThreadCount: try settings.integer(
                .provingThreads, otherwise: calibrated?.provingThreads ?? 1),
            agentVersion: "grove/\(GroveVersion.text)",
            advertisedAddresses: try settings.advertisedAddresses())
    }
}

extension NodeSecrets {
    convenience init(settings: Settings) throws {
        let path = try settings.text(.keys)
        let keystore = try KeyFileStore.open(path, expecting: .node) {
            try Passphrase.ask(for: path, settings: settings)
        }
        try self.init(keystore)
    }

    convenience init(_ keystore: borrowing Keystore) throws {
        try self.init(
            operatorSeed: keystore.operatorSeed(), vrfSeed: keystore.vrfSeed(),
            peerSeed: keystore.peerSeed())
    }
}

extension Settings {
    /// The network file's, unless another is given: as `host:port`, or as a URL like the file's.
    func settlementAddress(of network: NetworkDescription) throws -> HostAndPort {
        if let text = find(.settlement)?.text, let url = HTTPAddress(text), url.path.isEmpty {
            return HostAndPort(host: url.host, port: url.port)
        }
        if let given = try hostAndPort(.settlement) { return given }
        guard let url = URL(string: network.settlementURL), let host = url.host() else {
            throw CommandFailure(
                .usage, "the network file's settlement URL is \(network.settlementURL)")
        }
        return HostAndPort(host: host, port: url.port ?? 80)
    }

    /// The network file's peers, or those that were given in their place.
    fileprivate func bootstrap(of network: NetworkDescription) throws -> [Multiaddress] {
        let given = try multiaddresses(.bootstrap)
        guard given.isEmpty else { return given }
        return try network.bootstrap.map { text in
            guard let address = try? Multiaddress(text) else {
                throw CommandFailure(
                    .usage,
                    "bootstrap in the network file: expected /ip4/…/tcp/…/p2p/…, found \"\(text)\"")
            }
            return address
        }
    }

    fileprivate func nodeRoles() throws -> NodeRoles {
        var roles: NodeRoles = []
        for name in try list(.roles) {
            switch name {
            case "sequencer": roles.insert(.sequencer)
            case "prover": roles.insert(.prover)
            case "observer": break
            default:
                throw CommandFailure(
                    .usage,
                    "roles: expected sequencer, prover or observer, found \"\(name)\"")
            }
        }
        return roles
    }

    /// What cannot be dialled is not told.
    func advertisedAddresses() throws -> [Multiaddress] {
        let addresses = try multiaddresses(.advertise)
        for address in addresses where address.scope == .nowhere || !address.isPlainTCP {
            throw CommandFailure(
                .usage,
                "\(Setting.advertise.flag): expected an address that others can dial, such as "
                    + "/ip4/203.0.113.7/tcp/4001, found \"\(address)\"")
        }
        return addresses
    }

    func multiaddresses(_ setting: Setting) throws -> [Multiaddress] {
        try list(setting).map { text in
            guard let address = try? Multiaddress(text) else {
                throw CommandFailure(
                    .usage,
                    "\(setting.flag): expected /ip4/…/tcp/…, found \"\(text)\"")
            }
            return address
        }
    }
}
