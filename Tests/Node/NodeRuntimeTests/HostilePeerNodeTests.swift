import Connection
import Cryptography
import Ledger
import Messages
import NetworkFile
import NodeCore
import NodeRuntime
import Payments
import Peering
import Primitives
import ProofTree
import ProverElection
import SettlementLog
import TestSupport
import Testing
import TransportNIO

/// Whole nodes beside a prover that lies, and promises that the log breaks.
@Suite(.serialized, .timeLimit(.minutes(1))) struct HostilePeerNodeTests {
    /// Until the leader's election of a block with several leaves.
    private static func election(
        _ reports: AsyncStream<NodeReport>
    ) async -> (slot: Slot, assignment: TreeAssignment)? {
        for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for case .elected(let slot, _, let assignment) in events
            where assignment.shape.leafCount > 1 {
                return (slot, assignment)
            }
        }
        return nil
    }

    private static func finalBlock(
        of slot: Slot, _ reports: AsyncStream<NodeReport>
    ) async -> FinalBlock? {
        for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for case .finalised(let block) in events where block.slot == slot { return block }
            for case .skipped(slot, _, _) in events { return nil }
        }
        return nil
    }

    /// A sequencer and an honest prover beside a prover that tells `lies` about its leaf: the honest
    /// one stands in, and the block becomes final without the liar.
    ///
    /// - Returns: what the honest prover dropped, and how often.
    private static func settle(
        despite lies: [LyingProver.Lie], leafTicks: UInt64
    ) async throws -> [String: UInt64] {
        let network = try SmallNetwork(leafTicks: leafTicks)
        let server = try await RunningLog(network.openLog())
        let nodes = try await RunningNodes(
            network, settlementPort: server.port, members: 0..<2)
        let honest = nodes.nodes[1]
        let watches = try await nodes.watchAll()
        let addresses = try await honest.listen()
        let liar = try LyingProver(network, member: 2, peers: addresses)
        let lying = Task { try await liar.run() }
        let honestPeer = try #require(addresses.first?.peerID)
        try await until { liar.host.connectedPeers.contains(honestPeer) }
        // Two leaves: each prover has one, and stands in for the other.
        for account in 0..<2 {
            var wallet = try SmallNetwork.wallet(UInt8(account), network.description.rollup)
            let payment = try wallet.sign(
                PaymentOrder(
                    recipient: UInt32(1 - account), recipientKey: nil,
                    amount: Amount(units: 10), fee: Amount(units: 3), nonce: 0))
            #expect(await nodes.nodes[0].offer(payment) == .accepted)
        }
        await server.startClock { await nodes.haveFolded($0) }
        let (slot, assignment) = try #require(await election(watches[1]))
        let reveal = try #require(await honest.machine.ledger.slot?.reveal)
        let executed = BlockAssembly.execute(
            BlockReveal(header: reveal.header, body: reveal.body),
            on: network.description.rollupGenesis
        ).executed
        let block = LyingProver.Block(
            header: reveal.header, executed: try #require(executed), honest: honest.key)
        // The honest prover is the sibling of the liar's leaf, and looks.
        for range in assignment.shape.nodes
        where range.isLeaf && assignment.prover(of: range) == liar.key {
            try liar.lie(lies, about: range, of: slot, in: block, to: honestPeer)
        }
        let final = await finalBlock(of: slot, watches[0])
        let drops = await honest.snapshot().drops
        #expect(final?.leafCount == assignment.shape.leafCount, "\(drops)")
        let paid = final?.payouts.filter { $0.key == liar.key } ?? []
        #expect(paid.isEmpty)
        #expect(try await nodes.stop() < .seconds(1))
        lying.cancel()
        _ = await lying.result
        await server.stop()
        return drops.reduce(into: [:]) { $0[$1.name, default: 0] += $1.count }
    }

    @Test(arguments: LyingProver.Lie.allCases)
    func `a prover that lies about its proof is found out, stood in for and not paid`(
        lie: LyingProver.Lie
    ) async throws {
        let drops = try await Self.settle(despite: [lie], leafTicks: 40)
        #expect(drops["invalidProof", default: 0] == (lie.isInvalidProof ? 1 : 0), "\(drops)")
        for fault in lie.faults { #expect(drops[fault, default: 0] > 0, "\(drops)") }
    }

    @Test func `a prover with many lies about one leaf is stood in for after the first`()
        async throws
    {
        let drops = try await Self.settle(
            despite: LyingProver.Lie.withoutProofs, leafTicks: 40)
        #expect(
            drops.contains { $0.key.hasPrefix("fault.") || $0.key == "invalidProof" }, "\(drops)")
    }

    @Test func `a receipt whose transaction never comes is noticed at its last height`() throws {
        func receipt(_ number: UInt64, by height: UInt64) throws -> Receipt {
            Receipt(
                transactionID: taggedHash("receipt", .integer(number)),
                lastInclusionHeight: Height(height),
                signature: try #require(Signature([UInt8](repeating: 0, count: 64))))
        }
        func block(_ height: UInt64) throws -> LogBlock {
            let header = LogHeader(
                height: Height(height), timeMilliseconds: 0, previousHash: .zero,
                transactionsHash: .zero)
            return LogBlock(
                header: SignedLogHeader(
                    header: header,
                    signature: try #require(Signature([UInt8](repeating: 0, count: 64)))),
                transactions: [])
        }
        var book = ReceiptBook()
        let (first, second) = (try receipt(1, by: 4), try receipt(2, by: 5))
        for receipt in [first, second, first] { book.add(receipt) }
        #expect(book.count == 2)
        let blocks = try (3...5).map { try block($0) }
        let broken = blocks.map { book.folded($0) }
        #expect(broken == [[], [first], [second]])
        #expect(book.count == 0)
    }
}
