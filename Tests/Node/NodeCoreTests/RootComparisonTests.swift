import Cryptography
import NodeCore
import Primitives
import TestSupport
import Testing

@Suite struct RootComparisonTests {
    private let stakes = [40, 30, 30].enumerated().map {
        AdmittedStake(key: TestOperator.key($0.offset), stake: Amount(units: UInt64($0.element)))
    }
    private let mine = TestOperator.digest(1)
    private let other = TestOperator.digest(2)

    private func statement(_ height: UInt64, _ root: Digest) -> LedgerRootStatement {
        LedgerRootStatement(height: Height(height), ledgerRoot: root)
    }

    private func folded(to height: UInt64) -> RootComparison {
        var roots = RootComparison()
        for height in 0...height {
            _ = roots.record(mine, at: Height(height), stakes: stakes)
        }
        return roots
    }

    @Test func `keys with more than half of the stake outvote this node`() throws {
        var roots = folded(to: 4)
        let first = try roots.compare(
            statement(4, other), by: stakes[0].key, stakes: stakes)
        #expect(first == .differs)
        let second = try roots.compare(
            statement(4, other), by: stakes[1].key, stakes: stakes)
        #expect(second == .outvoted(theirs: other, ours: mine))
    }

    @Test func `exactly half of the stake is a difference only`() throws {
        let halves = stakes.map { AdmittedStake(key: $0.key, stake: Amount(units: 20)) }
        let even = Array(halves.prefix(2))
        var roots = folded(to: 4)
        let finding = try roots.compare(statement(4, other), by: even[0].key, stakes: even)
        #expect(finding == .differs)
    }

    @Test func `different roots of different keys are not added up`() throws {
        var roots = folded(to: 4)
        for (number, stake) in stakes.enumerated() {
            let root = TestOperator.digest(10 + number)
            let finding = try roots.compare(
                statement(4, root), by: stake.key, stakes: stakes)
            #expect(finding == .differs)
        }
    }

    @Test func `the same root agrees`() throws {
        var roots = folded(to: 4)
        let finding = try roots.compare(
            statement(4, mine), by: stakes[0].key, stakes: stakes)
        #expect(finding == .agrees)
    }

    @Test func `a key states one root of a height`() throws {
        var roots = folded(to: 4)
        _ = try roots.compare(statement(4, other), by: stakes[0].key, stakes: stakes)
        #expect(throws: RootComparison.Refusal.repeated) {
            try roots.compare(statement(4, mine), by: stakes[0].key, stakes: stakes)
        }
    }

    @Test func `a root that comes before this node has folded its height waits for it`() throws {
        var roots = folded(to: 6)
        for stake in stakes.prefix(2) {
            let finding = try roots.compare(
                statement(8, other), by: stake.key, stakes: stakes)
            #expect(finding == .notFolded)
        }
        #expect(roots.record(mine, at: Height(7), stakes: stakes).isEmpty)
        let found = roots.record(mine, at: Height(8), stakes: stakes)
        #expect(found.map(\.key) == stakes.prefix(2).map(\.key))
        #expect(
            found.map(\.finding) == [
                .outvoted(theirs: other, ours: mine), .outvoted(theirs: other, ours: mine),
            ])
    }

    @Test func `heights far ahead, never stated or long past are not compared`() throws {
        var roots = folded(to: 4)
        let far = 4 + NodeParameters.maximumHeightsAhead + 1
        #expect(throws: RootComparison.Refusal.tooFarAhead) {
            try roots.compare(statement(far, mine), by: stakes[0].key, stakes: stakes)
        }
        for height in [UInt64(3), 5] {
            #expect(throws: RootComparison.Refusal.tooOld) {
                try roots.compare(statement(height, mine), by: stakes[0].key, stakes: stakes)
            }
        }
    }

    @Test func `only the newest heights are remembered`() throws {
        let remembered = UInt64(NodeParameters.maximumRememberedRoots)
        let interval = NodeParameters.ledgerRootInterval
        var roots = folded(to: remembered * interval)
        #expect(roots.root(at: Height(0)) == nil)
        #expect(roots.root(at: Height(interval)) == mine)
        #expect(throws: RootComparison.Refusal.tooOld) {
            try roots.compare(statement(0, mine), by: stakes[0].key, stakes: stakes)
        }
    }
}
