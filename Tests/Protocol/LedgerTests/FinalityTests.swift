import Ledger
import Primitives
import ProverElection
import TestSupport
import Testing

@Suite struct FinalityTests {
    @Test func `a block goes from sealed proposals to a root proof and pays exactly`() throws {
        var world = try LedgerWorld()
        try world.reachProving(leafCount: 4, feeShare: 9_000, feeSum: Amount(units: 1_003))
        let before = world.ledger
        let leader = world.leader.key
        try world.prove(world.contributions())
        let final = try #require(world.ledger.finalBlocks.last)
        #expect(final.leafCount == 4 && final.mergeCount == 3 && final.forfeited == .zero)
        #expect(before.bridgeBalance.units - world.ledger.bridgeBalance.units == 1_003)
        #expect(world.ledger.minted - before.minted == 128_000_000_000)
        let income: UInt64 = 128_000_001_003
        let proverPool = income * 9_000 / 10_000
        let provers = final.payouts.filter { $0.role == .prover }
        #expect(provers.map(\.amount.units).reduce(0, +) == proverPool)
        #expect(provers.map(\.units).reduce(0, +) == 7)
        let sequencer = try #require(final.payouts.first)
        #expect(sequencer.key == leader && sequencer.amount.units == income - proverPool)
        for payout in provers {
            let gained =
                world.ledger.balance(of: payout.key).units - before.balance(of: payout.key).units
            #expect(gained == payout.amount.units)
        }
        #expect(world.ledger.parent.blockID == final.blockID)
        #expect(world.ledger.slot?.slot == Slot(1))
        #expect(world.ledger.slot?.openingHeight == world.ledger.nextHeight)
    }
}
