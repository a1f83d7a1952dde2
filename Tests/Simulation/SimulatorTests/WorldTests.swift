import Ledger
import NodeCore
import Primitives
import ProofTree
import ProverElection
import SansIO
import Simulator
import Testing

/// Whole nodes with the real ledger over in-memory links under a virtual clock.
@Suite struct WorldTests {
    static func plan(
        seed: UInt64, sequencers: Int = 3, provers: Int = 8, paymentsPerTick: Int = 1
    ) -> WorldPlan {
        WorldPlan(
            seed: seed, sequencerCount: sequencers, proverCount: provers, walletCount: 12,
            paymentsPerTick: paymentsPerTick,
            tick: .seconds(1), minimumLatency: .milliseconds(5),
            maximumLatency: .milliseconds(80), leafTime: .seconds(4), mergeTime: .seconds(1))
    }

    static func ended(_ world: World, slots: UInt64) -> Bool {
        world.nodes.allSatisfy { node in
            let ledger = node.machine.ledger
            return node.isDown || ledger.finalBlockCount + ledger.skippedSlotCount >= slots
        }
    }

    @Test func `twenty machines settle ten slots and agree on every ledger root`() throws {
        var world = try World(plan: Self.plan(seed: 1, sequencers: 4, provers: 16))
        let ended = world.run(until: .origin + .seconds(1_000)) { !Self.ended($0, slots: 10) }
        #expect(!ended || Self.ended(world, slots: 10))
        let first = try #require(world.nodes.first).machine.ledger
        #expect(first.finalBlockCount >= 9, "\(first.skippedSlotCount) slots were skipped")
        #expect(first.finalBlocks.contains { $0.header.leafCount >= 2 })
        for node in world.nodes {
            #expect(node.machine.haltReason == nil)
            #expect(node.machine.ledger.skippedSlotCount == 0)
        }
        let heights = world.nodes.map(\.machine.ledger.nextHeight)
        let same = world.nodes.filter { $0.machine.ledger.nextHeight == heights.min() }
        #expect(Set(same.map(\.machine.ledger.root)).count == 1)
    }

    @Test func `the same seed gives the same trace, byte for byte`() throws {
        let digests = try (0..<2).map { _ in
            var world = try World(plan: Self.plan(seed: 7))
            _ = world.run(until: .origin + .seconds(40)) { _ in true }
            #expect(world.trace.lines.count > 1_000)
            return world.trace.digest
        }
        #expect(digests[0] == digests[1])
        var other = try World(plan: Self.plan(seed: 8))
        _ = other.run(until: .origin + .seconds(40)) { _ in true }
        #expect(other.trace.digest != digests[0])
    }

    @Test func `a prover that dies is replaced by its sibling, unpaid`() throws {
        var world = try World(plan: Self.plan(seed: 3))
        // Until some block is being proven by two provers at least.
        _ = world.run(until: .origin + .seconds(300)) { world in
            guard let slot = world.nodes[0].machine.ledger.slot, let tree = slot.elected else {
                return true
            }
            return tree.assignment.sibling(of: tree.assignment.shape.leaves[0]) == nil
        }
        let slot = try #require(world.nodes[0].machine.ledger.slot)
        let tree = try #require(slot.elected)
        let dead = tree.assignment.leafProvers[0]
        let index = try #require(world.nodes.firstIndex { $0.key == dead })
        world.fail(index, after: .zero)
        _ = world.run(until: .origin + .seconds(1_000)) { world in
            world.nodes[0].machine.ledger.slot?.slot == slot.slot
        }
        let block = try #require(
            world.nodes[0].machine.ledger.finalBlocks.last { $0.slot == slot.slot })
        #expect(!block.provers.contains(dead))
        #expect(!block.payouts.contains { $0.key == dead })
        let sibling = try #require(tree.assignment.sibling(of: tree.assignment.shape.leaves[0]))
        #expect(block.contributions?.leaves[0].prover == sibling)
        let duties = Set(tree.assignment.duties(of: sibling))
        let paid = try #require(block.payouts.first { $0.key == sibling && $0.role == .prover })
        #expect(paid.units <= duties.count, "a helper is paid for its own nodes only")
        #expect(block.forfeited > .zero)
    }

    /// A block without payments is final by its reveal: nobody is elected, so nobody can fail.
    @Test func `without payments slots become final and nobody is slashed`() throws {
        var world = try World(plan: Self.plan(seed: 4, paymentsPerTick: 0))
        let ended = world.run(until: .origin + .seconds(200)) { !Self.ended($0, slots: 4) }
        #expect(ended)
        for node in world.nodes {
            let ledger = node.machine.ledger
            #expect(node.machine.haltReason == nil)
            #expect(ledger.finalBlockCount >= 4)
            #expect(ledger.skippedSlotCount == 0)
            #expect(ledger.finalBlocks.allSatisfy { $0.header.leafCount == 0 })
            for registrant in ledger.registrants {
                #expect(
                    ledger.stake(of: registrant.key, role: registrant.role)
                        == world.stakeAtGenesis)
            }
        }
    }
}

/// Nodes that come later.
@Suite struct JoiningWorldTests {
    private static func isPaid(_ key: OperatorKey, in world: borrowing World) -> Bool {
        world.nodes[0].machine.ledger.finalBlocks.contains { block in
            block.payouts.contains { $0.key == key }
        }
    }

    @Test func `a prover that joins is admitted, elected and paid within a few slots`() throws {
        var plan = WorldTests.plan(seed: 11, sequencers: 2, provers: 3, paymentsPerTick: 2)
        plan.joiningProverCount = 1
        var world = try World(plan: plan)
        let joiner = try #require(world.nodes.last).key
        let ended = world.run(until: .origin + .seconds(2_000)) { !Self.isPaid(joiner, in: $0) }
        #expect(ended)
        let ledger = world.nodes[0].machine.ledger
        let registrant = try #require(ledger.registrant(.prover, joiner))
        #expect(registrant.registeredAt != nil)
        #expect(ledger.stake(of: joiner, role: .prover) == world.stakeAtGenesis)
        let paid = try #require(
            ledger.finalBlocks.first { $0.payouts.contains { $0.key == joiner } })
        #expect(paid.slot <= Slot(12), "paid first in slot \(paid.slot)")
        for node in world.nodes { #expect(node.machine.haltReason == nil) }
    }
}
