import ArgumentParser
import Cryptography
import Foundation
import Logging
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives

/// Joins a network: keys, stake, registration, and then the node.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Join a network as a prover or a sequencer.",
        discussion: """
            One command from nothing to a node that takes part. It makes an encrypted key file \
            (DIR/operator.key) where there is none, asks the network's faucet for the stake where \
            the account lacks it, starts the node, registers its key with a proof of possession, \
            waits for admission and says for how long, takes part, and says each step. It may be \
            stopped or killed at any moment: the same command goes on where it was, and nothing is \
            signed, registered or paid twice.

            The network is a file, or where the faucet serves it (http://HOST:PORT/network.json); \
            DIR keeps a copy and belongs to that network for ever. On a network without a faucet \
            the command says which key needs how much, and goes on when it has it.

            The node listens at the address of this machine that faces the settlement log, at any \
            free port; behind a router give --listen with a fixed port and --advertise with the \
            address outside. Its API (`grove status`, `grove tree`) is at 127.0.0.1:8101, or at \
            another free port where that one is taken.

            Example: grove join prover --data my-prover \\
                         --network http://192.0.2.7:7001/network.json
            """)

    enum RoleName: String, ExpressibleByArgument, CaseIterable {
        case prover
        case sequencer

        var role: Role {
            switch self {
            case .prover: .prover
            case .sequencer: .sequencer
            }
        }
    }

    @Argument(help: "What to take part as: prover or sequencer.")
    var role: RoleName

    @Option(setting: .network) var network: String?

    @Option(
        name: [.customLong("data"), .customLong("data-directory")],
        help: ArgumentHelp(
            "Where keys and state are kept. (GROVE_DATA_DIRECTORY; default: grove-<role>)",
            valueName: "directory"))
    var data: String?

    @Option(setting: .bootstrap) var bootstrap: String?
    @Option(setting: .settlement) var settlement: String?
    @Option(setting: .faucet) var faucet: String?

    @Option(
        help: ArgumentHelp(
            "Where to listen for peers: an address, address:port or multiaddress. (GROVE_LISTEN; "
                + "default: the address that faces the settlement log, any free port)",
            valueName: "address"))
    var listen: String?

    @Option(
        help: ArgumentHelp(
            "Under which address:port or multiaddress others reach this node. (GROVE_ADVERTISE; "
                + "default: where it listens)", valueName: "address"))
    var advertise: String?

    @Option(
        help: ArgumentHelp(
            "Where the node serves its API. (GROVE_API_LISTEN; default: 127.0.0.1:8101, or any "
                + "free port where that one is taken)", valueName: "host:port"))
    var apiListen: String?

    @Option(setting: .apiNames) var apiNames: String?
    @Option(setting: .stake) var stake: String?
    @Option(setting: .passphraseFile) var passphraseFile: String?
    @Option(setting: .provingThreads) var provingThreads: String?
    @Option(setting: .feeShare) var feeShare: String?
    @Option(setting: .capacity) var capacity: String?
    @Option(setting: .minFeePerUnit) var minFeePerUnit: String?

    @Flag(help: "Register again with a key that has left.")
    var rejoin = false

    @Option(
        help:
            "What one guess of the new key file's passphrase costs: moderate, or minimal for tests."
    )
    var cost = Keys.Cost.moderate

    @Option(help: .withProcess)
    var withProcess: Int32?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let given = try common.settings(
            [
                .network: network, .dataDirectory: data, .bootstrap: bootstrap,
                .settlement: settlement, .faucet: faucet, .listen: listen,
                .advertise: advertise, .apiListen: apiListen, .apiNames: apiNames, .stake: stake,
                .passphraseFile: passphraseFile, .provingThreads: provingThreads,
                .feeShare: feeShare, .capacity: capacity, .minFeePerUnit: minFeePerUnit,
            ], defaultLogLevel: .error)
        if given.find(.stake) != nil { _ = try given.stake() }
        let view = JoinView(asJSON: common.json)
        let isStopped = try await untilStopped(withProcess: withProcess) {
            Output.error("stopping …")
        } work: { [role, cost, rejoin] in
            let site = try await JoinSite.prepare(
                role: role, settings: given, cost: cost.value, view: view)
            try Task.checkCancellation()
            try await Self.join(site, as: role.role, rejoins: rejoin, view)
        }
        if isStopped {
            if common.json { view.say(.stopped) }
            Output.error(JoinStep.stopped.text)
        }
    }

    private static func join(
        _ site: JoinSite, as role: Role, rejoins: Bool, _ view: JoinView
    ) async throws {
        let secrets = site.secrets
        let order = JoinOrder(
            role: role, vrfKey: secrets.vrfPublicKey, stake: site.stake, rejoins: rejoins)
        let configuration = try NodeConfiguration(
            settings: site.settings, network: site.network, joining: order)
        let node = try NodeAssembly.make(
            configuration, secrets: secrets, logger: Logger(label: "node"))
        try await JoinRun(node: node, site: site, order: order, view: view).run()
    }
}

extension Settings {
    /// What is to be put up.
    func stake() throws(SettingsError) -> Amount {
        try parsed(.stake, expected: "IDE such as 100, up to nine decimals") {
            AmountText.units($0).map { Amount(units: $0) }
        }
    }
}
