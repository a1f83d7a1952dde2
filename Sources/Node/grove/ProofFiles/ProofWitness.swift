import ArgumentParser
import Cryptography
import Logging
import NetworkFile
import NodeRuntime
import Payments
import Primitives

extension Proof {
    struct Witness: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the witness of a slot's block to a file, to prove it with `prove`.",
            discussion: """
                A block is revealed on the settlement log with all its payments, so that whoever \
                reads the log has what its proofs are made from. The log is folded from its first \
                block on, every signature and proof checked, until the block of --slot is \
                revealed; the file holds its payments and the accounts before them.

                The log is asked over HTTP where it runs (the network file's address, or \
                --settlement), or read from its data directory with --log, running or not.

                Example: grove proof witness --slot 7 --network network.json --out block.witness
                """)

        @Option(help: ArgumentHelp("The slot whose block it is.", valueName: "number"))
        var slot: UInt64

        @Option(help: ArgumentHelp("Where the witness goes; never overwritten.", valueName: "file"))
        var out: String

        @Option(
            help: ArgumentHelp(
                "The settlement log's data directory, or settlement.sqlite itself.",
                valueName: "directory"))
        var log: String?

        @Option(setting: .network) var network: String?
        @Option(setting: .settlement) var settlement: String?
        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings(
                [.network: network, .settlement: settlement], defaultLogLevel: .warning)
            let network = try await settings.network()
            try LocalFile.requireNew(out)
            var search = try WitnessSearch(slot: Slot(slot), of: network)
            try await LogSource(directory: log, settings, of: network).read(of: network) {
                try search.take($0)
            }
            let (block, header) = try search.result()
            let bytes = try WitnessFile(block, header).encoded(networkID: network.networkID)
            try LocalFile.create(out, bytes, mode: 0o644)
            let answer = WitnessAnswer(
                file: out, slot: slot,
                block: BlockIdentity.blockID(of: header, networkID: network.networkID).hex,
                paymentCount: block.leaves.reduce(0) { $0 + $1.transitions.count },
                leafCount: block.leaves.count, byteCount: bytes.count)
            try Output.answer(answer, text: answer.text, asJSON: common.json)
        }
    }
}

private struct WitnessAnswer: Encodable {
    var file: String
    var slot: UInt64
    var block: String
    var paymentCount: Int
    var leafCount: Int
    var byteCount: Int

    var text: String {
        "\(file): block \(block) of slot \(slot), \(paymentCount) payments in \(leafCount) leaves"
    }
}
