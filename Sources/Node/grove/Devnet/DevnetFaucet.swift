import Cryptography
import Faucet
import Ledger
import Logging
import NIOCore
import NetworkFile
import Primitives
import SettlementLog
import Storage

/// The faucet inside a devnet's own process: only this process holds its key.
struct DevnetFaucet: Sendable {
    let site: DevnetSite

    func run() async throws {
        let desk = try desk()
        let address = site.options.listen
        let port = site.faucetPort
        let file = try LocalFile.read(site.networkPath, atMost: NetworkDocument.maximumByteCount)
        let server = FaucetServer(desk: desk, networkFile: file, host: address.text, port: port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await desk.run() }
            group.addTask {
                do {
                    try await server.run()
                } catch let error as IOError {
                    throw CommandFailure(
                        .environment,
                        "the faucet cannot listen at \(address.authority(port: port)): \(error); "
                            + "stop what listens there, or use another data directory")
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func desk() throws -> FaucetDesk {
        let keystore = try KeyFileStore.open(site.faucetKeyPath, expecting: .node) {
            SecretBytes(copying: try LocalFile.read(site.passphrasePath, atMost: 1_024))
        }
        let network = site.network
        let client = NodeAssembly.settlementClient(
            of: network, host: site.options.local.text, port: site.settlementPort)
        let stakes = network.rules.stakes
        let stake = max(stakes.minimum(for: .prover), stakes.minimum(for: .sequencer))
        return try FaucetDesk(
            signingKey: try SigningKey(seed: keystore.operatorSeed()),
            networkID: network.networkID,
            amount: try stake.adding(FaucetParameters.feeAllowance),
            fee: try network.rules.fees.transfer.adding(network.rules.fees.account),
            funds: Amount(units: DevnetOptions.faucetFunds),
            eventLog: try EventLog(directory: site.faucetDataPath, networkID: network.networkID),
            logger: Logger(label: "faucet")
        ) { transaction in
            _ = try await client.submit(transaction)
        }
    }
}

extension DevnetSite {
    /// The other members, as `member` dials them: what the network file advertises may not be
    /// reached from inside.
    func peers(of member: DevnetMember) -> String {
        members.filter { $0.name != member.name && $0.localAddress != $0.address }
            .map(\.localAddress).joined(separator: ",")
    }
}
