import Connection
import Cryptography
import Foundation
import HTTPSupport
import Ledger
import NIOHTTP1
import NetworkFile
import NodeRuntime
import Primitives
import SettlementLog

/// The directory of a node that joins: `operator.key`, `network.json`, `api` (the address of its
/// API while it runs), and what the node keeps there.
struct JoinSite: Sendable {
    let directory: String
    let network: NetworkDescription
    /// With every path and address that was not given.
    let settings: Settings
    let secrets: NodeSecrets
    let stake: Amount
    /// Nil where there is no faucet.
    let faucetURL: String?
    let settlement: HostAndPort
    let api: HostAndPort

    /// Whether another port will do where the API's is taken: nobody has asked for this one.
    var apiMayMove: Bool { settings.find(.apiListen) == nil }

    var apiPath: String { directory + "/api" }

    /// Makes what is missing: directory, copy of the network file, key file.
    static func prepare(
        role: Join.RoleName, settings: Settings, cost: Argon2id.Cost, view: JoinView
    ) async throws -> JoinSite {
        let directory = settings.find(.dataDirectory)?.text ?? "grove-\(role.rawValue)"
        let source = try settings.text(.network)
        let bytes = try await NetworkSource.read(source, copy: directory + "/network.json")
        try Task.checkCancellation()
        let network = try NetworkSource.network(in: bytes)
        let stake = try stake(settings, of: network, role: role)
        let settlement = try settings.settlementAddress(of: network)
        let api = try apiAddress(settings)
        // What is told without a port has that of the first listener, which then is a fixed one.
        let port =
            try PeerAddressArgument.port(.advertise, settings) == 0 ? FreePorts.find(1)[0] : 0
        let listen = try listenAddresses(settings, facing: settlement, port: port)
        let advertise = try PeerAddressArgument.list(
            settings, .advertise, port: PeerAddressArgument.port(of: listen) ?? port)
        let faucetURL = settings.find(.faucet)?.text ?? network.faucetURL
        if let faucetURL, HTTPAddress(faucetURL) == nil {
            throw CommandFailure(
                .usage, "--faucet: expected http://host:port, found \"\(faucetURL)\"")
        }
        if !FileManager.default.fileExists(atPath: directory + "/network.json") {
            try await requireRules(of: network, at: settlement)
        }
        try LocalFile.createDirectory(directory)
        try keep(bytes, network, in: directory)
        view.say(.network(network, source: source))
        let keyPath = directory + "/operator.key"
        let secrets = try openOrMakeKeys(keyPath, settings, cost, view)
        var more: [Setting: String] = [
            .network: directory + "/network.json", .dataDirectory: directory, .keys: keyPath,
            .roles: role.rawValue,
        ]
        more[.listen] = listen
        more[.advertise] = advertise
        return JoinSite(
            directory: directory, network: network, settings: settings.setting(more),
            secrets: secrets, stake: stake, faucetURL: faucetURL,
            settlement: settlement, api: api)
    }

    private static func stake(
        _ settings: Settings, of network: NetworkDescription, role: Join.RoleName
    ) throws -> Amount {
        let minimum = network.rules.stakes.minimum(for: role.role)
        guard settings.find(.stake) != nil else { return minimum }
        let stake = try settings.stake()
        guard stake >= minimum else {
            throw CommandFailure(
                .usage,
                "--stake: the network takes \(minimum) at least of a \(role.rawValue), found "
                    + "\(stake)")
        }
        return stake
    }

    /// A new directory is bound to its network file: where the log answers, it must go by the same
    /// rules. One that doesn't answer yet is waited for later.
    private static func requireRules(
        of network: NetworkDescription, at settlement: HostAndPort
    ) async throws {
        let client = NodeAssembly.settlementClient(
            of: network, host: settlement.host, port: settlement.port)
        do {
            try await withDeadline(.seconds(5)) {
                try await client.checkIdentity(ofLogBehind: Height(0))
            }
        } catch let error as SettlementClientError {
            switch error {
            case .wrongNetwork, .wrongPolicy, .wrongAuthority: throw error
            case .unreachable, .refused, .falseReceipt, .chain: break
            }
        } catch {
            try Task.checkCancellation()
        }
    }

    /// A directory belongs to one network; where to find that may change.
    private static func keep(
        _ bytes: [UInt8], _ network: NetworkDescription, in directory: String
    ) throws {
        let path = directory + "/network.json"
        guard FileManager.default.fileExists(atPath: path) else {
            return try LocalFile.create(path, bytes, mode: 0o644)
        }
        let present = try LocalFile.read(path, atMost: NetworkDocument.maximumByteCount)
        guard present != bytes else { return }
        let known = try NetworkSource.network(in: present)
        guard known.networkID == network.networkID, known.policyHash == network.policyHash else {
            throw CommandFailure(
                .usage,
                "\(directory) belongs to network \(known.name) \(known.networkID) (policy "
                    + "\(known.policyHash)), but the network file is of \(network.name) "
                    + "\(network.networkID) (policy \(network.policyHash)); give another directory "
                    + "by --data")
        }
        try LocalFile.replace(path, bytes, mode: 0o644)
    }

    /// A person is asked for the passphrase once, or twice for a new file.
    private static func openOrMakeKeys(
        _ path: String, _ settings: Settings, _ cost: Argon2id.Cost, _ view: JoinView
    ) throws -> NodeSecrets {
        if FileManager.default.fileExists(atPath: path) {
            let key = try KeyFileStore.read(path).publicKeys[0]
            view.say(.keys(path: path, key: OperatorKey(key), isNew: false))
            return try NodeSecrets(settings: settings.setting([.keys: path]))
        }
        let (file, secrets) = try makeKeys(path, settings, cost)
        view.say(.keys(path: path, key: OperatorKey(file.publicKeys[0]), isNew: true))
        return secrets
    }

    private static func makeKeys(
        _ path: String, _ settings: Settings, _ cost: Argon2id.Cost
    ) throws -> (KeyFile, NodeSecrets) {
        let passphrase = try Passphrase.choose(for: path, settings: settings)
        let file = try KeyFileStore.create(
            path, purpose: .node, cost: cost, passphrase: passphrase)
        let keystore = try Keystore(opening: file, passphrase: passphrase)
        return (file, try NodeSecrets(keystore))
    }

    /// At what faces the settlement log, unless told otherwise.
    private static func listenAddresses(
        _ settings: Settings, facing settlement: HostAndPort, port: Int
    ) throws -> String {
        if let given = try PeerAddressArgument.list(settings, .listen, port: port) { return given }
        let address = MachineAddress.facing(settlement.host, port: settlement.port)
        return (address ?? .loopback).multiaddress(port: port)
    }

    private static func apiAddress(_ settings: Settings) throws -> HostAndPort {
        if let given = try settings.hostAndPort(.apiListen) { return given }
        return HostAndPort(host: "127.0.0.1", port: 8_101)
    }
}

/// Where peers listen, as people write it: `10.0.0.2`, `10.0.0.2:4001` or a multiaddress.
enum PeerAddressArgument {
    /// Nil where the setting is not given.
    /// - Parameter port: of addresses that are given without one.
    static func list(_ settings: Settings, _ setting: Setting, port: Int) throws -> String? {
        let written = try settings.list(setting)
        guard !written.isEmpty else { return nil }
        return try written.map { text in
            guard let address = multiaddress(text, port: port) else {
                throw CommandFailure(
                    .usage,
                    "\(setting.flag): expected an address, address:port or /ip4/…/tcp/…, found "
                        + "\"\(text)\"")
            }
            return address
        }.joined(separator: ",")
    }

    /// Of the first address; 0 where it has none, nil where there is no address.
    static func port(_ setting: Setting, _ settings: Settings) throws -> Int? {
        try list(settings, setting, port: 0).flatMap { port(of: $0) }
    }

    static func port(of multiaddresses: String) -> Int? {
        let first = multiaddresses.prefix { $0 != "," }
        return (try? Multiaddress(first))?.endpoint.map { Int($0.port) }
    }

    private static func multiaddress(_ text: String, port: Int) -> String? {
        if text.hasPrefix("/") { return (try? Multiaddress(text))?.description }
        if let address = MachineAddress(text) { return address.multiaddress(port: port) }
        guard let parts = HostAndPort(text), let address = MachineAddress(parts.host) else {
            return nil
        }
        return address.multiaddress(port: parts.port)
    }
}
