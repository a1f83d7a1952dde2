import Cryptography
import Ledger
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives
import SettlementLog
import Testing

/// A running node and its operator's order to leave.
@Suite(.serialized) struct LeavingNodeTests {
    private static let member = 1

    private func request(
        height: UInt64, withdrawTo: OperatorKey? = nil, in network: SmallNetwork, by signer: Int = 1
    ) throws -> LeaveRequest {
        let secrets = try SmallNetwork.secrets(Self.member)
        let message = LeaveRequest.signedBytes(
            networkID: network.description.networkID, key: secrets.key, height: Height(height),
            withdrawTo: withdrawTo)
        return LeaveRequest(
            height: Height(height), withdrawTo: withdrawTo,
            signature: try SmallNetwork.secrets(signer).sign(message))
    }

    private func fold(_ count: UInt64, _ node: RunningNode) async throws {
        let watch = try #require(await node.watch())
        if let height = await node.snapshot().height, height.number + 1 >= count { return }
        for await report in watch {
            if case .folded(let height, _) = report, height.number + 1 >= count { return }
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `an order to leave is kept before it is answered, and reaches the log after a restart`()
        async throws
    {
        let network = try SmallNetwork()
        let recipient = OperatorKey(try SigningKey(seed: SmallNetwork.seed(77, 1)).publicKey)
        let first = try await RunningLog(network.openLog())
        for time in UInt64(0)..<12 { try await first.log.produceBlock(timeMilliseconds: time) }
        do {
            let node = try network.node(
                network.configuration(Self.member, settlementPort: first.port),
                member: Self.member)
            let running = Task { try await node.run() }
            try await fold(12, node)
            // The log is gone before the order comes.
            await first.stop()
            let order = try request(height: 11, withdrawTo: recipient, in: network)
            let progress = try await node.leave(order)
            #expect(progress.standings.map(\.role) == [.prover])
            #expect(progress.withdrawTo == recipient)
            #expect(try await node.leave(order) == progress)
            let other = try request(height: 11, withdrawTo: node.key, in: network)
            await #expect(throws: LeaveRefusal.otherRecipient(recipient)) {
                _ = try await node.leave(other)
            }
            running.cancel()
            _ = await running.result
        }
        try await first.log.close()
        let second = try await RunningLog(network.openLog())
        let node = try network.node(
            network.configuration(Self.member, settlementPort: second.port),
            member: Self.member)
        let watch = try #require(await node.watch())
        let running = Task { try await node.run() }
        await second.startClock()
        for await report in watch {
            if case .registration(.prover, .exiting, _) = report { break }
        }
        await second.stop()
        running.cancel()
        _ = await running.result
    }

    @Test(.timeLimit(.minutes(1)))
    func `nobody but the operator, and no old word, makes a node leave`() async throws {
        let network = try SmallNetwork()
        let log = try await RunningLog(network.openLog())
        for time in UInt64(0)..<120 { try await log.log.produceBlock(timeMilliseconds: time) }
        let node = try network.node(
            network.configuration(Self.member, settlementPort: log.port), member: Self.member)
        let running = Task { try await node.run() }
        try await fold(120, node)
        let forged = try request(height: 119, in: network, by: 2)
        await #expect(throws: LeaveRefusal.wrongSignature) { _ = try await node.leave(forged) }
        for height in [UInt64(0), 19, 120, .max] {
            let late = try request(height: height, in: network)
            await #expect(
                throws: LeaveRefusal.wrongHeight(current: Height(119), found: Height(height))
            ) { _ = try await node.leave(late) }
        }
        let oldest = try await node.leave(request(height: 20, in: network))
        #expect(oldest.height == Height(119))
        await log.stop()
        running.cancel()
        _ = await running.result
    }
}
