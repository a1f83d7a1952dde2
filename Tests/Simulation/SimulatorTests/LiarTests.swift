import Ledger
import NodeCore
import Primitives
import ProofTree
import ProverElection
import SansIO
import Simulator
import Testing

/// Nodes that lie beside nodes that do not.
@Suite struct LiarTests {
    /// Who may prove a merge above the first leaf, but for the leaf's prover and the one who has to
    /// help it.
    private static func liars(in tree: TreeAssignment) -> [(OperatorKey, LeafRange)] {
        let leaf = tree.shape.leaves[0]
        guard let helper = tree.sibling(of: leaf) else { return [] }
        var liars: [(OperatorKey, LeafRange)] = []
        var above = tree.shape.parent(of: leaf)
        while let merge = above {
            for liar in [tree.prover(of: merge), tree.sibling(of: merge)] {
                guard let liar, liar != tree.prover(of: leaf), liar != helper else { continue }
                liars.append((liar, merge))
            }
            above = tree.shape.parent(of: merge)
        }
        return liars
    }

    @Test(arguments: [3, 11, 12] as [UInt64])
    func `one liar above and one dead prover below do not cost the slot`(seed: UInt64) throws {
        var world = try World(plan: WorldTests.plan(seed: seed))
        // Until a block is being proven of whose merges above the first leaf others have a say.
        _ = world.run(until: .origin + .seconds(600)) { world in
            guard let tree = world.nodes[0].machine.ledger.slot?.elected?.assignment else {
                return true
            }
            return Self.liars(in: tree).isEmpty
        }
        let slot = try #require(world.nodes[0].machine.ledger.slot)
        let tree = try #require(slot.elected).assignment
        let leaf = tree.shape.leaves[0]
        let dead = try #require(tree.prover(of: leaf))
        let sibling = try #require(tree.sibling(of: leaf))
        let index = try #require(world.nodes.firstIndex { $0.key == dead })
        world.fail(index, after: .zero)
        let lies = Self.liars(in: tree)
        for (liar, merge) in lies {
            let index = try #require(world.nodes.firstIndex { $0.key == liar })
            world.commitFalsely(index, to: merge)
        }
        _ = world.run(until: .origin + .seconds(1_000)) { world in
            world.nodes.contains { !$0.isDown && $0.machine.ledger.slot?.slot == slot.slot }
        }
        let watched = try #require(world.nodes.first { !$0.isDown })
        let block = watched.machine.ledger.finalBlocks.last { $0.slot == slot.slot }
        #expect(block?.contributions?.leaves[0].prover == sibling, "after \(lies.count) lies")
        #expect(!lies.isEmpty)
    }

    @Test(arguments: [3, 12] as [UInt64])
    func `a log that says it is far ahead while proofs are made costs nobody his reward`(
        seed: UInt64
    ) throws {
        var world = try World(plan: WorldTests.plan(seed: seed))
        _ = world.run(until: .origin + .seconds(600)) { world in
            (world.nodes[0].machine.ledger.slot?.elected?.assignment.shape.leafCount ?? 0) < 2
        }
        let slot = try #require(world.nodes[0].machine.ledger.slot)
        let begun = world.now
        // Past the end of the first proofs, which take four seconds.
        for index in world.nodes.indices { world.claimFarAhead(to: index, for: .seconds(6)) }
        _ = world.run(until: begun + .seconds(400)) { world in
            world.nodes.contains { $0.machine.ledger.slot?.slot == slot.slot }
        }
        let final = world.nodes[0].machine.ledger.finalBlocks.last { $0.slot == slot.slot }
        let block = try #require(final)
        #expect(block.forfeited == .zero, "nobody had to help")
        #expect(world.nodes.allSatisfy { $0.machine.haltReason == nil })
    }

    @Test func `a sequencer that contradicts itself on the log is slashed once`() throws {
        var world = try World(plan: WorldTests.plan(seed: 21))
        _ = world.run(until: .origin + .seconds(300)) { world in
            world.nodes.contains { $0.machine.ledger.slot == nil }
        }
        let offender = try #require(
            world.nodes.firstIndex { $0.machine.identity.roles == .sequencer })
        let key = world.nodes[offender].key
        let slot = try #require(world.nodes[0].machine.ledger.slot).slot
        world.contradict(offender)
        _ = world.run(until: .origin + .seconds(1_000)) { world in
            world.nodes.contains { ($0.machine.ledger.slot?.slot ?? slot) < slot.advanced(by: 3) }
        }
        for node in world.nodes {
            let ledger = node.machine.ledger
            #expect(node.machine.haltReason == nil)
            let expected = world.stakeAtGenesis.units / 10 * 9
            #expect(ledger.stake(of: key, role: .sequencer).units == expected)
            #expect(!ledger.isPunishable(Act(slot: slot, key: key, duty: .proposal)))
        }
        #expect(
            world.trace.lines.contains { $0.contains(" equivocation \(slot) ") })
    }
}
