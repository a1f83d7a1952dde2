internal import Cryptography
internal import Gossip
internal import Ledger
internal import NodeCore
internal import Payments
package import Primitives
package import SansIO

/// A deterministic network of whole nodes in one thread.
///
/// The nodes are `NodeMachine`s, the ledger is the real one, payments are really signed and
/// executed; links are in memory, the clock is virtual, and proving is a delay whose proofs are
/// named by their statement instead of computed. Everything that happens is put into `trace`, and
/// one seed gives one trace, byte for byte.
///
/// Events happen in the order of their time, and of their scheduling where times are equal.
/// O(events · log events); memory is that of the nodes and of what is in flight.
package struct World: Sendable {
    package let plan: WorldPlan
    package private(set) var now = Instant.origin
    package internal(set) var nodes: [SimulatedNode] = []
    package internal(set) var trace = Trace()
    var log: SimulatedLog
    var proofs = SimulatedProofs()
    var wallets: [Wallet]
    /// `[wallet]`: the nonce of its next payment.
    var nextNonces: [UInt64]
    /// Where each peer stands in `nodes`.
    let places: [GossipPeer: Int]
    /// What the executed bodies of one log height came to, for all nodes that judge it.
    var executions = ExecutionMemory()
    private var agenda = Agenda()
    var random: SeededGenerator
    /// Payments that no node has in a final block yet, in order. `[wallet]`.
    var unsettled: [[Payment]]
    let founding: Founding
    package internal(set) var faults = Faults()

    package init(plan: WorldPlan) throws {
        self.plan = plan
        random = SeededGenerator(seed: plan.seed)
        let founding = try Founding(plan: plan)
        log = SimulatedLog(
            networkID: founding.rules.networkID, authority: founding.authority,
            policyHash: founding.policyHash)
        wallets = founding.wallets
        nextNonces = Array(repeating: 0, count: founding.wallets.count)
        unsettled = Array(repeating: [], count: founding.wallets.count)
        self.founding = founding
        nodes = try founding.makeNodes(plan: plan)
        places = Dictionary(
            uniqueKeysWithValues: nodes.enumerated().map { ($0.element.peer, $0.offset) })
        begin()
    }

    /// Runs until `deadline`, or until `condition` no longer holds; true in the latter case. It is
    /// asked whenever a node has folded a log block: nothing else moves a ledger.
    package mutating func run(
        until deadline: Instant, while condition: (borrowing World) -> Bool
    ) -> Bool {
        guard condition(self) else { return true }
        while let next = agenda.popNext(notAfter: deadline) {
            now = next.time
            perform(next.action)
            suffer()
            if case .deliver(_, _, .logJudged) = next.action, !condition(self) { return true }
        }
        return false
    }

    /// What every sequencer and every prover puts up.
    package var stakeAtGenesis: Amount { Founding.stake }

    mutating func schedule(_ action: Action, after delay: Duration) {
        agenda.push(action, at: now + delay)
    }

    private mutating func begin() {
        for index in nodes.indices {
            deliverEffects(nodes[index].start(at: now), from: index)
            for other in nodes.indices where other != index {
                connect(index, to: other, after: .zero)
            }
        }
        schedule(.tick, after: plan.tick)
    }

    mutating func connect(_ index: Int, to other: Int, after delay: Duration) {
        deliver(
            .peerConnected(
                nodes[other].peer, isOutbound: index < other, understandsDontWant: true),
            to: index, after: delay)
    }

    /// Lost where the node crashes before.
    mutating func deliver(_ event: NodeEvent, to index: Int, after delay: Duration) {
        schedule(.deliver(index, nodes[index].incarnation, event), after: delay)
    }

    private mutating func perform(_ action: Action) {
        switch action {
        case .tick:
            tick()
        case .deliver(let index, let incarnation, let event):
            guard !nodes[index].isDown, nodes[index].incarnation == incarnation else { return }
            keepProof(event, of: index)
            trace.record(event, to: index, at: now)
            deliverEffects(nodes[index].machine.handle(event, at: now), from: index)
        case .deadline(let index):
            nodes[index].scheduledDeadline = nil
            guard !nodes[index].isDown, let due = nodes[index].machine.nextDeadline, due <= now
            else { break }
            deliverEffects(nodes[index].machine.handle(.deadline, at: now), from: index)
        case .submit(let index, let incarnation, let transaction):
            submit(transaction, by: index, incarnation)
        case .fail(let index):
            crash(index)
        case .restart(let index):
            restart(index)
        case .restartLog:
            log.isDown = false
        }
        if case .deliver(let index, _, _) = action { watchDeadline(of: index) }
        if case .deadline(let index) = action { watchDeadline(of: index) }
    }

    /// One tick of the settlement log, and the payments that users send meanwhile.
    private mutating func tick() {
        defer { schedule(.tick, after: plan.tick) }
        offerPayments()
        guard !log.isDown else { return }
        let block = log.seal(atMilliseconds: now.nanosecondsSinceOrigin / 1_000_000)
        trace.record(block, at: now)
        // Whoever is down reads it from the log when it is up again.
        for index in nodes.indices where !nodes[index].isDown {
            deliver(.logBlock(block), to: index, after: latency())
        }
    }

    mutating func latency() -> Duration {
        let spread = plan.maximumLatency - plan.minimumLatency
        let share = Int64(random.next(upperBound: UInt64(1_000)))
        return plan.minimumLatency + spread * Int(share) / 1_000
    }

    private mutating func watchDeadline(of index: Int) {
        guard !nodes[index].isDown, let due = nodes[index].machine.nextDeadline,
            nodes[index].scheduledDeadline.map({ due < $0 }) ?? true
        else { return }
        nodes[index].scheduledDeadline = due
        agenda.push(.deadline(index), at: max(due, now))
    }
}

/// What happens at a moment.
enum Action: Sendable {
    case tick
    /// To this incarnation of the node.
    case deliver(Int, Int, NodeEvent)
    case deadline(Int)
    /// By this incarnation of the node.
    case submit(Int, Int, LedgerTransaction)
    case fail(Int)
    case restart(Int)
    case restartLog
}

/// Actions by time, then by the order of scheduling: a binary heap.
struct Agenda: Sendable {
    struct Entry: Sendable {
        let time: Instant
        let sequence: UInt64
        let action: Action

        func precedes(_ other: Entry) -> Bool {
            (time.nanosecondsSinceOrigin, sequence)
                < (other.time.nanosecondsSinceOrigin, other.sequence)
        }
    }

    private var heap: [Entry] = []
    private var scheduled: UInt64 = 0

    mutating func push(_ action: Action, at time: Instant) {
        heap.append(Entry(time: time, sequence: scheduled, action: action))
        scheduled += 1
        var child = heap.count - 1
        while child > 0, heap[child].precedes(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func popNext(notAfter deadline: Instant) -> Entry? {
        guard let first = heap.first, first.time <= deadline else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var least = 2 * parent + 1
            if least + 1 < heap.count, heap[least + 1].precedes(heap[least]) { least += 1 }
            guard least < heap.count, heap[least].precedes(heap[parent]) else { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
