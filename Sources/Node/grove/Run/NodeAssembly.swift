import Bundle
import Cryptography
import Ledger
import Logging
import Messages
import NetworkFile
import NodeRuntime
import Payments
import PaymentsCircuit
import Primitives
import SettlementLog
import Storage
import TransportNIO

/// Puts a node together out of its parts.
enum NodeAssembly {
    /// Builds the leaf circuit (about a second) and opens the data directory; nothing runs yet.
    static func make(
        _ configuration: NodeConfiguration, secrets: NodeSecrets, logger: Logger
    ) throws -> RunningNode {
        let network = configuration.network
        let eventLog = try openEventLog(configuration, key: secrets.key)
        let circuit = try LeafCircuit(network: network)
        try checkRootSize(circuit, network)
        let core = BundleProvingCore(
            networkID: network.networkID, prover: secrets.key, leafSystem: circuit,
            sign: { secrets.sign($0) })
        return try RunningNode(
            configuration: configuration, secrets: secrets, core: core,
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

    /// A bundle holds every leaf proof of its block, and must fit the log's transactions.
    private static func checkRootSize(
        _ circuit: LeafCircuit, _ network: NetworkDescription
    ) throws(CommandFailure) {
        let leafByteCount = LeafVerifier(key: circuit.verifyingKey).proofByteCount + 512
        let limit = MessagesParameters.maximumProofByteCount
        let fitting = limit / leafByteCount
        guard network.rollup.maximumLeafCount <= fitting else {
            throw CommandFailure(
                .usage,
                "the network's blocks have up to \(network.rollup.maximumLeafCount) leaves, but a "
                    + "root proof of more than \(fitting) does not fit \(limit) bytes; lower maxLeaves"
            )
        }
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
