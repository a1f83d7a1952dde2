import Cryptography
import NodeRuntime
import Primitives
import SettlementLog
import Testing
import grove

/// What a lying log or a halted node ends its process with.
@Suite struct FaultTests {
    @Test func `what a log did wrong is told in a sentence, and never called a fault of grove`()
        throws
    {
        let cases: [(any Error, CommandFailure.Kind, String)] = [
            (
                SettlementClientError.wrongNetwork(expected: "aa", found: "bb"), .usage,
                "the settlement log is of network bb, but the network file is of aa"
            ),
            (
                SettlementClientError.chain(
                    .fork(Height(5), expectedPrevious: .zero, foundPrevious: .zero)), .mismatch,
                "two signed histories"
            ),
            (
                SettlementClientError.chain(.timeWentBack(Height(5), from: 9, to: 8)), .mismatch,
                "the time of block 5, 8, is before that of the block below, 9"
            ),
            (SettlementClientError.unreachable("it is away"), .environment, "it is away"),
            (
                SettlementLogFault.behind(expected: Height(7), found: Height(2)), .mismatch,
                "ends at height 2"
            ),
            (
                NodeHalt(reason: "others fold otherwise", kind: .rule), .mismatch,
                "the node stopped itself: others fold otherwise"
            ),
            (
                NodeHalt(reason: "the disk is full", kind: .environment), .environment,
                "the disk is full"
            ),
        ]
        for (error, kind, words) in cases {
            let failure = try #require(CommandFailure(describing: error))
            #expect(failure.kind == kind)
            #expect(failure.message.contains(words), "\(failure.message)")
            #expect(!failure.message.contains("report it"))
        }
    }
}
