internal import Connection
internal import Cryptography
internal import Gossip
internal import Ledger
package import Logging
internal import Mempool
internal import NetworkFile
package import NodeCore
package import NodeProofs
package import Primitives
internal import SansIO
package import SettlementLog
package import Storage
package import TransportNIO

/// A node that runs: the one actor around the one machine.
///
/// Events come from the log, the network, the pools and the local API; each is handed to the
/// machine, whose effects are performed in order (`RunningNode+Effects`). Whatever takes longer
/// than a moment is a job of `run()`'s task group. What the node signs is written down before it
/// leaves (`StatementBook`); the log blocks it folded are kept, so that a restart folds them again
/// from disk and asks the log only for the rest. `run()` ends by cancellation, or with the reason
/// for which the machine halted.
package actor RunningNode {
    package nonisolated let configuration: NodeConfiguration
    package nonisolated let key: OperatorKey
    let logger: Logger
    let secrets: NodeSecrets
    let host: PeerHost
    let client: SettlementClient
    let verifier: NodeVerifier
    /// Nil where the node has no part in proving.
    let core: DeferredCore?
    let eventLog: EventLog
    let statements: StatementBook
    let cancellation = SlotCancellation()
    let provingPool: ProvingPool
    let checkingPool: WorkerPool
    let diskPool = WorkerPool(name: "disk", threadCount: 1)
    let counters = NodeCounters()
    nonisolated let jobs: JobQueue
    /// Signs and sends in order: what is said first is heard first.
    nonisolated let sayings: JobQueue
    /// Submissions, each signed when its turn comes.
    nonisolated let submissions: JobQueue
    private let clock = ContinuousClock()
    private let origin: ContinuousClock.Instant
    package internal(set) var machine: NodeMachine
    var proofs = ProofShelf()
    var history = BlockHistory()
    var watchers: [Int: AsyncStream<NodeReport>.Continuation] = [:]
    var nextWatcher = 0
    var paymentAnswers: [UInt64: CheckedContinuation<PaymentAnswer, Never>] = [:]
    var nextTicket: UInt64 = 0
    var foldWaiters: [Height: CheckedContinuation<Void, Never>] = [:]
    /// Delivered, not yet folded.
    var pendingBlocks: [Height: LogBlock] = [:]
    var nonces = NonceCounter(lastSigned: 0)
    var peerTraffic = PeerTraffic()
    var proofCounts = ProofCounts()
    /// When a log block came last.
    var lastBlockAt: Instant?
    var receipts = ReceiptBook()
    /// How far the log last said that it is.
    var claimedHead: Height?
    var gate = ServingGate()
    var recordMarks: [RecordKind: RecordMarks] = [:]
    var haltReason: String?
    var haltKind = NodeHalt.Kind.rule
    var isFoldingStored = false
    var isSubscribed = false
    /// Whether the watchers were told that the node is level with the log.
    var isLevel = false
    /// The last height that was folded when this run knew all of the log for the first time.
    var liveSince: Height?
    /// By ticket: what the local API has offered and not yet been answered about.
    var offeredPayments: [UInt64: Payment] = [:]
    /// Payments that are written down, by the key of their record.
    var keptPayments = KeptPayments()
    /// Set once `run()` has begun to end.
    var isEnding = false
    /// The running proofs of this node, for its operator.
    let activity = ProvingActivity()

    /// - Parameters:
    ///   - verifier: of the network's keys.
    ///   - core: a prover's, of circuits of these keys; made once the node runs, which ends where
    ///     that fails.
    package init(
        configuration: NodeConfiguration, secrets: NodeSecrets, verifier: NodeVerifier,
        core: DeferredCore?, host: PeerHost, eventLog: EventLog, client: SettlementClient,
        logger: Logger
    ) throws {
        let network = configuration.network
        self.configuration = configuration
        self.secrets = secrets
        precondition(
            core != nil || !configuration.roles.contains(.prover), "a prover without circuits")
        self.verifier = verifier
        self.core = core
        self.host = host
        self.eventLog = eventLog
        self.client = client
        self.logger = logger
        key = secrets.key
        statements = StatementBook(eventLog: eventLog)
        provingPool = ProvingPool(threadCount: configuration.provingThreadCount)
        checkingPool = WorkerPool(name: "checking", threadCount: 1)
        jobs = JobQueue()
        sayings = JobQueue()
        submissions = JobQueue()
        origin = clock.now
        let identity = NodeIdentity(
            networkID: network.networkID, key: secrets.key,
            peer: GossipPeer(bytes: host.localPeer.bytes), roles: configuration.roles)
        machine = NodeMachine(
            identity: identity, parameters: configuration.parameters,
            ledger: try LedgerState(genesis: network.genesis, rules: network.rules),
            settlementAuthority: network.genesis.settlementAuthority,
            rollupGenesis: network.rollupGenesis,
            router: GossipRouter(
                parameters: .standard(seenLifetime: .seconds(120)),
                seed: UInt64.random(in: .min ... .max), startingAt: .origin,
                identify: GossipRouter.groveIdentify(networkID: network.networkID)),
            mempool: PaymentPool(parameters: .standard(minimumFee: .zero)))
    }

    /// Runs until cancelled, then ends within moments; throws what stops the node: `NodeHalt` where
    /// the machine does, `SettlementClientError` or `SettlementLogFault` where the log is not the one
    /// it should be.
    package func run() async throws {
        do {
            try await runParts()
        } catch {
            await letGo()
            // Whatever else failed while the node stopped.
            if let halt { throw halt }
            throw error
        }
        await letGo()
        if let halt { throw halt }
    }

    /// The directory is free for the next owner once `run()` has returned, whoever still holds this
    /// node: work that was abandoned goes on for a moment, and jobs that nobody ran hold it.
    private func letGo() async {
        for queue in [jobs, sayings, submissions] { await queue.end() }
        do {
            try eventLog.close()
        } catch {
            logger.error("cannot close the event log", metadata: ["error": "\(error)"])
        }
    }

    private func runParts() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.host.run() }
            group.addTask { await self.followPeers() }
            group.addTask { await self.keepPeerBook() }
            group.addTask { try await self.followLog() }
            group.addTask { try await self.meetDeadlines() }
            group.addTask { await self.jobs.runConcurrently() }
            group.addTask { await self.sayings.runInOrder() }
            if let core { group.addTask { try await Self.prepare(core) } }
            defer {
                cancellation.stop()
                host.close()
                finishWaiting()
            }
            try await group.next()
            group.cancelAll()
        }
    }

    /// A prover that cannot prove does not stay. Returns no earlier than the node ends.
    private static func prepare(_ core: DeferredCore) async throws {
        let pool = WorkerPool(name: "circuits", threadCount: 1)
        try await pool.runAbandonably { _ = try core.get() }
        try await Task.sleep(for: .seconds(1 << 30))
    }

    var now: Instant {
        let elapsed = origin.duration(to: clock.now)
        return Instant(nanosecondsSinceOrigin: elapsed.clampedNanoseconds)
    }

    /// The one door to the machine.
    func deliver(_ event: NodeEvent) {
        perform(machine.handle(event, at: now))
    }

    private var halt: NodeHalt? {
        haltReason.map { NodeHalt(reason: $0, kind: haltKind) }
    }

    private func meetDeadlines() async throws {
        while true {
            try await Task.sleep(for: NodeRuntimeParameters.deadlineResolution)
            if let halt { throw halt }
            if let deadline = machine.nextDeadline, deadline <= now { deliver(.deadline) }
        }
    }
}

/// This node must not go on.
package struct NodeHalt: Error, CustomStringConvertible, Sendable {
    package enum Kind: Hashable, Sendable {
        /// What the machine was told cannot be: another ledger root, a log that contradicts itself.
        case rule
        /// Something of this computer, such as a full disk.
        case environment
        case ownFault
    }

    package let reason: String
    package let kind: Kind

    package init(reason: String, kind: Kind) {
        self.reason = reason
        self.kind = kind
    }

    package var description: String { "the node stopped itself: \(reason)" }
}
