import ArgumentParser
import Field
import IOP
import Measures
import NetworkFile
import Synchronization

extension Proof {
    struct Bench: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Measure what proofs take on this machine.",
            discussion: """
                Proves, merges and verifies, with each of the machine's instructions, on one thread \
                and on two, and prints the times, also as multiples of N: the time of 10^6 scalar \
                Poseidon2 permutations, measured in the same run. Only such ratios compare \
                machines. Let nothing else run meanwhile; with --quick it takes half a minute, \
                without some minutes.

                Example: grove proof bench --quick
                """)

        @Flag(help: "One repetition of the profile fast, with the best instructions.")
        var quick = false

        @Option(help: ArgumentHelp("Only this profile: fast or proven100.", valueName: "name"))
        var profile: String?

        @Option(setting: .kernel)
        var kernel: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.kernel: kernel])
            if let profile, ProofProfileName(rawValue: profile) == nil {
                throw CommandFailure(
                    .usage, "--profile: expected fast or proven100, found \"\(profile)\"")
            }
            let isChosen = settings.find(.kernel) != nil
            let wanted = profile ?? (quick ? ProofProfileName.fast.rawValue : nil)
            let options = Benchmark.Options(
                profiles: ProofProfileName.allCases.filter {
                    wanted == nil || $0.rawValue == wanted
                }.map { (name: $0.rawValue, profile: $0.parameters) },
                kernels: quick || isChosen ? [.inUse] : InstructionSet.available,
                threadCounts: MachineMeter.processorCount > 1 ? [1, 2] : [1],
                repetitions: quick ? 1 : 3)
            let report = try await LongWork.run { _ in
                try Benchmark.run(options) { Output.error($0) }
            }
            try Output.answer(report, text: report.text, asJSON: common.json)
        }
    }
}
