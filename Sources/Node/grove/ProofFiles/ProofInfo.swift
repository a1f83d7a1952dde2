import ArgumentParser
import Circuit
import Commitment
import Cryptography
import Field
import Hash
import IOP
package import NetworkFile
import NodeProofs
import NodeRuntime
import Payments
import PaymentsCircuit
import Primitives
package import ProofFile

extension Proof {
    struct Info: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what proofs are: of this machine, of a network, of a file.",
            discussion: """
                Without a file: the instructions that this machine proves with, and under --network \
                the profile of its proofs, what they are worth, and the keys of the two circuits. \
                Security is computed from the profile: proven bits hold in the random oracle model, \
                conjectured bits count every query in full and only compare.

                With a file, also what it claims and the public inputs of its proof. Nothing is \
                verified: that is `grove proof verify`.

                Example: grove proof info root.proof --network network.json
                """)

        @Argument(help: "A proof file.")
        var file: String?

        @Option(setting: .network)
        var network: String?

        @Option(setting: .kernel)
        var kernel: String?

        @OptionGroup var common: CommonOptions

        func run() async throws {
            let settings = try common.settings([.network: network, .kernel: kernel])
            let network: NetworkDescription? =
                settings.find(.network) == nil ? nil : try await settings.network()
            let proof = try file.map { file in
                try ExportedProof(
                    decoding: LocalFile.read(
                        file, atMost: ProofFileParameters.maximumByteCount))
            }
            let answer = try ProofInfoAnswer(proof, under: network)
            try Output.answer(answer, text: answer.text, asJSON: common.json)
        }
    }
}

/// What `proof info` says.
package struct ProofInfoAnswer: Encodable, Hashable, Sendable {
    package struct Network: Encodable, Hashable, Sendable {
        package var profile: String
        package var provenBits: Int
        package var conjecturedBits: Int
        /// Of the table of either circuit.
        package var rows: Int
        package var extensionDegree: Int
        package var queries: Int
        package var proofOfWorkBits: Int
        package var proofByteCount: Int
        package var publicInputCount: Int
        /// Payments of a leaf, and how many would fit.
        package var leafCapacity: Int
        package var leafCapacityLimit: Int
        package var rowsPerPayment: Int
        package var usedLeafRows: Int
        /// Digests.
        package var leafKey: String
        package var mergeKey: String
    }

    package struct File: Encodable, Hashable, Sendable {
        package var networkId: String
        package var slot: UInt64
        package var block: String
        package var firstLeaf: Int
        package var leafCount: Int
        package var blockLeafCount: Int
        package var prover: String
        package var byteCount: Int
        /// `leaf` or `merge`.
        package var circuit: String
        /// Canonical field elements, in the order of the statement; absent without the network,
        /// whose merge key is among them.
        package var publicInputs: [UInt64]?
    }

    package var kernel: String
    package var availableKernels: [String]
    package var network: Network?
    package var file: File?

    /// Throws `ProofFileError` for a file of another network, or whose proof has no shape.
    package init(
        _ proof: ExportedProof?, under network: NetworkDescription?
    ) throws(ProofFileError) {
        kernel = "\(InstructionSet.inUse)"
        availableKernels = InstructionSet.available.map { "\($0)" }
        self.network = network.map { Network($0) }
        if let proof { file = try File(proof, under: network) }
    }

    package var text: String {
        var lines = [
            "kernel        \(kernel), of \(availableKernels.joined(separator: ", "))"
        ]
        if let network {
            lines += [
                "profile       \(network.profile): \(network.provenBits) bits proven, "
                    + "\(network.conjecturedBits) conjectured",
                "rows          \(network.rows), challenges of degree \(network.extensionDegree), "
                    + "\(network.queries) queries, \(network.proofOfWorkBits) bits of work",
                "proof         \(network.proofByteCount) bytes, "
                    + "\(network.publicInputCount) public inputs",
                "leaf          \(network.leafCapacity) payments of \(network.leafCapacityLimit) that "
                    + "fit, \(network.rowsPerPayment) rows each; \(network.usedLeafRows) rows used",
                "leaf key      \(network.leafKey)",
                "merge key     \(network.mergeKey)",
            ]
        }
        if let file {
            lines += [
                "file          a \(file.circuit) proof in \(file.byteCount) bytes, not verified here",
                "network id    \(file.networkId)",
                "block         \(file.block) of slot \(file.slot)",
                "leaves        \(file.firstLeaf)..<\(file.firstLeaf + file.leafCount) of "
                    + "\(file.blockLeafCount)",
                "prover        \(file.prover)",
            ]
            if let inputs = file.publicInputs {
                let texts = inputs.map { "\($0)" }
                for first in stride(from: 0, to: texts.count, by: 4) {
                    let title = first == 0 ? "public inputs" : "             "
                    lines.append(
                        title + " "
                            + texts[first..<min(first + 4, texts.count)]
                            .joined(separator: " "))
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}

extension ProofInfoAnswer.Network {
    init(_ network: NetworkDescription) {
        let profile = network.proofs.profile.parameters
        let room = LeafRoom(of: network.rollup, degreeBits: profile.degreeBits)
        self.init(
            profile: network.proofs.profile.rawValue, provenBits: profile.provenBits,
            conjecturedBits: profile.conjecturedBits, rows: 1 << profile.degreeBits,
            extensionDegree: profile.extensionDegree, queries: profile.fri.queryCount,
            proofOfWorkBits: profile.fri.proofOfWorkBits,
            proofByteCount: CircuitProof.byteCount(key: network.proofs.leafKey),
            publicInputCount: NodeStatement.publicInputCount,
            leafCapacity: network.rollup.leafCapacity, leafCapacityLimit: room.paymentLimit,
            rowsPerPayment: room.rowsPerPayment, usedLeafRows: room.usedRowCount,
            leafKey: network.proofs.leafKey.digest.description,
            mergeKey: network.proofs.mergeKey.digest.description)
    }
}

extension ProofInfoAnswer.File {
    init(_ proof: ExportedProof, under network: NetworkDescription?) throws(ProofFileError) {
        self.init(
            networkId: proof.networkID.hex, slot: proof.block.slot.number,
            block: proof.blockID.hex, firstLeaf: proof.node.range.first,
            leafCount: proof.node.range.count, blockLeafCount: proof.block.leafCount,
            prover: proof.node.prover.hex, byteCount: proof.proof.count,
            circuit: proof.node.range.isLeaf ? "leaf" : "merge")
        guard let network else { return }
        guard network.networkID == proof.networkID else {
            throw .mismatch(
                "networkId", expected: network.networkID.hex, found: proof.networkID.hex)
        }
        do {
            let statement = try NodeVerifier(network: network)
                .statement(of: proof.proof, blockID: proof.blockID)
            publicInputs = statement.publicInputs.map(\.canonical)
        } catch { throw .proof(error) }
    }
}
