import Cryptography
import Ledger
import Messages
import NetworkFile
import NodeCore
import NodeRuntime
import Primitives
import SettlementLog
import Storage
import Testing

/// A running node and its operator's orders to send.
@Suite(.serialized) struct SendingNodeTests {
    private static let member = 1
    private static let amount = Amount(units: 5_000)

    private func friend() throws -> OperatorKey {
        OperatorKey(try SigningKey(seed: SmallNetwork.seed(77, 1)).publicKey)
    }

    private func request(
        height: UInt64, amount: Amount = SendingNodeTests.amount, in network: SmallNetwork,
        by signer: Int = 1
    ) throws -> SendRequest {
        let recipient = try friend()
        let message = SendRequest.signedBytes(
            networkID: network.description.networkID,
            key: try SmallNetwork.secrets(Self.member).key,
            height: Height(height), recipient: recipient, amount: amount)
        return SendRequest(
            height: Height(height), recipient: recipient, amount: amount,
            signature: try SmallNetwork.secrets(signer).sign(message))
    }

    private func start(
        _ network: SmallNetwork, _ log: RunningLog
    ) throws -> (RunningNode, Task<Void, any Error>) {
        let node = try network.node(
            network.configuration(Self.member, settlementPort: log.port), member: Self.member)
        return (node, Task { try await node.run() })
    }

    /// Sees also what is folded from disk.
    private func startWatched(
        _ network: SmallNetwork, _ log: RunningLog
    ) async throws -> (RunningNode, Task<Void, any Error>, AsyncStream<NodeReport>) {
        let node = try network.node(
            network.configuration(Self.member, settlementPort: log.port), member: Self.member)
        let watch = try #require(await node.watch())
        return (node, Task { try await node.run() }, watch)
    }

    /// Asks after each block until the node knows the whole log.
    private func progress(
        of order: SendRequest, _ node: RunningNode, _ watch: AsyncStream<NodeReport>
    ) async throws -> SendProgress? {
        for await _ in watch {
            do {
                return try await node.send(order)
            } catch SendRefusal.behind {
                continue
            }
        }
        return nil
    }

    /// Until `count` blocks are folded.
    private func fold(_ count: UInt64, _ node: RunningNode) async throws {
        let watch = try #require(await node.watch())
        if let height = await node.snapshot().height, height.number + 1 >= count { return }
        for await report in watch {
            if case .folded(let height, _) = report, height.number + 1 >= count { return }
        }
    }

    private func end(_ running: Task<Void, any Error>) async {
        running.cancel()
        _ = await running.result
    }

    /// How often the log's blocks pay the friend: until the first time, and in so many blocks more as
    /// a node waits before it hands a transfer over again.
    private func payments(in watch: AsyncStream<NodeReport>) async throws -> Int {
        let friend = try friend()
        var count = 0
        var remaining = NodeParameters.sendPatienceTicks + 4
        for await report in watch {
            guard case .folded(_, let events) = report else { continue }
            for case .transferred(_, _, friend, Self.amount) in events { count += 1 }
            if count > 0 { remaining -= 1 }
            if remaining == 0 { break }
        }
        return count
    }

    @Test(.timeLimit(.minutes(1)))
    func `an order to send is kept before it is answered, and paid once after a restart`()
        async throws
    {
        let network = try SmallNetwork()
        let first = try await RunningLog(network.openLog())
        for time in UInt64(0)..<12 { try await first.log.produceBlock(timeMilliseconds: time) }
        let order = try request(height: 11, in: network)
        do {
            let (node, running) = try start(network, first)
            try await fold(12, node)
            // The log is gone before the order comes.
            await first.stop()
            let progress = try await node.send(order)
            #expect(progress.isNew && progress.order.amount == Self.amount)
            let again = try await node.send(order)
            #expect(!again.isNew && again.order == progress.order)
            await end(running)
        }
        try await first.log.close()
        let second = try await RunningLog(network.openLog())
        await second.startClock()
        for _ in 0..<2 {
            let (node, running, watch) = try await startWatched(network, second)
            #expect(try await payments(in: watch) == 1)
            guard case .paid = try await progress(of: order, node, watch)?.state else {
                Issue.record("the order is not paid")
                return
            }
            let friend = try friend()
            #expect(await node.machine.ledger.balance(of: friend) == Self.amount)
            await end(running)
        }
        await second.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a transaction whose nonce is used is signed again only once the ledger shows that`()
        async throws
    {
        let network = try SmallNetwork()
        let networkID = network.description.networkID
        let secrets = try SmallNetwork.secrets(Self.member)
        let order = try request(height: 11, in: network)
        let id = order.id(of: secrets.key, networkID: networkID)
        let log = try await RunningLog(network.openLog())
        for time in UInt64(0)..<12 { try await log.log.produceBlock(timeMilliseconds: time) }
        do {
            let (node, running) = try start(network, log)
            try await fold(12, node)
            await log.stop()
            _ = try await node.send(order)
            await end(running)
        }
        do {
            // Signed and never sent, while the key's nonce went to something else.
            let transfer = Transfer(recipient: try friend(), amount: Self.amount)
            let lost = MessageCodec.transaction(
                .transfer(transfer), networkID: networkID, key: secrets.key, nonce: 1,
                sign: { secrets.sign($0) })
            let book = StatementBook(eventLog: try network.openEventLog(Self.member))
            let duty = SendingDuty.duty(of: id, number: 0)
            if try book.lastAttempt(for: duty) == nil {
                try book.record(SubmissionAttempt(duty: duty, number: 0, transaction: lost))
            }
        }
        try await log.log.close()
        let second = try await RunningLog(network.openLog())
        let other = MessageCodec.transaction(
            .transfer(Transfer(recipient: secrets.key, amount: Amount(units: 1))),
            networkID: networkID, key: secrets.key, nonce: 1, sign: { secrets.sign($0) })
        _ = try await second.log.submit(
            other, byteCount: MessageCodec.encode(other).count)
        let (_, running, watch) = try await startWatched(network, second)
        await second.startClock()
        #expect(try await payments(in: watch) == 1)
        await end(running)
        await second.stop()
        let book = StatementBook(eventLog: try network.openEventLog(Self.member))
        let last = try book.lastAttempt(for: SendingDuty.duty(of: id, number: 1))
        #expect((last?.attempt.transaction.nonce ?? 0) > 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func `nobody but the operator, and no old word, makes a node send`() async throws {
        let network = try SmallNetwork()
        let log = try await RunningLog(network.openLog())
        for time in UInt64(0)..<120 { try await log.log.produceBlock(timeMilliseconds: time) }
        let order = try request(height: 119, in: network)
        do {
            let (node, running) = try start(network, log)
            try await fold(120, node)
            let forged = try request(height: 119, in: network, by: 2)
            await #expect(throws: SendRefusal.wrongSignature) { _ = try await node.send(forged) }
            // Before the node knew all of the log, another run may have known and forgotten it.
            for height in [UInt64(0), 19, 117, 120, .max] {
                let late = try request(height: height, in: network)
                await #expect(
                    throws: SendRefusal.wrongHeight(current: Height(119), found: Height(height))
                ) { _ = try await node.send(late) }
            }
            let much = try request(height: 119, amount: Amount(units: 1_000_000), in: network)
            await #expect(
                throws: SendRefusal.insufficientBalance(
                    held: Amount(units: 1_000_000), free: Amount(units: 999_999),
                    needed: Amount(units: 1_000_002))
            ) { _ = try await node.send(much) }
            #expect(try await node.send(order).isNew)
            await end(running)
        }
        await log.stop()
    }
}
