import Cryptography
import Ledger
import Primitives
import ProverElection
import TestSupport
import Testing

/// Rewards, to the last base unit.
@Suite struct RewardTests {
    static let keys = (1...4).map { OperatorKey(Bytes32(words: UInt64($0), 0, 0, 0)) }

    func duty(_ first: Int, _ count: Int, _ assigned: Int, by contributor: Int? = nil)
        -> ProverDuty
    {
        ProverDuty(
            node: LeafRange(first: first, count: count)!, assigned: Self.keys[assigned],
            contributor: Self.keys[contributor ?? assigned])
    }

    @Test(
        arguments: [
            (100, [1, 1], [50, 50]),
            (100, [1, 1, 1], [34, 33, 33]),
            (101, [1, 1, 1], [34, 34, 33]),
            (10, [1, 2, 4], [1, 3, 6]),
            (7, [0, 3, 0], [0, 7, 0]),
            (7, [0, 0], [0, 7]),
            (0, [5, 5], [0, 0]),
            (1, [9, 10, 9], [0, 1, 0]),
        ] as [(UInt64, [UInt64], [UInt64])])
    func `a split floors and hands the remainder to the largest remainders, ties to the first`(
        total: UInt64, weights: [UInt64], expected: [UInt64]
    ) {
        let shares = LargestRemainder.split(Amount(units: total), weights: weights)
        #expect(shares.map(\.units) == expected)
    }

    @Test func `a split of any amount sums to it`() {
        let amounts: [UInt64] = [1, 999, 128_000_000_001, .max]
        for amount in amounts {
            for count in 1...20 {
                let weights = (0..<count).map { UInt64($0 * $0 * 7 + 1) }
                let shares = LargestRemainder.split(Amount(units: amount), weights: weights)
                #expect(shares.reduce(UInt128(0)) { $0 + UInt128($1.units) } == UInt128(amount))
            }
        }
    }

    @Test func `a unit pays its assigned prover, weighted by what its circuit costs`() {
        let reward = UnitReward(leafWeight: 1, mergeWeight: 2, forfeit: .burn)!
        let split = reward.split(
            Amount(units: 400), among: [duty(0, 1, 1), duty(1, 1, 0), duty(0, 2, 1)])
        #expect(
            split.payouts == [
                Payout(
                    key: Self.keys[0], role: .prover, units: 1, amount: Amount(units: 100)),
                Payout(
                    key: Self.keys[1], role: .prover, units: 2, amount: Amount(units: 300)),
            ])
        #expect(split.forfeited == .zero)
        #expect(reward.weight(ofTreeWith: 2) == 4 && reward.weight(ofTreeWith: 0) == 0)
    }

    @Test func `a helper earns nothing for the helped node, whose unit is forfeited`() {
        let reward = UnitReward(leafWeight: 1, mergeWeight: 1, forfeit: .burn)!
        let split = reward.split(
            Amount(units: 300), among: [duty(0, 1, 0), duty(1, 1, 1, by: 0), duty(0, 2, 1)])
        #expect(split.payouts.map(\.key) == [Self.keys[0], Self.keys[1]])
        #expect(split.payouts.map(\.amount.units) == [100, 100])
        #expect(split.forfeited == Amount(units: 100))
    }

    @Test func `a forfeited share loses ties`() {
        let reward = UnitReward(leafWeight: 1, mergeWeight: 1, forfeit: .burn)!
        let split = reward.split(
            Amount(units: 2), among: [duty(0, 1, 0), duty(1, 1, 1, by: 0), duty(0, 2, 2)])
        #expect(split.payouts.map(\.amount.units) == [1, 1] && split.forfeited == .zero)
    }

    /// A block in which one leaf was proven by the sibling.
    func helpedWorld(_ forfeit: UnitReward.Forfeit) throws -> LedgerWorld {
        var world = try LedgerWorld { $0.forfeit = forfeit }
        try world.reachProving(leafCount: 4, feeShare: 7_000)
        let node = LeafRange(first: 1, count: 1)!
        let elected = try #require(world.ledger.slot?.elected)
        let sibling = try #require(elected.assignment.sibling(of: node))
        while world.ledger.nextHeight < elected.ladder.height(ofStep: 1, on: node) {
            try world.tick()
        }
        try world.prove(world.contributions { $0 == node ? sibling : $1 })
        return world
    }

    @Test func `a forfeited unit is burned`() throws {
        let world = try helpedWorld(.burn)
        let final = try #require(world.ledger.finalBlocks.last)
        let pool = (128 * LedgerWorld.ide + 1_000) * 7_000 / 10_000
        #expect(final.forfeited.units == pool / 7 || final.forfeited.units == pool / 7 + 1)
        // Its fee and the forfeited unit are all that was burned.
        #expect(world.ledger.burned == UInt128(final.forfeited.units) + 10)
        #expect(world.ledger.carriedRewards == .zero)
    }

    @Test func `a forfeited unit is added to the provers' share of the next block`() throws {
        var world = try helpedWorld(.nextBlock)
        let forfeited = try #require(world.ledger.finalBlocks.last).forfeited
        #expect(world.ledger.carriedRewards == forfeited && forfeited > .zero)
        try world.reachProving(leafCount: 2, feeShare: 7_000)
        try world.prove(world.contributions())
        let final = try #require(world.ledger.finalBlocks.last)
        let income = 128 * LedgerWorld.ide + 1_000
        let pool = income * 7_000 / 10_000
        let paid = final.payouts.filter { $0.role == .prover }.map(\.amount.units).reduce(0, +)
        #expect(paid == pool + forfeited.units && world.ledger.carriedRewards == .zero)
        #expect(final.payouts[0].amount.units == income - pool)
    }

    @Test(arguments: [0, 1, 3_333, 9_999, 10_000] as [UInt64])
    func `payouts and forfeit sum to fees and block reward`(feeShare: UInt64) throws {
        for leafCount in [1, 2, 3, 5, 8] {
            var world = try LedgerWorld()
            try world.reachProving(
                leafCount: leafCount, feeShare: feeShare, feeSum: Amount(units: 997))
            let before = world.total
            try world.prove(world.contributions())
            let final = try #require(world.ledger.finalBlocks.last)
            let paid = final.payouts.map(\.amount.units).reduce(0, +) + final.forfeited.units
            #expect(paid == 128 * LedgerWorld.ide + 997)
            #expect(world.total == before + UInt128(128 * LedgerWorld.ide) - 10)
        }
    }
}
