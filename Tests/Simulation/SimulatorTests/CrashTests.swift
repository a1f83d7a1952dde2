import Audit
import Ledger
import NodeCore
import Primitives
import ProofTree
import ProverElection
import SansIO
import Simulator
import Testing

/// Processes that are killed between any two moments, and start again from what is on their disk.
@Suite struct CrashTests {
    private static func plan(seed: UInt64) -> WorldPlan {
        WorldPlan(
            seed: seed, sequencerCount: 2, proverCount: 4, walletCount: 6, paymentsPerTick: 1,
            tick: .seconds(1), minimumLatency: .milliseconds(5),
            maximumLatency: .milliseconds(80), leafTime: .seconds(3), mergeTime: .seconds(1))
    }

    private static func faults(
        seed: UInt64, kills: Int, downtime: Duration = .milliseconds(2_500)
    ) -> FaultPlan {
        FaultPlan(
            seed: seed, maximumActionsBetweenKills: 600, maximumDowntime: downtime,
            logKillPercent: 15, maximumKills: kills)
    }

    /// 4 · 130 kills.
    @Test(arguments: 0..<4)
    func `killed at random, nodes contradict nothing, prove nothing twice and go on`(
        seed: Int
    ) throws {
        var world = try World(plan: Self.plan(seed: UInt64(100 + seed)))
        world.begin(Self.faults(seed: UInt64(seed), kills: 130))
        let isKilled = world.run(until: .origin + .seconds(2_000)) { $0.faults.kills < 130 }
        #expect(isKilled)
        let before = Self.provenBlocks(world)
        // Everybody is back: two blocks with payments become final.
        let isFinal = world.run(until: world.now + .seconds(400)) {
            Self.provenBlocks($0) < before + 2
        }
        #expect(isFinal, "no block is final after the last kill")
        let end = world.now + .seconds(5)
        _ = world.run(until: end) { _ in true }
        try Self.check(&world)
    }

    @Test func `one seed of kills gives one trace`() throws {
        let digests = try (0..<2).map { _ in
            var world = try World(plan: Self.plan(seed: 5))
            world.begin(Self.faults(seed: 5, kills: 20))
            _ = world.run(until: .origin + .seconds(40)) { _ in true }
            #expect(world.faults.kills > 5)
            return world.trace.digest
        }
        #expect(digests[0] == digests[1])
    }

    @Test func `a prover killed while it proves takes up its duty of the open slot`() throws {
        var world = try World(plan: Self.plan(seed: 3))
        _ = world.run(until: .origin + .seconds(300)) { Self.elected($0) == nil }
        let (slot, prover) = try #require(Self.elected(world))
        world.fail(prover, after: .milliseconds(500))
        world.restart(prover, after: .milliseconds(1_500))
        _ = world.run(until: world.now + .seconds(200)) {
            $0.nodes[0].machine.ledger.slot?.slot == slot
        }
        let block = try #require(
            world.nodes[0].machine.ledger.finalBlocks.last { $0.slot == slot })
        #expect(block.provers.contains(world.nodes[prover].key))
        #expect(block.forfeited == .zero, "nobody had to help")
        try Self.check(&world)
    }

    @Test func `a leader killed in any phase opens and reveals what it has sealed`() throws {
        for downAfterTicks in 0..<6 {
            var world = try World(plan: Self.plan(seed: 40 + UInt64(downAfterTicks)))
            // Into the first slot, which opens at height 2.
            let moment = Duration.milliseconds(3_100 + 700 * downAfterTicks)
            for sequencer in 0..<2 {
                world.fail(sequencer, after: moment)
                world.restart(sequencer, after: moment + .milliseconds(300))
            }
            _ = world.run(until: .origin + .seconds(200)) {
                $0.nodes[2].machine.ledger.finalBlockCount < 1
            }
            let ledger = world.nodes[2].machine.ledger
            #expect(ledger.skippedSlotCount == 0, "killed after \(moment)")
            try Self.check(&world)
        }
    }

    // MARK: Checks

    private static func provenBlocks(_ world: World) -> Int {
        world.nodes.map { node in
            node.isDown ? 0 : node.machine.ledger.finalBlocks.count { $0.leafCount > 0 }
        }.max() ?? 0
    }

    /// A slot that is being proven, and the place of its first leaf's prover.
    private static func elected(_ world: World) -> (Slot, Int)? {
        guard let slot = world.nodes[0].machine.ledger.slot, let tree = slot.elected,
            tree.assignment.shape.leafCount >= 2
        else { return nil }
        let prover = tree.assignment.leafProvers[0]
        return world.nodes.firstIndex { $0.key == prover }.map { (slot.slot, $0) }
    }

    private static func check(_ world: inout World) throws {
        for node in world.nodes {
            #expect(node.machine.haltReason == nil)
            #expect(Set(node.disk.made).count == node.disk.made.count, "proven twice")
        }
        let report = world.audit()
        #expect(report.isClean, "\(report.findings.prefix(3))")
        let heights = world.nodes.map(\.machine.ledger.nextHeight)
        let same = world.nodes.filter { $0.machine.ledger.nextHeight == heights.max() }
        #expect(Set(same.map(\.machine.ledger.root)).count == 1)
    }
}
