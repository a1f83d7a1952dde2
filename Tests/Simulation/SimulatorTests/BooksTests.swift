import Ledger
import NodeCore
import Primitives
import SansIO
import Simulator
import Testing

/// What nodes say that they earned, against the ledger.
@Suite struct BooksTests {
    @Test func `every node's books come to its balance, and together to what was paid`() throws {
        var world = try World(plan: WorldTests.plan(seed: 11, sequencers: 3, provers: 6))
        let before = world.nodes.map { $0.machine.ledger.balance(of: $0.key) }
        let ended = world.run(until: .origin + .seconds(1_000)) {
            !WorldTests.ended($0, slots: 8)
        }
        #expect(ended)
        for (node, balance) in zip(world.nodes, before) {
            let totals = node.machine.books.totals
            let expected =
                UInt128(balance.units) + totals.creditUnits - totals.debitUnits
            #expect(expected == UInt128(node.machine.ledger.balance(of: node.key).units))
        }
        let ledger = try #require(world.nodes.first).machine.ledger
        for block in ledger.finalBlocks {
            let booked = world.nodes.compactMap { node in
                node.machine.books.slots.first { $0.slot == block.slot }
            }
            // A node that has not folded the newest blocks yet books them later.
            guard booked.count == world.nodes.count else { continue }
            try Self.check(block, against: world.nodes.map(\.key), booked)
        }
        let all = world.nodes.map(\.machine.books.totals)
        #expect(all.contains { $0.paidAsProverUnits > 0 && $0.feeUnits > 0 })
        #expect(all.contains { $0.wonCount > 0 && $0.wonCount == $0.ledCount })
    }

    @inline(never)
    private static func check(
        _ block: FinalBlock, against keys: [OperatorKey], _ booked: [BookedSlot]
    ) throws {
        for (key, slot) in zip(keys, booked) {
            let paid = block.payouts.filter { $0.key == key }
            #expect(
                slot.paidAsProverUnits
                    == paid.filter { $0.role == .prover }.reduce(0) { $0 + $1.amount.units })
            #expect(
                slot.paidAsSequencerUnits
                    == paid.filter { $0.role == .sequencer }.reduce(0) { $0 + $1.amount.units })
            #expect(slot.provenUnits == paid.reduce(0) { $0 + $1.units })
            #expect(slot.electedUnits == slot.provenUnits + slot.missedUnits)
            #expect(slot.isLeader == (block.sequencer == key))
            #expect(slot.outcome == .final)
            #expect(slot.height == block.height)
        }
        let units = booked.reduce(0) { $0 + $1.electedUnits }
        #expect(units == block.leafCount + block.mergeCount)
        #expect(
            booked.reduce(0) { $0 + $1.missedUnits } == booked.reduce(0) { $0 + $1.helpedUnits })
    }
}
