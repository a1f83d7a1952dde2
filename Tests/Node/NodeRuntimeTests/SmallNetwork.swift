import Connection
import Cryptography
import Foundation
import Ledger
import Logging
import NetworkFile
import NodeCore
import NodeProofs
import NodeRuntime
import Payments
import Primitives
import ProofFixtures
import SettlementLog
import Storage
import TransportNIO

/// A network of one sequencer and two provers on this machine: short phases, one payment a leaf,
/// real proofs of the smallest profile. That is none that a network file may name: the file's keys
/// are of no circuit, and the nodes get theirs beside it.
final class SmallNetwork: Sendable {
    static let tick = Duration.milliseconds(50)
    static let memberCount = 3

    let description: NetworkDescription
    let circuits: ProvingCircuits
    let directory = TemporaryDirectory()

    /// - Parameters:
    ///   - leafTicks: after which a leaf's sibling stands in.
    ///   - hasOtherCircuits: whether the file names other keys than it does otherwise.
    init(leafTicks: UInt64 = 400, hasOtherCircuits: Bool = false) throws {
        description = try NetworkDescription(
            document: Self.document(
                leafTicks: leafTicks, hasOtherCircuits: hasOtherCircuits))
        circuits = try TinyCircuits.get()
        try FileManager.default.createDirectory(
            atPath: directory.path, withIntermediateDirectories: true)
    }

    static func seed(_ number: UInt8, _ use: UInt8) -> SecretBytes {
        SecretBytes(copying: [UInt8](repeating: number, count: 31) + [use])
    }

    static func secrets(_ member: Int) throws -> NodeSecrets {
        let number = UInt8(member + 1)
        return try NodeSecrets(
            operatorSeed: seed(number, 1), vrfSeed: seed(number, 2), peerSeed: seed(number, 3))
    }

    static func authority() throws -> SigningKey { try SigningKey(seed: seed(99, 1)) }

    static func wallet(_ number: UInt8, _ parameters: RollupParameters) throws -> Wallet {
        try Wallet(
            seed: Bytes32(words: 5, 5, 5, UInt64(number)),
            keyState: WalletKeyState(newAccount: UInt32(number)), parameters: parameters)
    }

    // MARK: The log

    /// - Parameter name: another name is another database, so another chain.
    func openLog(_ name: String = "log") throws -> EmbeddedLog {
        try EmbeddedLog(
            path: "\(directory.path)/\(name).sqlite",
            parameters: SettlementLogParameters(
                networkID: description.networkID, policyHash: description.policyHash,
                tick: Self.tick), key: try Self.authority(),
            ledger: try LedgerState(genesis: description.genesis, rules: description.rules),
            judge: try judge())
    }

    private func judge() throws -> RollupJudge {
        // Another one each time: the log before may not be gone.
        let verdicts = try EventLog(
            directory: "\(directory.path)/verdicts-\(UUID().uuidString)",
            networkID: description.networkID)
        return RollupJudge(
            networkID: description.networkID, rollup: description.rollupGenesis,
            verifier: circuits.verifier, book: VerdictBook(eventLog: verdicts))
    }

    // MARK: Nodes

    func configuration(
        _ member: Int, settlementPort: Int, peers: [Multiaddress] = []
    ) throws -> NodeConfiguration {
        NodeConfiguration(
            network: description, roles: member == 0 ? .sequencer : .prover,
            dataDirectory: dataDirectory(member),
            listenAddresses: [try Multiaddress("/ip4/127.0.0.1/tcp/0")], peers: peers,
            connectionLimits: .devnet, settlementHost: "127.0.0.1",
            settlementPort: settlementPort,
            parameters: NodeParameters(feeShare: .zero, capacity: 64, minFeePerUnit: .zero),
            provingThreadCount: 1, agentVersion: "test")
    }

    func dataDirectory(_ member: Int) -> String { "\(directory.path)/node-\(member)" }

    func openEventLog(_ member: Int) throws -> EventLog {
        try EventLog(directory: dataDirectory(member), networkID: description.networkID)
    }

    /// - Parameter prover: in whose name it proves; a node's own, unless it lies.
    func core(as prover: OperatorKey) -> ProvingCore {
        ProvingCore(networkID: description.networkID, prover: prover, circuits: circuits)
    }

    /// - Parameter core: nil for one of the network's circuits.
    func node(
        _ configuration: NodeConfiguration, member: Int, core: DeferredCore? = nil
    ) throws -> RunningNode {
        let secrets = try Self.secrets(member)
        let own = self.core(as: secrets.key)
        let core = core ?? DeferredCore { own }
        var logger = Logger(label: "node-\(member)")
        logger.logLevel = .critical
        return try RunningNode(
            configuration: configuration, secrets: secrets, verifier: circuits.verifier,
            core: configuration.roles.contains(.prover) ? core : nil,
            host: try RunningNode.makeHost(configuration, secrets: secrets),
            eventLog: try openEventLog(member),
            client: SettlementClient(
                parameters: SettlementClientParameters(
                    host: "127.0.0.1", port: configuration.settlementPort,
                    networkID: description.networkID, policyHash: description.policyHash,
                    authority: description.genesis.settlementAuthority, tick: Self.tick)),
            logger: logger)
    }
}

extension SmallNetwork {
    private static func document(
        leafTicks: UInt64, hasOtherCircuits: Bool
    ) throws -> NetworkDocument {
        let nonce = TinyCircuits.genesisNonce
        let rollup = try RollupParameters(
            networkID: NetworkID(genesisNonce: nonce), accountTreeDepth: 4, keyTreeHeight: 4,
            leafCapacity: 1, maximumLeafCount: 4)
        return NetworkDocument(
            format: NetworkDocument.format, name: "small", genesisNonce: nonce.hex,
            settlement: .init(
                url: "http://127.0.0.1:1", authority: try authority().publicKey.hex,
                tickMilliseconds: 50),
            bootstrap: [],
            rollup: .init(
                accountTreeDepth: rollup.accountTreeDepth, keyTreeHeight: rollup.keyTreeHeight,
                leafCapacity: rollup.leafCapacity,
                maxLeaves: rollup.maximumLeafCount,
                accounts: try (0..<2).map {
                    .init(
                        authenticationKey: try wallet($0, rollup).authenticationKey.hex,
                        balance: 1_000_000)
                }),
            proofs: proofs(ofOtherCircuits: hasOtherCircuits),
            slots: .init(firstSlotHeight: 10, lag: 2, evidenceExpiryTicks: 2_000),
            fernet: .init(
                proposeTicks: 10, openTicks: 10, revealTicks: 10, provingTicks: 900,
                score: "literal", feeShareWeight: 0),
            election: .init(
                weighting: "uniform", leafTicks: leafTicks, mergeTicks: leafTicks / 4,
                stepTicks: leafTicks / 8),
            rewards: .init(
                blockReward: 128_000_000_000, leafWeight: 1, mergeWeight: 1, forfeit: "burn"),
            penalties: .init(equivocation: 1_000, noReveal: 100, reporterShare: 500),
            fees: .init(
                transfer: 1, register: 1, intents: 1, proofCommitment: 1, rootProof: 1,
                evidence: 1, exit: 1, account: 1),
            stakes: .init(
                sequencerMinimum: 1_000, builderMinimum: 1_000, proverMinimum: 1_000,
                ejection: 5_000, exitDelayTicks: 2_000),
            genesis: try genesis())
    }

    private static func proofs(ofOtherCircuits: Bool) -> NetworkDocument.Proofs {
        var proofs = NetworkDocument.Proofs.pending(.fast)
        if ofOtherCircuits { swap(&proofs.leafKey, &proofs.mergeKey) }
        return proofs
    }

    private static func genesis() throws -> NetworkDocument.Genesis {
        let members = try (0..<memberCount).map { try secrets($0) }
        return .init(
            beacon: String(repeating: "09", count: 32),
            accounts: members.map { .init(key: $0.key.hex, balance: 1_000_000) },
            registrants: members.enumerated().map { index, member in
                .init(
                    role: index == 0 ? "sequencer" : "prover", key: member.key.hex,
                    vrfKey: member.vrfPublicKey.hex, stake: 1_000)
            },
            offers: members.dropFirst().map {
                .init(
                    key: $0.key.hex, sequence: 1, firstSlot: 0, lastSlot: 63, capacity: 64,
                    minFeePerUnit: 0)
            })
    }
}
