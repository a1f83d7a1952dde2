import ArgumentParser
import Measures
import NetworkFile
import NodeProofs
import NodeRuntime

/// Measures this machine for a prover.
struct Calibrate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure what this machine can prove, and tell its node.",
        discussion: """
            Makes some proofs with the network's circuits: a leaf, a merge, and as many leaves at \
            one time as processors and memory allow. Says what this node can promise, and writes it \
            into the data directory, where `grove run` and `grove join` take from it how many \
            proofs to make at one time and how many leaves of a slot to offer, unless they are \
            told by \(Setting.provingThreads.flag) and \(Setting.capacity.flag).

            It counts only for the same circuits and instructions. Let nothing else run meanwhile; \
            it takes less than a minute.

            Example: grove calibrate --network network.json --data-directory prover-data
            """)

    @Option(setting: .network) var network: String?
    @Option(setting: .dataDirectory) var dataDirectory: String?
    @Option(setting: .kernel) var kernel: String?

    @OptionGroup var common: CommonOptions

    func run() async throws {
        let settings = try common.settings([
            .network: network, .dataDirectory: dataDirectory, .kernel: kernel,
        ])
        let network = try await settings.network()
        let directory = try settings.text(.dataDirectory)
        // Before the half minute after which it is written.
        try LocalFile.createDirectory(directory)
        let measured = try await LongWork.run { isCancelled in
            Output.error("building the circuits")
            let circuits = try ProvingCircuits(network: network)
            return try Calibration.measure(
                circuits, tell: { Output.error($0) }, isCancelled: isCancelled)
        }
        let file = CalibrationFile(measured, of: network)
        try file.write(in: directory)
        let text =
            CalibrationPromise(measured, under: network).sentences.joined(separator: "\n")
            + "\nwritten to \(directory)/\(CalibrationFile.name)"
        try Output.answer(file, text: text, asJSON: common.json)
    }
}
