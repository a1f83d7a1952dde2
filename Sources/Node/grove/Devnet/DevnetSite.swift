import Connection
import Cryptography
import Foundation
import NetworkFile
import Payments
import Primitives
import WalletStorage

/// A devnet's directory: keys, network file, and a folder for each process.
///
///     passphrase  network.json  keys/NAME.key  nodes/NAME/  settlement/  faucet/  wallets/N.json
///     logs/NAME.log  proofs/slot-N.proof
///
/// `keys/guest.key` is a wallet for whoever comes: no process of the devnet opens it.
/// A directory that holds a network is used again as it is, so that a devnet goes on where it was
/// stopped.
struct DevnetSite: Sendable {
    let root: URL
    let options: DevnetOptions
    let network: NetworkDescription
    let members: [DevnetMember]
    let authorityKeyPath: String
    let observerKeyPath: String
    let settlementPort: Int
    let faucetPort: Int

    var networkPath: String { path("network.json") }
    var passphrasePath: String { path("passphrase") }
    var observerDataPath: String { path("nodes/observer") }
    var settlementDataPath: String { path("settlement") }
    var faucetDataPath: String { path("faucet") }
    var faucetKeyPath: String { path("keys/faucet.key") }
    var logs: URL { root.appending(path: "logs") }
    var proofs: URL { root.appending(path: "proofs") }

    /// Of the wallet for whoever comes; nil in a directory that was made before there was one.
    var guestKeyPath: String? {
        let path = path("keys/guest.key")
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }

    /// Where its first payment starts its state.
    var guestStatePath: String { path("guest.json") }

    private func path(_ name: String) -> String { Self.path(root, name) }

    private static func path(_ root: URL, _ name: String) -> String {
        root.appending(path: name).path(percentEncoded: false)
    }

    /// Makes what is missing. New keys and a new network where the directory holds none.
    static func prepare(
        _ root: URL, options: DevnetOptions, say: (String) -> Void
    ) throws -> DevnetSite {
        for folder in ["keys", "nodes", "settlement", "faucet", "wallets", "logs", "proofs"] {
            try LocalFile.createDirectory(path(root, folder))
        }
        let isNew = !FileManager.default.fileExists(atPath: path(root, "network.json"))
        if isNew { try makeKeys(root, options) }
        let members = try readMembers(root, isNew: isNew, options)
        let settlementPort = try port(root, "settlement")
        let faucetPort = try port(root, "faucet")
        let addresses = Addresses(members, settlementPort, faucetPort, options)
        if isNew {
            try makeNetwork(root, members, addresses, options, say)
        } else {
            try updateNetwork(root, addresses)
        }
        return DevnetSite(
            root: root, options: options,
            network: try NetworkDescription(path: path(root, "network.json")),
            members: members, authorityKeyPath: path(root, "keys/settlement.key"),
            observerKeyPath: path(root, "keys/observer.key"), settlementPort: settlementPort,
            faucetPort: faucetPort)
    }

    /// The wallets of the devnet's users; account n is the n-th.
    func openWallets() throws -> [WalletStore] {
        try (0..<DevnetOptions.walletCount).map { number in
            let seed = try Self.walletSeed(root, "wallet-\(number)")
            let file = path("wallets/\(number).json")
            if FileManager.default.fileExists(atPath: file) {
                return try WalletStore.open(
                    seed: seed, stateFile: file, parameters: network.rollup)
            }
            return try WalletStore.create(
                seed: seed, account: UInt32(number), stateFile: file,
                parameters: network.rollup)
        }
    }
}

extension DevnetSite {
    private static func names(_ options: DevnetOptions) -> [(String, DevnetMember.Duty)] {
        (1...options.sequencerCount).map { ("sequencer-\($0)", .sequencer) }
            + (1...options.proverCount).map { ("prover-\($0)", .prover) }
    }

    private static var walletNames: [String] {
        (0..<DevnetOptions.walletCount).map { "wallet-\($0)" }
    }

    private static func makeKeys(_ root: URL, _ options: DevnetOptions) throws {
        let passphrase = Array(randomBytes(24).hex.utf8)
        try LocalFile.create(path(root, "passphrase"), passphrase, mode: 0o600)
        // Its passphrase lies beside it: a costly derivation would guard nothing.
        let names = ["settlement", "faucet"] + names(options).map(\.0) + ["observer"]
        let files =
            names.map { ($0, KeyFile.Purpose.node) }
            + (walletNames + ["guest"]).map { ($0, .wallet) }
        for (name, purpose) in files {
            _ = try KeyFileStore.create(
                path(root, "keys/\(name).key"), purpose: purpose, cost: .minimal,
                passphrase: SecretBytes(copying: passphrase))
        }
        // The log's and the faucet's first, then two for each node: for peers and for its API.
        let ports = try FreePorts.find(
            2 * names.count - 2, on: options.listen, from: options.firstPort)
        var lines = ["settlement \(ports[0]) 0", "faucet \(ports[1]) 0"]
        for (index, name) in names.dropFirst(2).enumerated() {
            lines.append("\(name) \(ports[2 * index + 2]) \(ports[2 * index + 3])")
        }
        try LocalFile.create(
            path(root, "ports"), Array(lines.joined(separator: "\n").utf8), mode: 0o600)
    }

    /// `[name: (peer port, API port)]`, as drawn when the network was made.
    private static func ports(_ root: URL) throws -> [String: (Int, Int)] {
        let bytes = try LocalFile.read(path(root, "ports"), atMost: 1 << 16)
        var ports: [String: (Int, Int)] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ")
            guard parts.count == 3, let first = Int(parts[1]), let second = Int(parts[2]) else {
                throw CommandFailure(
                    .environment, "\(path(root, "ports")) is damaged; use a new data directory")
            }
            ports[String(parts[0])] = (first, second)
        }
        return ports
    }

    private static func port(_ root: URL, _ name: String) throws -> Int {
        guard let pair = try ports(root)[name] else {
            throw CommandFailure(
                .environment, "\(path(root, "ports")) does not name \(name)")
        }
        return pair.0
    }

    /// All members of the directory's network; as many as `options` says where it is new.
    private static func readMembers(
        _ root: URL, isNew: Bool, _ options: DevnetOptions
    ) throws -> [DevnetMember] {
        let ports = try ports(root)
        let all = ports.keys.filter { $0.hasPrefix("sequencer-") || $0.hasPrefix("prover-") }
        guard isNew || all.count == options.sequencerCount + options.proverCount else {
            throw CommandFailure(
                .usage,
                "\(root.path()) holds a devnet of \(all.count) nodes; give the same numbers of "
                    + "sequencers and provers, or another directory")
        }
        return try names(options).map { name, duty in
            guard let (peerPort, apiPort) = ports[name] else {
                throw CommandFailure(.usage, "\(root.path()) holds a devnet without \(name)")
            }
            let keyPath = path(root, "keys/\(name).key")
            let keys = try KeyFileStore.read(keyPath).publicKeys
            return DevnetMember(
                name: name, duty: duty, key: OperatorKey(keys[0]), vrfKey: keys[1].hex,
                peerID: PeerID(publicKey: keys[2]).description, listen: options.listen,
                advertise: options.advertise, peerPort: peerPort,
                apiPort: apiPort, keyPath: keyPath, dataPath: path(root, "nodes/\(name)"))
        }
    }

    private static func walletSeed(_ root: URL, _ name: String) throws -> SecretBytes {
        let keystore = try KeyFileStore.open(
            path(root, "keys/\(name).key"), expecting: .wallet
        ) {
            SecretBytes(copying: try LocalFile.read(path(root, "passphrase"), atMost: 1_024))
        }
        return keystore.walletSeed()
    }

    /// Where a devnet is found: all of the network file that is no rule.
    private struct Addresses {
        var settlement: String
        var faucet: String
        var bootstrap: [String]

        init(
            _ members: [DevnetMember], _ settlementPort: Int, _ faucetPort: Int,
            _ options: DevnetOptions
        ) {
            settlement = options.settlementURL ?? options.advertise.url(port: settlementPort)
            faucet = options.faucetURL ?? options.advertise.url(port: faucetPort)
            bootstrap = members.map(\.address)
        }
    }

    /// The network is the same wherever it is reached.
    private static func updateNetwork(_ root: URL, _ addresses: Addresses) throws {
        let path = path(root, "network.json")
        let bytes = try LocalFile.read(path, atMost: NetworkDocument.maximumByteCount)
        let document = try NetworkDocument(decoding: Data(bytes))
        var updated = document
        updated.settlement.url = addresses.settlement
        updated.faucet = addresses.faucet
        updated.bootstrap = addresses.bootstrap
        guard updated != document else { return }
        try LocalFile.replace(path, [UInt8](updated.encoded()), mode: 0o644)
    }

    private static func makeNetwork(
        _ root: URL, _ members: [DevnetMember], _ addresses: Addresses, _ options: DevnetOptions,
        _ say: (String) -> Void
    ) throws {
        var development = DevelopmentNetwork()
        development.settlementURL = addresses.settlement
        development.faucetURL = addresses.faucet
        development.profile = options.profile
        development.leafCapacity = DevnetOptions.leafCapacity
        development.maximumLeaves = DevnetOptions.maximumLeaves
        // While the provers build their circuits.
        development.firstSlotHeight = 8
        development.revealTicks = 2
        if options.profile == .proven100 {
            // Twice what a crowded machine of two cores takes: four leaves beside each other in
            // seven seconds, two merges in four, the root in three.
            development.leafTicks = 24
            development.provingTicks = 120
        }
        let nonce = randomBytes(32)
        let parameters = try development.rollupParameters(genesisNonce: nonce)
        let accounts = try (walletNames + ["guest"]).enumerated().map { number, name in
            let seed = try walletSeed(root, name)
            guard let bytes = seed.withUnsafeBytes({ Bytes32($0) }) else {
                preconditionFailure("a wallet's seed has 32 bytes")
            }
            let wallet = try Wallet(
                seed: bytes, keyState: WalletKeyState(newAccount: UInt32(number)),
                parameters: parameters)
            return NetworkDocument.Rollup.Account(
                authenticationKey: wallet.authenticationKey.hex,
                balance: DevnetOptions.walletFunds)
        }
        let document = development.document(
            genesisNonce: nonce.hex, beacon: randomBytes(32).hex,
            authority: try KeyFileStore.read(path(root, "keys/settlement.key")).publicKeys[0].hex,
            bootstrap: addresses.bootstrap, accounts: accounts,
            proofs: try development.proofs(parameters, say: say),
            operators: members.map {
                .init(role: $0.duty.rawValue, key: $0.key.hex, vrfKey: $0.vrfKey)
            },
            ledgerAccounts: [
                .init(
                    key: try KeyFileStore.read(path(root, "keys/faucet.key")).publicKeys[0].hex,
                    balance: DevnetOptions.faucetFunds)
            ])
        try LocalFile.create(
            path(root, "network.json"), [UInt8](document.encoded()), mode: 0o644)
    }
}
