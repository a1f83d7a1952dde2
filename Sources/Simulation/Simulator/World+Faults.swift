internal import Cryptography
internal import Ledger
internal import NodeCore
internal import Primitives
internal import SansIO

/// How often processes are killed, and for how long they are gone.
package struct FaultPlan: Hashable, Sendable {
    package var seed: UInt64
    /// Between two kills there are 1 to so many actions of the world.
    package var maximumActionsBetweenKills: UInt64
    /// A killed process is started again after at most this.
    package var maximumDowntime: Duration
    /// Of a hundred kills, how many hit the settlement log.
    package var logKillPercent: UInt64
    package var maximumKills: Int

    package init(
        seed: UInt64, maximumActionsBetweenKills: UInt64, maximumDowntime: Duration,
        logKillPercent: UInt64, maximumKills: Int
    ) {
        self.seed = seed
        self.maximumActionsBetweenKills = maximumActionsBetweenKills
        self.maximumDowntime = maximumDowntime
        self.logKillPercent = logKillPercent
        self.maximumKills = maximumKills
    }
}

/// What has been done to a world so far.
package struct Faults: Sendable {
    var plan: FaultPlan?
    var random = SeededGenerator(seed: 0)
    var actionsToNextKill: UInt64 = 0
    package internal(set) var nodeKills = 0
    package internal(set) var logKills = 0

    package var kills: Int { nodeKills + logKills }
}

/// Kills between any two actions: a node keeps what is on its disk, and loses the rest.
extension World {
    package mutating func begin(_ plan: FaultPlan) {
        faults.plan = plan
        faults.random = SeededGenerator(seed: plan.seed)
        drawNextKill(plan)
    }

    /// Stops a node for good: nothing is delivered to it any more.
    package mutating func fail(_ index: Int, after delay: Duration) {
        schedule(.fail(index), after: delay)
    }

    package mutating func restart(_ index: Int, after delay: Duration) {
        schedule(.restart(index), after: delay)
    }

    private mutating func drawNextKill(_ plan: FaultPlan) {
        faults.actionsToNextKill =
            1 + faults.random.next(upperBound: plan.maximumActionsBetweenKills)
    }

    /// One action has passed.
    mutating func suffer() {
        guard let plan = faults.plan, faults.kills < plan.maximumKills else { return }
        faults.actionsToNextKill -= 1
        guard faults.actionsToNextKill == 0 else { return }
        drawNextKill(plan)
        let downtime =
            plan.maximumDowntime * Int(faults.random.next(upperBound: UInt64(1_000))) / 1_000
        if faults.random.next(upperBound: UInt64(100)) < plan.logKillPercent {
            guard !log.isDown else { return }
            faults.logKills += 1
            log.isDown = true
            schedule(.restartLog, after: downtime)
            return
        }
        let index = Int(faults.random.next(upperBound: UInt64(nodes.count)))
        guard !nodes[index].isDown else { return }
        faults.nodeKills += 1
        crash(index)
        schedule(.restart(index), after: downtime)
    }

    mutating func crash(_ index: Int) {
        nodes[index].isDown = true
        nodes[index].incarnation += 1
        trace.record("down", node: index, at: now)
        for other in nodes.indices where other != index && !nodes[other].isDown {
            deliver(.peerDisconnected(nodes[index].peer), to: other, after: latency())
        }
    }

    /// As `RunningNode` starts: folds the log, then listens, and says again what it has signed and
    /// the log may not have.
    mutating func restart(_ index: Int) {
        nodes[index].isDown = false
        // What came meanwhile came to nobody.
        nodes[index].incarnation += 1
        nodes[index].scheduledDeadline = nil
        let seed = faults.random.next(upperBound: UInt64(1) << 32)
        nodes[index].machine = founding.makeMachine(index, routerSeed: seed)
        let nonces = nodes[index].disk.transactions.map(\.transaction.nonce)
        nodes[index].nonces = NonceCounter(lastSigned: nonces.max() ?? 0)
        trace.record("up", node: index, at: now)
        refold(index)
        for (_, transaction) in nodes[index].disk.transactions
        where transaction.nonce > nodes[index].machine.ledger.nonce(of: nodes[index].key) {
            send(transaction, by: index)
        }
        deliverEffects(nodes[index].start(at: now), from: index)
        for other in nodes.indices where other != index && !nodes[other].isDown {
            connect(index, to: other, after: .milliseconds(1))
            connect(other, to: index, after: .milliseconds(1))
        }
    }

    private mutating func refold(_ index: Int) {
        guard let last = log.blocks.last else { return }
        deliverEffects(nodes[index].machine.handle(.logHead(last.height), at: now), from: index)
        for block in log.blocks {
            var effects = nodes[index].machine.handle(.logBlock(block), at: now)
            while case .judge(let judged, let judgements, let state) = effects.first {
                let judgement = judge(judgements, state)
                effects = nodes[index].machine.handle(
                    .logJudged(height: judged.height, judgement), at: now)
            }
            // What was folded long ago is not told again; the rest may be due.
            for effect in effects {
                if case .report = effect, block.height != last.height { continue }
                deliverEffects([effect], from: index)
            }
        }
    }
}

/// What the shell does at once with what comes and goes.
extension World {
    /// A finished proof is on disk before the machine hears of it.
    mutating func keepProof(_ event: NodeEvent, of index: Int) {
        guard case .proven(let task, let proof) = event else { return }
        let place = SimulatedDisk.Place(block: task.header.commitment, range: task.range)
        guard nodes[index].disk.proofs[place] != proof else { return }
        nodes[index].disk.proofs[place] = proof
        nodes[index].disk.made.append(place)
    }

    func recalled(_ request: ProofRecall, by index: Int) -> [RecalledProof] {
        request.ranges.compactMap { range in
            let place = SimulatedDisk.Place(block: request.header.commitment, range: range)
            return nodes[index].disk.proofs[place].map { RecalledProof(range: range, proof: $0) }
        }
    }

    /// A process that died in between has sent nothing; a log that is down is asked again.
    mutating func submit(_ transaction: LedgerTransaction, by index: Int, _ incarnation: Int) {
        guard nodes[index].incarnation == incarnation else { return }
        if log.isDown {
            schedule(.submit(index, incarnation, transaction), after: .milliseconds(200))
        } else {
            log.submit(transaction)
        }
    }
}
