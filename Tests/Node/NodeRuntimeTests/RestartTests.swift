import Audit
import Connection
import Cryptography
import Ledger
import Messages
import NetworkFile
import NodeCore
import NodeProofs
import NodeRuntime
import Payments
import Primitives
import SettlementLog
import Storage
import TestSupport
import Testing

/// Nodes that are dropped in the middle of a slot and started again on the same directory.
@Suite(.serialized) struct RestartTests {
    /// `CrashTests` shows the same in virtual time.
    @Test(.timeLimit(.minutes(1)))
    func `a leader restarted after it sealed, opened and revealed keeps its slot`() async throws {
        let network = try SmallNetwork()
        let log = try network.openLog()
        let server = try await RunningLog(log)
        let members = try await Members(network, settlementPort: server.port)
        let reports = try await members.watch(1)
        try await members.pay()
        await server.startClock { await members.haveFolded($0) }
        var restarts = 0
        loop: for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for event in events {
                switch event {
                case .committed, .proposed, .revealed, .elected:
                    guard restarts < 4 else { break }
                    try await members.restart(0)
                    restarts += 1
                case .finalised(let block) where block.slot == Slot(0):
                    #expect(block.leafCount > 0)
                    break loop
                case .skipped(let slot, let reason, _):
                    Issue.record("slot \(slot) was skipped: \(reason)")
                    break loop
                default: break
                }
            }
        }
        #expect(restarts >= 3)
        await members.stop()
        await server.stop()
        try await Self.audit(log, network)
    }

    @Test(.timeLimit(.minutes(1)))
    func `a prover restarted while it proves and after it proved keeps its duties`() async throws {
        let network = try SmallNetwork()
        let log = try network.openLog()
        let server = try await RunningLog(log)
        let members = try await Members(network, settlementPort: server.port)
        let reports = try await members.watch(0)
        try await members.pay()
        await server.startClock { await members.haveFolded($0) }
        var final: FinalBlock?
        var restarts: [Int: Int] = [:]
        loop: for await report in reports {
            switch report {
            case .committed(_, _, let prover):
                let member = try members.place(of: prover)
                guard restarts[member, default: 0] < 2 else { break }
                restarts[member, default: 0] += 1
                try await members.restart(member)
            case .folded(_, let events):
                for event in events {
                    switch event {
                    case .elected:
                        // In the middle of their first proofs.
                        for member in 1..<SmallNetwork.memberCount {
                            try await members.restart(member)
                        }
                    case .finalised(let block) where block.leafCount > 0:
                        final = block
                        break loop
                    case .skipped(let slot, let reason, _):
                        Issue.record("slot \(slot) was skipped: \(reason)")
                        break loop
                    default: break
                    }
                }
            default: break
            }
        }
        let block = try #require(final)
        #expect(block.forfeited == .zero, "nobody had to help")
        #expect(restarts.values.reduce(0, +) >= 2)
        await members.stop()
        await server.stop()
        try await Self.audit(log, network)
    }

    @Test(.timeLimit(.minutes(1)))
    func `an accepted payment is offered again by a node that lost its memory`() async throws {
        let network = try SmallNetwork()
        let server = try await RunningLog(network.openLog())
        // Alone: nobody else has heard of the payments.
        let configuration = try network.configuration(0, settlementPort: server.port)
        do {
            let node = try network.node(configuration, member: 0)
            let running = Task { try await node.run() }
            try await Members.pay(node, network)
            running.cancel()
            _ = await running.result
        }
        let again = try network.node(configuration, member: 0)
        #expect(await again.snapshot().pendingPaymentCount == 0)
        let reports = try #require(await again.watch())
        let running = Task { try await again.run() }
        await server.startClock()
        var payments = 0
        loop: for await report in reports {
            guard case .folded(_, let events) = report else { continue }
            for case .revealed(_, _, let header) in events {
                payments = header.leafCount
                break loop
            }
        }
        #expect(payments > 0, "one payment a leaf")
        running.cancel()
        _ = await running.result
        await server.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func `the directory is free as soon as a node has ended, whoever holds the node`() async throws
    {
        let network = try SmallNetwork()
        let configuration = try network.configuration(0, settlementPort: 1)
        var ended: [RunningNode] = []
        for _ in 0..<4 {
            let node = try network.node(configuration, member: 0)
            // With work that nobody has begun yet.
            let running = Task { try await node.run() }
            running.cancel()
            _ = await running.result
            let payment = try Self.payment(network)
            #expect(await node.offer(payment) != .accepted)
            ended.append(node)
        }
        #expect(ended.count == 4)
    }

    private static func payment(_ network: SmallNetwork) throws -> Payment {
        var wallet = try SmallNetwork.wallet(0, network.description.rollup)
        return try wallet.sign(
            PaymentOrder(
                recipient: 1, recipientKey: nil, amount: Amount(units: 10),
                fee: Amount(units: 3), nonce: 0))
    }

    @Test func `a second node on one directory is refused`() throws {
        let network = try SmallNetwork()
        let first = try network.openEventLog(0)
        #expect(throws: StorageError.self) {
            try network.node(network.configuration(0, settlementPort: 1), member: 0)
        }
        #expect(try first.lastHeight() == nil)
    }

    /// Log and nodes together: nothing is lost, and nobody contradicts itself.
    private static func audit(_ log: EmbeddedLog, _ network: SmallNetwork) async throws {
        let description = network.description
        let judge = LogJudge(
            verifier: network.circuits.verifier, networkID: description.networkID)
        var audit = LogAudit(
            ledger: try LedgerState(genesis: description.genesis, rules: description.rules),
            rollup: description.rollupGenesis,
            authority: description.genesis.settlementAuthority)
        var next = Height(0)
        while true {
            let page = try await log.encodedBlocks(from: next, limit: 256)
            if page.isEmpty { break }
            for bytes in page {
                let block = try MessageCodec.decodeLogBlock(bytes)
                let judgements = audit.judgements(neededFor: block)
                let isSound = audit.add(block, judge.judge(judgements, on: audit.rollup))
                #expect(isSound)
                next = block.height.advanced(by: 1)
            }
        }
        for member in 0..<SmallNetwork.memberCount {
            let directory = network.dataDirectory(member)
            let archive = try NodeArchive(directory: directory)
            for record in try archive.statements(after: 0, limit: 10_000) {
                let duty = String(decoding: record.key, as: UTF8.self)
                if duty.hasPrefix("gossip/") {
                    let envelope = try MessageCodec.decodeEnvelope(record.value)
                    audit.note(envelope, in: directory, duty: duty)
                } else if duty.hasPrefix("log/") {
                    let transaction = try MessageCodec.decodeTransaction(record.value)
                    audit.note(transaction, in: directory, duty: duty)
                }
            }
        }
        let report = audit.report()
        #expect(report.isClean, "\(report.findings)")
        #expect(report.counts.provenBlocks > 0 && report.counts.signedRoots > 0)
    }
}

/// The members of a small network, each of which can be dropped and started again.
private actor Members {
    private let network: SmallNetwork
    private let settlementPort: Int
    private var nodes: [RunningNode] = []
    private var tasks: [Task<Void, any Error>] = []
    private var addresses: [[Multiaddress]] = []
    private nonisolated let keys: [OperatorKey]

    init(_ network: SmallNetwork, settlementPort: Int) async throws {
        self.network = network
        self.settlementPort = settlementPort
        keys = try (0..<SmallNetwork.memberCount).map { try SmallNetwork.secrets($0).key }
        for member in 0..<SmallNetwork.memberCount {
            let node = try network.node(
                network.configuration(
                    member, settlementPort: settlementPort, peers: addresses.flatMap(\.self)),
                member: member)
            addresses.append(try await node.listen())
            nodes.append(node)
            tasks.append(Task { try await node.run() })
        }
    }

    nonisolated func place(of key: OperatorKey) throws -> Int {
        try #require(keys.firstIndex(of: key))
    }

    /// One that is down folds no more until it is back.
    func haveFolded(_ height: Height) async -> Bool { await nodes.haveFolded(height) }

    func watch(_ member: Int) async throws -> AsyncStream<NodeReport> {
        try #require(await nodes[member].watch())
    }

    func pay() async throws { try await Self.pay(nodes[0], network) }

    static func pay(_ node: RunningNode, _ network: SmallNetwork) async throws {
        for account in 0..<2 {
            var wallet = try SmallNetwork.wallet(UInt8(account), network.description.rollup)
            for nonce in 0..<2 {
                let payment = try wallet.sign(
                    PaymentOrder(
                        recipient: UInt32(1 - account), recipientKey: nil,
                        amount: Amount(units: 10), fee: Amount(units: 3), nonce: UInt64(nonce)))
                #expect(await node.offer(payment) == .accepted)
            }
        }
    }

    func restart(_ member: Int) async throws {
        tasks[member].cancel()
        _ = await tasks[member].result
        // Its directory is free, whoever still holds the old node.
        addresses.remove(at: member)
        let node = try network.node(
            network.configuration(
                member, settlementPort: settlementPort, peers: addresses.flatMap(\.self)),
            member: member)
        addresses.insert(try await node.listen(), at: member)
        nodes[member] = node
        tasks[member] = Task { try await node.run() }
    }

    func stop() async {
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
        tasks = []
        nodes = []
    }
}
