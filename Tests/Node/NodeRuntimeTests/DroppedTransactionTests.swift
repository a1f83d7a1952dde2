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

/// What a node does about a transaction of its own that the log took and the ledger dropped.
@Suite struct DroppedTransactionTests {
    @Test(.timeLimit(.minutes(1)))
    func `a transaction that came before its account is noted, so that its duty is signed again`()
        async throws
    {
        let network = try SmallNetwork()
        // No account is this key's.
        let stranger = SmallNetwork.memberCount
        let duty = Duty("early")
        do {
            let secrets = try SmallNetwork.secrets(stranger)
            let transaction = MessageCodec.transaction(
                .exit(Exit(role: .prover)), networkID: network.description.networkID,
                key: secrets.key, nonce: 1, sign: { secrets.sign($0) })
            let book = StatementBook(eventLog: try network.openEventLog(stranger))
            try book.record(SubmissionAttempt(duty: duty, number: 0, transaction: transaction))
        }
        let server = try await RunningLog(network.openLog())
        do {
            let node = try network.node(
                network.configuration(stranger, settlementPort: server.port), member: stranger)
            let reports = try #require(await node.watch())
            let running = Task { try await node.run() }
            await server.startClock()
            var reason = ""
            for await report in reports {
                guard case .submissionRefused(duty, let found) = report else { continue }
                reason = found
                break
            }
            #expect(reason.contains("unknownKey"))
            running.cancel()
            _ = await running.result
        }
        await server.stop()
        let book = StatementBook(eventLog: try network.openEventLog(stranger))
        let last = try #require(try book.lastAttempt(for: duty))
        #expect(last.isRefused && last.attempt.transaction.nonce == 1)
        #expect(try book.transactions(after: 0).isEmpty)
    }
}
