import Cryptography
import Ledger
import NetworkFile
import NodeCore
import NodeRuntime
import Payments
import Primitives
import SettlementLog
import TestSupport
import Testing

/// A wallet that signs nonces anew, as one does that has lost its memory, leaves payments behind
/// whose one-time keys its account passes: no block can hold them, and they may hold up nobody.
@Suite(.serialized) struct OvertakenPaymentTests {
    @Test(.timeLimit(.minutes(1)))
    func `payments whose key was passed leave their nonces to others`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let nodes = try await RunningNodes(network, settlementPort: server.port)
        let node = nodes.nodes[0]
        let reports = try await #require(node.watch())
        var early = try Self.wallet(network, at: 0)
        for nonce in 0..<3 as Range<UInt64> {
            #expect(await node.offer(try Self.payment(&early, nonce, fee: 3)) == .accepted)
        }
        // Dearer, so that it takes the place of the first.
        var later = try Self.wallet(network, at: 5)
        #expect(await node.offer(try Self.payment(&later, 0, fee: 30)) == .accepted)
        await server.startClock { await nodes.haveFolded($0) }
        // A leaf holds one payment.
        var leafCounts: [Int] = []
        loop: for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for case .finalised(let block) in events where block.leafCount > 0 {
                leafCounts.append(block.leafCount)
                guard leafCounts.count == 1 else { break loop }
                // The keys of the other two are too low by now.
                try await until { await node.snapshot().pendingPaymentCount == 0 }
                #expect(await node.offer(try Self.payment(&later, 1, fee: 3)) == .accepted)
            }
        }
        #expect(leafCounts == [1, 1])
        _ = try await nodes.stop()
        await server.stop()
    }

    private static func wallet(_ network: SmallNetwork, at position: UInt32) throws -> Wallet {
        try Wallet(
            seed: Bytes32(words: 5, 5, 5, 0),
            keyState: WalletKeyState(
                account: 0, generation: 0, generationFirstNonce: 0, nextPosition: position,
                previousNextPosition: 0, nextGenerationStart: 0),
            parameters: network.description.rollup)
    }

    private static func payment(
        _ wallet: inout Wallet, _ nonce: UInt64, fee: UInt64
    ) throws -> Payment {
        try wallet.sign(
            PaymentOrder(
                recipient: 1, recipientKey: nil, amount: Amount(units: 10),
                fee: Amount(units: fee), nonce: nonce))
    }
}
