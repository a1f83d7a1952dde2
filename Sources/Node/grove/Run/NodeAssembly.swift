import Cryptography
import Field
import Ledger
import Logging
import NetworkFile
import NodeCore
import NodeProofs
import NodeRuntime
import Primitives
import SettlementLog
import Storage
import TransportNIO

/// Puts a node together out of its parts.
enum NodeAssembly {
    /// Opens the data directory; nothing runs yet. A prover's circuits are built by the running node.
    static func make(
        _ configuration: NodeConfiguration, secrets: NodeSecrets, logger: Logger
    ) throws -> RunningNode {
        let network = configuration.network
        let eventLog = try openEventLog(configuration, key: secrets.key)
        let key = secrets.key
        let core =
            configuration.roles.contains(.prover)
            ? DeferredCore { try provingCore(of: network, key: key, logger: logger) } : nil
        return try RunningNode(
            configuration: configuration, secrets: secrets,
            verifier: NodeVerifier(network: network), core: core,
            host: try RunningNode.makeHost(configuration, secrets: secrets),
            eventLog: eventLog,
            client: settlementClient(
                of: network, host: configuration.settlementHost,
                port: configuration.settlementPort),
            logger: logger)
    }

    private static func openEventLog(
        _ configuration: NodeConfiguration, key: OperatorKey
    ) throws(CommandFailure) -> EventLog {
        let network = configuration.network
        do throws(StorageError) {
            let eventLog = try EventLog(
                directory: configuration.dataDirectory, networkID: network.networkID)
            try eventLog.claim(operatorKey: key, policyHash: network.policyHash)
            return eventLog
        } catch {
            let failure = CommandFailure(error)
            throw CommandFailure(
                failure.kind, "\(configuration.dataDirectory): \(failure.message)")
        }
    }

    private static func provingCore(
        of network: NetworkDescription, key: OperatorKey, logger: Logger
    ) throws -> ProvingCore {
        let start = ContinuousClock.now
        logger.info("kernel in use", metadata: ["instructions": "\(InstructionSet.inUse)"])
        logger.info(
            "building circuits", metadata: ["profile": "\(network.proofs.profile.rawValue)"])
        let circuits = try ProvingCircuits(network: network)
        logger.info("circuits are built", metadata: ["after": "\(ContinuousClock.now - start)"])
        return ProvingCore(networkID: network.networkID, prover: key, circuits: circuits)
    }

    static func settlementClient(
        of network: NetworkDescription, host: String, port: Int
    ) -> SettlementClient {
        SettlementClient(
            parameters: SettlementClientParameters(
                host: host, port: port, networkID: network.networkID,
                policyHash: network.policyHash,
                authority: network.genesis.settlementAuthority,
                tick: .milliseconds(Int64(network.tickMilliseconds))))
    }
}
