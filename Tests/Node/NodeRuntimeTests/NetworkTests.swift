import Cryptography
import Ledger
import Messages
import NetworkFile
import NodeCore
import NodeRuntime
import Payments
import Primitives
import SettlementLog
import Storage
import Testing

/// Whole nodes in one process, over real sockets.
@Suite(.serialized) struct NetworkTests {
    /// Longest that a node may take to end, once it is cancelled.
    private static let patience = Duration.seconds(1)

    @Test(.timeLimit(.minutes(1)))
    func `a block of several leaves is proven, final and equal everywhere, and survives a restart`()
        async throws
    {
        let network = try SmallNetwork()
        try Self.leaveTransactionWithGap(in: network)
        let log = try network.openLog()
        let server = try await RunningLog(log)
        let nodes = try await RunningNodes(network, settlementPort: server.port)
        let watches = try await nodes.watchAll()
        try await Self.pay(nodes.nodes[0], network)
        await server.startClock { await nodes.haveFolded($0) }
        for watch in watches {
            let blocks = await Self.finalBlocks(watch, through: Slot(2))
            #expect(blocks.contains { $0.leafCount >= 2 })
        }
        await server.stop()
        let height = try #require(await log.height)
        for node in nodes.nodes { await Self.wait(for: height, in: node) }
        let roots = await nodes.snapshots().map(\.ledgerRoot)
        #expect(Set(roots).count == 1)
        try await Self.checkTransactionWithGap(log, network)
        let books = await nodes.nodes[1].ownTotals
        #expect(books.provenUnits > 0)
        #expect(try await nodes.stop() < Self.patience)
        // Slot 0's proofs are two slots old.
        for member in 1..<SmallNetwork.memberCount {
            #expect(try network.openEventLog(member).lastSequence(of: .proof) == nil)
        }

        // Nobody answers any more: what it knows is what it has on disk.
        let again = try network.node(
            network.configuration(1, settlementPort: server.port), member: 1)
        let running = Task { try await again.run() }
        await Self.wait(for: height, in: again)
        #expect(await again.snapshot().ledgerRoot == roots[0])
        #expect(await again.ownTotals == books)
        let start = ContinuousClock.now
        running.cancel()
        _ = await running.result
        #expect(ContinuousClock.now - start < Self.patience)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a log that has lost blocks, or has others, ends the node with a clear error`()
        async throws
    {
        let network = try SmallNetwork()
        let first = try await RunningLog(network.openLog())
        for time in 0..<5 { try await first.log.produceBlock(timeMilliseconds: UInt64(time)) }
        do {
            let node = try network.node(
                network.configuration(1, settlementPort: first.port), member: 1)
            let running = Task { try await node.run() }
            await Self.wait(for: Height(4), in: node)
            running.cancel()
            _ = await running.result
        }
        await first.stop()
        let other = try await RunningLog(network.openLog("other"))
        for time in 10..<13 { try await other.log.produceBlock(timeMilliseconds: UInt64(time)) }
        let configuration = try network.configuration(1, settlementPort: other.port)
        let behind = SettlementLogFault.behind(expected: Height(4), found: Height(2))
        await #expect(throws: behind) {
            try await network.node(configuration, member: 1).run()
        }
        for time in 13..<20 { try await other.log.produceBlock(timeMilliseconds: UInt64(time)) }
        // Its block 4 follows another one than ours.
        await #expect {
            try await network.node(configuration, member: 1).run()
        } throws: { error in
            guard case SettlementClientError.chain(.fork) = error else {
                return error as? SettlementLogFault == .otherBlock(Height(4))
            }
            return true
        }
        await other.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node that cannot keep what it signs halts and says why`() async throws {
        let network = try SmallNetwork()
        do {
            let eventLog = try network.openEventLog(0)
            try eventLog.commit([
                .statement(duty: Array("log/fernet-commit/0".utf8), content: [1, 2, 3])
            ])
        }
        let server = try await RunningLog(network.openLog())
        let node = try network.node(
            network.configuration(0, settlementPort: server.port), member: 0)
        await server.startClock()
        await #expect(throws: NodeHalt.self) { try await node.run() }
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `a node that is cancelled while it waits, folds or proves ends at once`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let nodes = try await RunningNodes(network, settlementPort: server.port)
        let watches = try await nodes.watchAll()
        try await Self.pay(nodes.nodes[0], network)
        await server.startClock()
        proving: for await report in watches[1] {
            if case .proving = report { break proving }
        }
        #expect(try await nodes.stop() < Self.patience)
        await server.stop()
    }

    // MARK: Steps

    /// What a node has signed and lost the answer to: a transfer whose nonce the log cannot take.
    private static func leaveTransactionWithGap(in network: SmallNetwork) throws {
        let secrets = try SmallNetwork.secrets(0)
        let transaction = MessageCodec.transaction(
            .transfer(Transfer(recipient: secrets.key, amount: Amount(units: 1))),
            networkID: network.description.networkID, key: secrets.key, nonce: 5,
            sign: { secrets.sign($0) })
        let book = StatementBook(eventLog: try network.openEventLog(0))
        try book.record(
            SubmissionAttempt(duty: Duty("transfer"), number: 0, transaction: transaction))
    }

    /// It was signed again under the right nonce, and its key's later ones followed.
    private static func checkTransactionWithGap(
        _ log: EmbeddedLog, _ network: SmallNetwork
    ) async throws {
        let key = try SmallNetwork.secrets(0).key
        var own: [LedgerTransaction] = []
        var next = Height(0)
        while true {
            let page = try await log.encodedBlocks(from: next, limit: 256)
            if page.isEmpty { break }
            for bytes in page {
                let block = try MessageCodec.decodeLogBlock(bytes)
                own += block.transactions.filter { $0.key == key }
                next = block.height.advanced(by: 1)
            }
        }
        #expect(own.first?.kind == .transfer)
        #expect(own.map(\.nonce) == (0..<own.count).map { UInt64($0 + 1) })
        #expect(own.contains { $0.kind == .election })
    }

    static func pay(_ node: RunningNode, _ network: SmallNetwork) async throws {
        for account in 0..<2 {
            var wallet = try SmallNetwork.wallet(UInt8(account), network.description.rollup)
            for nonce in 0..<2 {
                let payment = try wallet.sign(
                    PaymentOrder(
                        recipient: UInt32(1 - account), recipientKey: nil,
                        amount: Amount(units: 10), fee: Amount(units: 3),
                        nonce: UInt64(nonce)))
                #expect(await node.offer(payment) == .accepted)
            }
        }
    }

    /// Until `slot` ends.
    static func finalBlocks(
        _ reports: AsyncStream<NodeReport>, through slot: Slot
    ) async -> [FinalBlock] {
        var blocks: [FinalBlock] = []
        for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for event in events {
                switch event {
                case .finalised(let block):
                    blocks.append(block)
                    if block.slot >= slot { return blocks }
                case .skipped(let skipped, _, _) where skipped >= slot:
                    return blocks
                default:
                    break
                }
            }
        }
        return blocks
    }

    private static func wait(for height: Height, in node: RunningNode) async {
        guard let reports = await node.watch() else { return }
        if let folded = await node.snapshot().height, folded >= height { return }
        for await report in reports {
            if case .folded(let folded, _) = report, folded >= height { return }
        }
    }
}
