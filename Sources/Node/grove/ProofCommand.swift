import ArgumentParser
import Cryptography
package import NetworkFile
import NodeProofs
import NodeRuntime
package import Primitives
package import ProofFile

/// Makes, checks, explains and measures proofs.
struct Proof: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, check, explain and measure proofs.",
        subcommands: [Verify.self, Prove.self, Witness.self, Info.self, Bench.self])
}

extension Proof {
    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify a proof file; exit code 1 on any mismatch.",
            discussion: """
                Checks the proof of a leaf, a merge or a root under the network's rules, and that \
                it is about the slot, block, range and prover that are given. The block of a \
                proof is named by its id; compare it with one that you trust, from `grove tree` \
                or your own node. The first line of the file says what it claims: head -1 FILE.

                Example: grove proof verify root.proof --network network.json \\
                             --slot 7 --range 0..<4
                """)

        @Argument(help: "The proof file.")
        var file: String

        @Option(setting: .network)
        var network: String?

        @Option(help: ArgumentHelp("The slot that the block must be of.", valueName: "number"))
        var slot: UInt64?

        @Option(help: ArgumentHelp("The id that the block must have.", valueName: "hex"))
        var block: String?

        @Option(help: ArgumentHelp("The leaves that must be proven.", valueName: "first..<end"))
        var range: String?

        @Option(
            help: ArgumentHelp(
                "The operator key of who must have made the topmost proof.", valueName: "hex"))
        var prover: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.network: network])
            let network = try await settings.network()
            let demand = ProofDemand(
                networkID: network.networkID, slot: slot.map { Slot($0) },
                blockID: try block.map { try DemandReading.blockID($0) },
                range: try range.map { try DemandReading.range($0) },
                prover: try prover.map { try DemandReading.prover($0) })
            let bytes = try LocalFile.read(file, atMost: ProofFileParameters.maximumByteCount)
            do {
                let answer = try ProofCheck.verify(bytes, of: network, demanding: demand)
                try Output.answer(answer, text: answer.text, asJSON: common.json)
            } catch let refusal as ProofFileError {
                if common.json { try Output.json(ProofRefusal(reason: refusal.description)) }
                throw NegativeResult(message: "\(file): \(refusal.description)")
            }
        }
    }
}

package enum ProofCheck {
    /// Reads a proof file and checks all of it under the network's rules and keys: milliseconds.
    /// Throws `ProofFileError`.
    package static func verify(
        _ bytes: [UInt8], of network: NetworkDescription, demanding demand: ProofDemand
    ) throws -> ProofAnswer {
        let proof = try ExportedProof(decoding: bytes)
        let verifier = NodeVerifier(network: network)
        return ProofAnswer(proof, try proof.verify(demanding: demand, verifier: verifier))
    }
}

struct ProofRefusal: Encodable {
    var valid = false
    var reason: String
}

/// What `proof verify` says of a valid proof.
package struct ProofAnswer: Encodable, Hashable, Sendable {
    package var valid = true
    package var networkId: String
    package var slot: UInt64
    package var round: UInt64
    package var block: String
    package var firstLeaf: Int
    package var leafCount: Int
    package var blockLeafCount: Int
    package var prover: String
    package var stateBefore: String
    package var stateAfter: String
    package var paymentRoot: String
    package var feeSum: UInt64
    /// Who proved each leaf, in order, and each merge, children before parents.
    package var leafProvers: [String]
    package var mergeProvers: [String]

    init(_ proof: ExportedProof, _ node: VerifiedNode) {
        networkId = proof.networkID.hex
        slot = proof.block.slot.number
        round = proof.block.round
        block = proof.blockID.hex
        firstLeaf = proof.node.range.first
        leafCount = proof.node.range.count
        blockLeafCount = proof.block.leafCount
        prover = proof.node.prover.hex
        stateBefore = proof.node.stateBefore.hex
        stateAfter = proof.node.stateAfter.hex
        paymentRoot = proof.node.paymentRoot.hex
        feeSum = proof.node.feeSum.units
        leafProvers = node.contributions.leaves.map(\.prover.hex)
        mergeProvers = node.contributions.merges.map(\.hex)
    }

    package var text: String {
        let end = firstLeaf + leafCount
        let what = leafCount == blockLeafCount ? "the whole block" : "a part of the block"
        return """
            valid: leaves \(firstLeaf)..<\(end) of \(blockLeafCount), \(what)
            slot          \(slot), round \(round)
            block         \(block)
            prover        \(prover)
            state before  \(stateBefore)
            state after   \(stateAfter)
            payment root  \(paymentRoot)
            fees          \(Amount(units: feeSum))
            proofs below  \(leafProvers.count) of leaves, \(mergeProvers.count) merges
            """
    }
}

/// What the options of `proof verify` say.
package enum DemandReading {
    package static func blockID(_ text: String) throws(CommandFailure) -> BlockID {
        guard let digest = FieldDigest(hex: text) else {
            throw CommandFailure(
                .usage,
                "--block: expected a block id (32 bytes in hexadecimal, four canonical field "
                    + "elements), found \"\(text)\"")
        }
        return BlockID(digest)
    }

    /// `2..<4`.
    package static func range(_ text: String) throws(CommandFailure) -> LeafRange {
        let parts = text.split(separator: "..<", omittingEmptySubsequences: false)
        guard parts.count == 2, let first = Int(parts[0]), let end = Int(parts[1]), first >= 0,
            end > first, let range = LeafRange(first: first, count: end - first)
        else {
            throw CommandFailure(
                .usage, "--range: expected FIRST..<END, for example 0..<4, found \"\(text)\"")
        }
        return range
    }

    package static func prover(_ text: String) throws(CommandFailure) -> OperatorKey {
        guard let key = OperatorKey(hex: text) else {
            throw CommandFailure(
                .usage,
                "--prover: expected an operator key (32 bytes in hexadecimal), found \"\(text)\"")
        }
        return key
    }
}
