import Gossip
import NodeCore
import Primitives
import ProofTree
import ProverElection
import Testing

/// When a prover takes up the work of one that is late.
@Suite struct HelpingTests {
    /// Four leaves and fourteen provers, so that most of the pool is elected for nothing.
    private let fixture: ProvingFixture

    init() throws { fixture = try ProvingFixture(proverCount: 14) }

    private func helper(of node: LeafRange, at place: Int) throws -> OperatorKey {
        try #require(fixture.assignment.helpers(of: node).dropFirst(place).first)
    }

    private func opening(of step: Int, on node: LeafRange) -> Height {
        fixture.ladder.height(ofStep: step, on: node)
    }

    private func before(_ height: Height) -> Height { Height(height.number - 1) }

    private func proven(_ steps: [ProvingDuty.Step]) -> [LeafRange] {
        steps.compactMap(\.task?.range)
    }

    /// Somebody commits to and announces a proof; the steps that follow.
    private func offer(
        _ node: LeafRange, _ number: Int, by prover: OperatorKey, to duty: inout ProvingDuty
    ) throws -> [ProvingDuty.Step] {
        let committed = duty.committed(fixture.commitment(node, number, by: prover), by: prover)
        let announced = duty.announced(fixture.announcement(node, number), by: prover)
        return try #require(committed) + #require(announced)
    }

    /// The height at which `duty` begins `merge` while others' proofs come and its own leaves are
    /// finished, both at once; nil if it has not at height 60.
    private func beginning(
        of merge: LeafRange, in duty: inout ProvingDuty, after steps: [ProvingDuty.Step] = []
    ) -> Height? {
        var steps = steps
        while true {
            while !steps.isEmpty {
                switch steps.removeFirst() {
                case .prove(let task):
                    if task.range == merge { return duty.height }
                    let number = 100 + task.range.first
                    if task.range.isLeaf { steps += duty.proven(task, fixture.proof(number)) }
                case .obtain(let request): steps += duty.obtained(request, .valid)
                case .publish, .submitRoot: break
                }
            }
            guard duty.height < Height(60) else { return nil }
            steps = duty.advanced(to: duty.height.advanced(by: 1))
        }
    }

    @Test(arguments: [(1, 2), (2, 3), (3, 4), (4, 4), (5, 5), (8, 5)])
    func `a helper after the sibling begins when its own step opens, and publishes when it is done`(
        place: Int, step: Int
    ) throws {
        for leaf in fixture.leaves {
            var duty = fixture.duty(of: try helper(of: leaf, at: place))
            let early = duty.advanced(to: before(opening(of: step, on: leaf)))
            #expect(!proven(early).contains(leaf))
            let begun = duty.advanced(to: opening(of: step, on: leaf))
            let task = try #require(begun.compactMap(\.task).first { $0.range == leaf })
            #expect(duty.proven(task, fixture.proof(1)).map(\.text).contains("publish \(leaf)"))
        }
    }

    @Test func `a helper leaves a node to whoever came before it and has a proof to show`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try helper(of: leaf, at: 2))
        _ = duty.advanced(to: before(opening(of: 3, on: leaf)))
        let offered = try offer(leaf, 1, by: try fixture.sibling(of: leaf), to: &duty)
        #expect(offered.isEmpty)
        let checked = duty.advanced(to: opening(of: 3, on: leaf))
        #expect(!proven(checked).contains(leaf))
        let request = try #require(checked.compactMap(\.request).first { $0.range == leaf })
        _ = duty.obtained(request, .valid)
        for height in 30...60 {
            #expect(!proven(duty.advanced(to: Height(UInt64(height)))).contains(leaf))
        }
    }

    @Test func `a helper begins where whoever came before it committed and has nothing to show`()
        throws
    {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try helper(of: leaf, at: 1))
        let sibling = try fixture.sibling(of: leaf)
        _ = duty.advanced(to: opening(of: 1, on: leaf))
        _ = duty.committed(fixture.commitment(leaf, 1, by: sibling), by: sibling)
        #expect(proven(duty.advanced(to: opening(of: 2, on: leaf))).contains(leaf))
    }

    @Test func `a helper's commitment before its step is open keeps nobody away`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = duty.advanced(to: Height(13))
        // Their steps open at 18 and 20: they are heard, and count for nothing before.
        for place in 1...2 {
            let liar = try helper(of: leaf, at: place)
            #expect(try offer(leaf, place, by: liar, to: &duty).isEmpty)
        }
        #expect(proven(duty.advanced(to: fixture.ladder.dueHeight(of: leaf))).contains(leaf))
    }

    @Test
    func `a helper is heard from eight ticks before its step opens, the elected prover always`()
        throws
    {
        let leaf = fixture.leaves[0]
        let last = try helper(of: leaf, at: 8)
        for (height, isHeard) in [(15, false), (16, true)] as [(UInt64, Bool)] {
            var duty = fixture.duty(of: try fixture.sibling(of: leaf))
            _ = duty.advanced(to: Height(height))
            let committed = duty.committed(fixture.commitment(leaf, 1, by: last), by: last)
            #expect((committed != nil) == isHeard)
            #expect((duty.announced(fixture.announcement(leaf, 1), by: last) != nil) == isHeard)
        }
        var duty = fixture.duty(of: last)
        let elected = try fixture.prover(of: leaf)
        #expect(try offer(leaf, 1, by: elected, to: &duty).isEmpty)
    }

    @Test func `a liar with many proofs that never come is waited for once`() throws {
        let leaf = fixture.leaves[0]
        let liar = try fixture.prover(of: leaf)
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        _ = duty.advanced(to: Height(11))
        for number in 1...NodeParameters.maximumCommitmentsPerProverAndNode {
            _ = try offer(leaf, number, by: liar, to: &duty)
        }
        let asked = duty.advanced(to: opening(of: 1, on: leaf))
        #expect(!proven(asked).contains(leaf))
        let request = try #require(asked.compactMap(\.request).first { $0.range == leaf })
        let steps = duty.obtained(request, .unavailable(reason: "test"))
        #expect(proven(steps).contains(leaf))
    }

    @Test func `a helper that finishes after another's proof came stays silent`() throws {
        let leaf = fixture.leaves[0]
        var duty = fixture.duty(of: try fixture.sibling(of: leaf))
        let begun = duty.advanced(to: fixture.ladder.dueHeight(of: leaf))
        let task = try #require(begun.compactMap(\.task).first { $0.range == leaf })
        // The merge above is the sibling's or the late prover's: either way its sibling may check.
        let elected = try fixture.prover(of: leaf)
        var steps = try offer(leaf, 1, by: elected, to: &duty)
        steps += duty.advanced(to: opening(of: 1, on: leaf))
        for request in steps.compactMap(\.request) where request.range == leaf {
            _ = duty.obtained(request, .valid)
        }
        let finished = duty.proven(task, fixture.proof(2)).map(\.text)
        let later = duty.advanced(to: Height(60)).map(\.text)
        let isMerger = try fixture.prover(of: fixture.merge().node) == duty.key
        if isMerger { #expect(!(finished + later).contains("publish \(leaf)")) }
    }

    @Test func `a merge whose children came late is left to its prover for mergeTicks more`() throws
    {
        let (merge, left, right) = try fixture.merge()
        #expect(fixture.ladder.dueHeight(of: merge) == Height(16))
        for place in 1...4 {
            var duty = fixture.duty(of: try helper(of: merge, at: place))
            _ = duty.advanced(to: Height(20))
            var steps: [ProvingDuty.Step] = []
            for child in [left, right] {
                steps += try offer(child, child.first, by: fixture.prover(of: child), to: &duty)
            }
            let step = UInt64(Ladder.step(ofHelperAt: place))
            // Due at 20 + mergeTicks, and stepTicks later for each step.
            let expected = Height(22 + 2 * step)
            #expect(beginning(of: merge, in: &duty, after: steps) == expected)
        }
    }

    @Test func `a merge whose prover has committed to nothing in the slot is not waited for`()
        throws
    {
        let (merge, left, right) = try fixture.merge()
        let absent = try fixture.prover(of: merge)
        let own = try fixture.prover(of: left) == absent ? left : right
        let other = own == left ? right : left
        let present = try fixture.prover(of: other)
        for place in 1...4 {
            var duty = fixture.duty(of: try helper(of: merge, at: place))
            _ = duty.advanced(to: Height(20))
            // The sibling made both.
            var steps = try offer(own, 1, by: present, to: &duty)
            steps += try offer(other, 2, by: present, to: &duty)
            let step = UInt64(Ladder.step(ofHelperAt: place))
            #expect(beginning(of: merge, in: &duty, after: steps) == Height(20 + 2 * step))
        }
    }

    @Test func `a sibling that made the missing child itself gives the merge's prover its time`()
        throws
    {
        let (merge, left, right) = try fixture.merge()
        let elected = try fixture.prover(of: merge)
        let own = try fixture.prover(of: left) == elected ? left : right
        for isAlive in [true, false] {
            var duty = fixture.duty(of: try fixture.sibling(of: merge))
            var steps: [ProvingDuty.Step] = []
            // It commits, and nothing follows: the child is published in its place at height 16.
            if isAlive {
                let committed = duty.committed(
                    fixture.commitment(own, 1, by: elected), by: elected)
                steps += try #require(committed)
            }
            let expected = Height(isAlive ? 18 : 16)
            #expect(beginning(of: merge, in: &duty, after: steps) == expected)
        }
    }
}
