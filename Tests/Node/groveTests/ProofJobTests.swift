import Cryptography
import Messages
import NetworkFile
import Payments
import Primitives
import ProofFile
import Testing
import grove

/// Proofs made from files, and what is said of them.
@Suite(.serialized) struct ProofJobTests {
    private let example: ExampleNetwork
    private let network: NetworkDescription

    init() throws {
        example = try ExampleNetwork.shared.get()
        network = try NetworkDescription(document: example.document)
    }

    private var job: ProofJob {
        let circuits = example.circuits
        return ProofJob(
            network: network, prover: example.prover, threadCount: 2, circuits: { circuits },
            tell: { _ in })
    }

    /// The block that the example has proven.
    private func witness(
        format: String = WitnessFile.format, payments: [String]? = nil, networkID: String? = nil
    ) -> [UInt8] {
        let payments = payments ?? example.payments.map { MessageCodec.encode($0).hex }
        let texts = payments.map { "\"\($0)\"" }.joined(separator: ",")
        return Array(
            """
            {"format":"\(format)","networkId":"\(networkID ?? network.networkID.hex)","slot":3,
             "round":0,"parent":"\(Bytes32.zero.hex)","payments":[\(texts)]}
            """.utf8)
    }

    @Test func `leaves from a witness file and their merge are the node's own proofs`() throws {
        let leaves = try (0..<2).map {
            try job.proveLeaf($0, of: witness(), isCancelled: { false }).encoded
        }
        #expect(leaves[1] == example.leaf)
        #expect(try job.merge(leaves[0], leaves[1], isCancelled: { false }).encoded == example.root)
        let failure = #expect(throws: CommandFailure.self) {
            _ = try job.merge(leaves[1], leaves[0], isCancelled: { false })
        }
        #expect(failure?.kind == .mismatch)
        #expect(failure?.message.contains("left first") == true)
        #expect(throws: CancellationError.self) {
            _ = try job.merge(leaves[0], leaves[1], isCancelled: { true })
        }
    }

    @Test func `a witness that was written says the same block and its accounts`() throws {
        let genesis = try WitnessFile(decoding: witness(), of: network).execute()
        let accounts = genesis.block.before.accounts
        #expect(accounts != genesis.block.after.accounts)
        let bytes = try WitnessFile(genesis.block, genesis.header)
            .encoded(networkID: network.networkID)
        let again = try WitnessFile(decoding: bytes, of: network).execute()
        #expect(again.header == genesis.header)
        #expect(again.block.before.accounts == accounts)
        let written = try WitnessFile(again.block, again.header)
            .encoded(networkID: network.networkID)
        #expect(written == bytes)
        // Accounts are read, not taken from the genesis.
        let text = String(decoding: bytes, as: UTF8.self)
        let poorer = text.replacing(
            "\"balance\":\(accounts[0].balance.units)", with: "\"balance\":1", maxReplacements: 1)
        #expect(poorer != text)
        let failure = #expect(throws: CommandFailure.self) {
            _ = try WitnessFile(decoding: Array(poorer.utf8), of: network).execute()
        }
        #expect(failure?.kind == .mismatch)
    }

    @Test func `a witness file that says no block of the network is refused by its place`() throws {
        let cases: [([UInt8], String)] = [
            ([1, 2, 3], "JSON"), (Array("{}".utf8), "has no format"),
            (Array("{\"format\":1}".utf8), "a format of another type"),
            (Array("{\"format\":\"a\",\"format\":\"b\"}".utf8), "format"),
            (witness(format: "grove-witness/9"), "format"),
            (witness(networkID: Bytes32.zero.hex), "networkId"),
            (witness(payments: []), "payments"), (witness(payments: ["00"]), "payment 0"),
            (witness(payments: ["xy"]), "payment 0"),
        ]
        for (bytes, place) in cases {
            let failure = #expect(throws: CommandFailure.self) {
                _ = try WitnessFile(decoding: bytes, of: network)
            }
            #expect(failure?.kind == .usage)
            #expect(failure?.message.contains(place) == true, "\(place)")
        }
        // The second payment first: its nonce is not the account's.
        let swapped = witness(
            payments: example.payments.reversed().map { MessageCodec.encode($0).hex })
        let failure = #expect(throws: CommandFailure.self) {
            _ = try WitnessFile(decoding: swapped, of: network).execute()
        }
        #expect(failure?.kind == .mismatch)
        #expect(throws: CommandFailure.self) {
            _ = try job.proveLeaf(2, of: witness(), isCancelled: { false })
        }
    }

    @Test func `what a proof is worth is computed from its profile`() throws {
        let proof = try ExportedProof(decoding: example.root)
        let answer = try ProofInfoAnswer(proof, under: network)
        #expect(answer.network?.profile == "fast")
        #expect(answer.network?.provenBits == 57)
        #expect(answer.network?.conjecturedBits == 100)
        #expect(answer.network?.rows == 8192)
        let leafCapacity = example.document.rollup.leafCapacity
        #expect(answer.network?.leafCapacity == Int(leafCapacity))
        #expect(answer.network?.rowsPerPayment ?? 1000 <= 400)
        #expect(answer.network?.leafCapacityLimit ?? 0 >= Int(leafCapacity))
        #expect(answer.file?.circuit == "merge")
        #expect(answer.file?.publicInputs?.count == answer.network?.publicInputCount)
        #expect(answer.text.contains("57 bits proven"))
        let bare = try ProofInfoAnswer(proof, under: nil)
        #expect(bare.file?.publicInputs == nil)
        #expect(bare.network == nil)
        var document = example.document
        document.genesisNonce = String(repeating: "02", count: 32)
        let other = try NetworkDescription(document: document)
        #expect(throws: ProofFileError.self) { _ = try ProofInfoAnswer(proof, under: other) }
    }
}
