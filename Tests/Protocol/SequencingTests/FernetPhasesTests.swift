import Primitives
import Sequencing
import Testing

@Suite struct FernetPhasesTests {
    /// Propose 10–12, open 13, reveal 14–16, then 36 ticks of proving after the reveal.
    private func phases() throws -> FernetPhases {
        FernetPhases(
            parameters: try FernetParameters(
                proposeTicks: 3, openTicks: 1, revealTicks: 3, provingTicks: 36),
            openingHeight: Height(10))
    }

    @Test(
        arguments: [
            (10, .propose), (12, .propose), (13, .open), (14, .reveal), (16, .reveal), (17, .ended),
            (100, .ended),
        ] as [(UInt64, FernetPhase)])
    func `phases count from the opening height`(height: UInt64, expected: FernetPhase) throws {
        #expect(try phases().phase(at: Height(height), revealedAt: nil) == expected)
    }

    @Test(
        arguments: [
            (14, .reveal), (15, .proving), (50, .proving), (51, .ended),
        ] as [(UInt64, FernetPhase)])
    func `proving starts after the height of the reveal and lasts its ticks`(
        height: UInt64, expected: FernetPhase
    ) throws {
        let phases = try phases()
        #expect(phases.phase(at: Height(height), revealedAt: Height(14)) == expected)
        #expect(phases.provingHeights(revealedAt: Height(14)) == Height(15)...Height(50))
    }

    @Test func `a phase without ticks or with too many is refused`() {
        #expect(throws: FernetParametersError.phaseLength(found: 0, maximum: 1 << 20)) {
            try FernetParameters(proposeTicks: 3, openTicks: 0, revealTicks: 3, provingTicks: 36)
        }
        #expect(throws: FernetParametersError.phaseLength(found: .max, maximum: 1 << 20)) {
            try FernetParameters(
                proposeTicks: 3, openTicks: 1, revealTicks: 3, provingTicks: .max)
        }
    }

    @Test func `heights at the end of the number range do not trap`() throws {
        let phases = FernetPhases(
            parameters: try FernetParameters(
                proposeTicks: 3, openTicks: 1, revealTicks: 3, provingTicks: 36),
            openingHeight: Height(.max))
        #expect(phases.phase(at: Height(.max), revealedAt: nil) == .propose)
    }
}
