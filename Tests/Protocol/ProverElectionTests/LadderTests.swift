import Primitives
import ProverElection
import Testing

@Suite struct LadderTests {
    private func range(_ first: Int, _ count: Int) throws -> LeafRange {
        try #require(LeafRange(first: first, count: count))
    }

    @Test func `a node is due at reveal plus leaf ticks plus its level times merge ticks`() throws {
        let ladder = Ladder(
            parameters: try LadderParameters(
                leafTicks: 8, mergeTicks: 3, stepTicks: 1, provingTicks: 36, maximumLeafCount: 128),
            revealHeight: Height(100))
        #expect(try ladder.dueHeight(of: range(5, 1)) == Height(108))
        #expect(try ladder.dueHeight(of: range(0, 2)) == Height(111))
        #expect(try ladder.dueHeight(of: range(0, 3)) == Height(114))
        #expect(try ladder.dueHeight(of: range(0, 128)) == Height(129))
        #expect(try ladder.height(ofStep: 1, on: range(0, 128)) == Height(130))
    }

    @Test func `steps let in one helper, one, one, two and four, each stepTicks after the last`()
        throws
    {
        let places = (0..<LadderParameters.helperCount).map(Ladder.step(ofHelperAt:))
        #expect(places == [1, 2, 3, 4, 4, 5, 5, 5, 5])
        #expect(places.last == LadderParameters.stepCount)
        let ladder = Ladder(
            parameters: try LadderParameters(
                leafTicks: 8, mergeTicks: 3, stepTicks: 2, provingTicks: 60, maximumLeafCount: 128),
            revealHeight: Height(100))
        let merge = try range(0, 2)
        let open = (110...123).map { ladder.openStep(on: merge, at: Height($0)) }
        #expect(open == [0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 5])
        for step in 1...5 {
            #expect(ladder.height(ofStep: step, on: merge) == Height(UInt64(111 + 2 * step)))
        }
    }

    @Test func `a network file whose ladder is longer than its proving phase is refused`() throws {
        _ = try LadderParameters(
            leafTicks: 8, mergeTicks: 3, stepTicks: 1, provingTicks: 34, maximumLeafCount: 128)
        #expect(
            throws: LadderParametersError.longerThanProving(ladderTicks: 34, provingTicks: 33)
        ) {
            try LadderParameters(
                leafTicks: 8, mergeTicks: 3, stepTicks: 1, provingTicks: 33, maximumLeafCount: 128)
        }
    }

    @Test func `a ladder of no ticks, of too many or over too many leaves is refused`() {
        #expect(throws: LadderParametersError.self) {
            try LadderParameters(
                leafTicks: 0, mergeTicks: 3, stepTicks: 1, provingTicks: 36, maximumLeafCount: 8)
        }
        #expect(throws: LadderParametersError.self) {
            try LadderParameters(
                leafTicks: 8, mergeTicks: .max, stepTicks: 1, provingTicks: .max,
                maximumLeafCount: 8)
        }
        #expect(throws: LadderParametersError.self) {
            try LadderParameters(
                leafTicks: 8, mergeTicks: 3, stepTicks: 1, provingTicks: 900,
                maximumLeafCount: LeafRange.maximumLeafCount + 1)
        }
    }
}
