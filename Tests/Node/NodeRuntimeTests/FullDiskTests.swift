import Cryptography
import GRDB
import NodeRuntime
import Primitives
import SettlementLog
import Storage
import Testing

struct FullDiskTests {
    @Test(.timeLimit(.minutes(1)))
    func `a prover that cannot keep a proof stops, and has told nobody of it`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        let provers = 1..<SmallNetwork.memberCount
        for member in provers { try Self.fill(network, member) }
        let nodes = try await RunningNodes(network, settlementPort: server.port)
        try await NetworkTests.pay(nodes.nodes[0], network)
        // Provers that have stopped fold no more.
        let sequencer = nodes.nodes[0]
        await server.startClock { await [sequencer].haveFolded($0) }
        for member in provers {
            let halt = try #require(await nodes.failure(of: member) as? NodeHalt)
            #expect(halt.kind == .environment)
            #expect(halt.reason.contains("no room for a proof"))
            let archive = try NodeArchive(directory: network.dataDirectory(member))
            let duties = try archive.statements(after: 0, limit: 10_000).map {
                String(decoding: $0.key, as: UTF8.self)
            }
            #expect(!duties.isEmpty && !duties.contains { $0.contains("commit") }, "\(duties)")
        }
        _ = try await nodes.stop(0..<1)
        await server.stop()
    }

    /// From now on the member's database takes everything but proofs.
    private static func fill(_ network: SmallNetwork, _ member: Int) throws {
        do { _ = try network.openEventLog(member) }
        let queue = try DatabaseQueue(path: network.dataDirectory(member) + "/events.sqlite")
        try queue.write { database in
            try database.execute(
                sql: """
                    CREATE TRIGGER full BEFORE INSERT ON record WHEN NEW.kind = 1
                    BEGIN SELECT RAISE(ABORT, 'no room for a proof'); END
                    """)
        }
        try queue.close()
    }
}
