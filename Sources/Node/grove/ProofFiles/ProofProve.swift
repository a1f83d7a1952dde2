import ArgumentParser
import Cryptography
import Foundation
import NetworkFile
import NodeProofs
import NodeRuntime
import Payments
import Primitives
import ProofFile

extension Proof {
    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prove a leaf from a witness file, or merge two proof files.",
            discussion: """
                One file is the witness of a block, from `grove proof witness`: its payments, and \
                the accounts before them (docs/protocol/proof-files.md). The block is executed, \
                and the leaf --leaf of it is proven.

                Two files are the proofs of neighbours of one proof tree, left first; their \
                parent's proof is made. Both are verified before, the result after.

                The proof names the operator key --prover as who made it. No secret is needed: \
                nobody can make it say another key without making it again. Equal inputs give \
                equal bytes.

                Example: grove proof prove block.witness --leaf 0 --prover \\
                             9f3c…e1 --network network.json --out leaf-0.proof
                         grove proof prove leaf-0.proof leaf-1.proof --prover \\
                             9f3c…e1 --network network.json --out root.proof
                """)

        @Argument(help: "A witness file, or two proof files.")
        var files: [String]

        @Option(help: ArgumentHelp("Which leaf of the witness's block.", valueName: "index"))
        var leaf = 0

        @Option(help: ArgumentHelp("The operator key of who proves.", valueName: "hex"))
        var prover: String

        @Option(help: ArgumentHelp("Where the proof goes; never overwritten.", valueName: "file"))
        var out: String

        @Option(setting: .network) var network: String?
        @Option(setting: .provingThreads) var provingThreads: String?
        @Option(setting: .kernel) var kernel: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([
                .network: network, .provingThreads: provingThreads, .kernel: kernel,
            ])
            let network = try await settings.network()
            let job = ProofJob(
                network: network, prover: try DemandReading.prover(prover),
                threadCount: try settings.integer(.provingThreads, otherwise: 1),
                circuits: { try ProvingCircuits(network: network) },
                tell: { Output.error($0) })
            try LocalFile.requireNew(out)
            let contents = try files.map {
                try LocalFile.read($0, atMost: WitnessFile.maximumByteCount)
            }
            let leaf = leaf
            let proof = try await LongWork.run { isCancelled in
                switch contents.count {
                case 1: try job.proveLeaf(leaf, of: contents[0], isCancelled: isCancelled)
                case 2: try job.merge(contents[0], contents[1], isCancelled: isCancelled)
                default:
                    throw CommandFailure(
                        .usage,
                        "expected a witness file, or two proof files, found \(contents.count) files"
                    )
                }
            }
            try LocalFile.create(out, proof.encoded, mode: 0o644)
            let answer = ProvenAnswer(
                file: out, firstLeaf: proof.node.range.first, leafCount: proof.node.range.count,
                block: proof.blockID.hex, byteCount: proof.encoded.count)
            try Output.answer(answer, text: answer.text, asJSON: common.json)
        }
    }
}

private struct ProvenAnswer: Encodable {
    var file: String
    var firstLeaf: Int
    var leafCount: Int
    var block: String
    var byteCount: Int

    var text: String {
        "\(file): leaves \(firstLeaf)..<\(firstLeaf + leafCount) of block \(block), "
            + "\(byteCount) bytes"
    }
}
