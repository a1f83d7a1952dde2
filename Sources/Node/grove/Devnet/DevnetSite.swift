import Connection
import Cryptography
import Foundation
import NetworkFile
import Payments
import Primitives
import WalletStorage

/// A devnet's directory: keys, network file, and a folder for each process.
///
///     passphrase  network.json  keys/NAME.key  nodes/NAME/  settlement/  wallets/N.json
///     logs/NAME.log  proofs/slot-N.proof
///
/// A directory that holds a network is used again as it is, so that a devnet goes on where it was
/// stopped.
struct DevnetSite: Sendable {
    let root: URL
    let network: NetworkDescription
    let members: [DevnetMember]
    let authorityKeyPath: String
    let observerKeyPath: String
    let settlementPort: Int

    var networkPath: String { path("network.json") }
    var passphrasePath: String { path("passphrase") }
    var observerDataPath: String { path("nodes/observer") }
    var settlementDataPath: String { path("settlement") }
    var logs: URL { root.appending(path: "logs") }
    var proofs: URL { root.appending(path: "proofs") }

    private func path(_ name: String) -> String { Self.path(root, name) }

    private static func path(_ root: URL, _ name: String) -> String {
        root.appending(path: name).path(percentEncoded: false)
    }

    /// Makes what is missing. New keys and a new network where the directory holds none.
    static func prepare(_ root: URL, options: DevnetOptions) throws -> DevnetSite {
        for folder in ["keys", "nodes", "settlement", "wallets", "logs", "proofs"] {
            try LocalFile.createDirectory(path(root, folder))
        }
        let isNew = !FileManager.default.fileExists(atPath: path(root, "network.json"))
        if isNew { try makeKeys(root, options) }
        let members = try readMembers(root, isNew: isNew, options)
        let settlementPort = try port(root, "settlement")
        if isNew { try makeNetwork(root, members, settlementPort, options) }
        return DevnetSite(
            root: root, network: try NetworkDescription(path: path(root, "network.json")),
            members: members, authorityKeyPath: path(root, "keys/settlement.key"),
            observerKeyPath: path(root, "keys/observer.key"), settlementPort: settlementPort)
    }

    /// The wallets of the devnet's users; account n is the n-th.
    func openWallets() throws -> [WalletStore] {
        try (0..<DevnetOptions.walletCount).map { number in
            let seed = try Self.walletSeed(root, number)
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

    private static func makeKeys(_ root: URL, _ options: DevnetOptions) throws {
        let passphrase = Array(randomBytes(24).hex.utf8)
        try LocalFile.create(path(root, "passphrase"), passphrase, mode: 0o600)
        // Its passphrase lies beside it: a costly derivation would guard nothing.
        let names = names(options).map(\.0) + ["settlement", "observer"]
        let files =
            names.map { ($0, KeyFile.Purpose.node) }
            + (0..<DevnetOptions.walletCount).map { ("wallet-\($0)", .wallet) }
        for (name, purpose) in files {
            _ = try KeyFileStore.create(
                path(root, "keys/\(name).key"), purpose: purpose, cost: .minimal,
                passphrase: SecretBytes(copying: passphrase))
        }
        let ports = try FreePorts.find(2 * names.count)
        var lines: [String] = []
        for (index, name) in names.enumerated() {
            lines.append("\(name) \(ports[2 * index]) \(ports[2 * index + 1])")
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
                peerID: PeerID(publicKey: keys[2]).description, peerPort: peerPort,
                apiPort: apiPort, keyPath: keyPath, dataPath: path(root, "nodes/\(name)"))
        }
    }

    private static func walletSeed(_ root: URL, _ number: Int) throws -> SecretBytes {
        let keystore = try KeyFileStore.open(
            path(root, "keys/wallet-\(number).key"), expecting: .wallet
        ) {
            SecretBytes(copying: try LocalFile.read(path(root, "passphrase"), atMost: 1_024))
        }
        return keystore.walletSeed()
    }

    private static func makeNetwork(
        _ root: URL, _ members: [DevnetMember], _ settlementPort: Int, _ options: DevnetOptions
    ) throws {
        var development = DevelopmentNetwork()
        development.settlementURL = "http://127.0.0.1:\(settlementPort)"
        development.profile = options.profile.rawValue
        development.leafCapacity = DevnetOptions.leafCapacity
        development.maximumLeaves = DevnetOptions.maximumLeaves
        development.revealTicks = 2
        if options.profile == .proven100 {
            // A leaf of twice the rows, without vector kernels perhaps, beside seven others.
            development.leafTicks = 40
            development.provingTicks = 120
        }
        let nonce = randomBytes(32)
        let parameters = try development.rollupParameters(genesisNonce: nonce)
        let accounts = try (0..<DevnetOptions.walletCount).map { number in
            let seed = try walletSeed(root, number)
            guard let bytes = seed.withUnsafeBytes({ Bytes32($0) }) else {
                preconditionFailure("a wallet's seed has 32 bytes")
            }
            let wallet = try Wallet(
                seed: bytes, keyState: WalletKeyState(newAccount: UInt32(number)),
                parameters: parameters)
            return NetworkDocument.Rollup.Account(
                authenticationKey: wallet.authenticationKey.hex,
                balance: 10_000 * Amount.unitsPerIDE)
        }
        let document = development.document(
            genesisNonce: nonce.hex, beacon: randomBytes(32).hex,
            authority: try KeyFileStore.read(path(root, "keys/settlement.key")).publicKeys[0].hex,
            bootstrap: members.map(\.address), accounts: accounts,
            operators: members.map {
                .init(role: $0.duty.rawValue, key: $0.key.hex, vrfKey: $0.vrfKey)
            }, ledgerAccounts: [])
        try LocalFile.create(
            path(root, "network.json"), [UInt8](document.encoded()), mode: 0o644)
    }
}
