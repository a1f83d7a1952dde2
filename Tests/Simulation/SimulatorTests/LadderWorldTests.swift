import Ledger
import NodeCore
import Primitives
import ProofTree
import ProverElection
import SansIO
import Simulator
import Testing

/// Blocks whose provers fail, several at once.
@Suite struct LadderWorldTests {
    /// A world in which a block of `leafCount` leaves at least is being proven just now.
    private struct Proving {
        var world: World
        let slot: Slot
        let tree: TreeAssignment

        init(seed: UInt64, provers: Int, leafCount: Int = 2) throws {
            var world = try World(
                plan: WorldTests.plan(seed: seed, provers: provers, paymentsPerTick: 2))
            _ = world.run(until: .origin + .seconds(600)) { world in
                let tree = world.nodes[0].machine.ledger.slot?.elected?.assignment
                return (tree?.shape.leafCount ?? 0) < leafCount
            }
            let slot = try #require(world.nodes[0].machine.ledger.slot)
            self.slot = slot.slot
            tree = try #require(slot.elected).assignment
            self.world = world
        }

        mutating func kill(_ keys: Set<OperatorKey>) {
            for index in world.nodes.indices where keys.contains(world.nodes[index].key) {
                world.fail(index, after: .zero)
            }
        }

        /// The ledger of a sequencer once the slot and `further` ones are over.
        mutating func ledgerAfter(further: UInt64 = 0) -> LedgerState {
            let last = slot.advanced(by: further)
            _ = world.run(until: .origin + .seconds(3_000)) { world in
                world.nodes[0].machine.ledger.slot.map { $0.slot <= last } ?? true
            }
            return world.nodes[0].machine.ledger
        }
    }

    @Test(arguments: [5, 6, 7] as [UInt64])
    func `a block is final although a prover and its sibling both died, and pays neither`(
        seed: UInt64
    ) throws {
        var proving = try Proving(seed: seed, provers: 8)
        let dead = Set(proving.tree.leafProvers.prefix(2))
        proving.kill(dead)
        let ledger = proving.ledgerAfter()
        let block = try #require(ledger.finalBlocks.last { $0.slot == proving.slot })
        #expect(dead.isDisjoint(with: block.provers))
        #expect(!block.payouts.contains { dead.contains($0.key) && $0.role == .prover })
        #expect(ledger.skippedSlotCount == 0 && block.forfeited > .zero)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `a block is final although all provers but one died`(seed: UInt64) throws {
        var proving = try Proving(seed: seed, provers: 8, leafCount: 4)
        let survivor = proving.tree.leafProvers[0]
        let provers = proving.world.nodes.filter { $0.machine.identity.roles.contains(.prover) }
        proving.kill(Set(provers.map(\.key)).subtracting([survivor]))
        let ledger = proving.ledgerAfter()
        let block = try #require(ledger.finalBlocks.last { $0.slot == proving.slot })
        #expect(Set(block.provers) == [survivor])
        #expect(ledger.skippedSlotCount == 0)
    }

    @Test
    func `a slot whose prover and all its helpers are dead is skipped, and the next one works`()
        throws
    {
        var proving = try Proving(seed: 5, provers: 16)
        let leaf = proving.tree.shape.leaves[0]
        let elected = try #require(proving.tree.prover(of: leaf))
        let dead = Set(proving.tree.helpers(of: leaf) + [elected])
        #expect(dead.count == 1 + LadderParameters.helperCount)
        proving.kill(dead)
        let ledger = proving.ledgerAfter(further: 1)
        #expect(!ledger.finalBlocks.contains { $0.slot == proving.slot })
        #expect(ledger.skippedSlotCount == 1)
        #expect(ledger.finalBlocks.contains { $0.slot > proving.slot })
    }

    /// Two leaves come late, each by one helper or two; nothing above is proven twice by more than
    /// a helper.
    @Test func `leaves that come late do not set the pool to work on every merge above them`()
        throws
    {
        var proving = try Proving(seed: 8, provers: 16, leafCount: 6)
        let dead = Set(proving.tree.leafProvers.prefix(2))
        let before = proving.world.trace.lines.count
        proving.kill(dead)
        let ledger = proving.ledgerAfter()
        let block = try #require(ledger.finalBlocks.last { $0.slot == proving.slot })
        let lines = proving.world.trace.lines.dropFirst(before)
        let helping = lines.filter { $0.contains(" helping \(proving.slot) ") }
        let late = proving.tree.shape.nodes.filter {
            proving.tree.prover(of: $0).map(dead.contains) ?? false
        }
        #expect(helping.count >= late.count)
        #expect(helping.count <= 3 * late.count, "\(helping.joined(separator: "\n"))")
        #expect(block.contributions != nil)
    }
}
