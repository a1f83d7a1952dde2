import Circuit
import Cryptography
import Field
import Foundation
import IOP
import NodeProofs
import Payments
import Primitives

/// A proof of `Tests/Vectors/proof-format`, and a node that carries it.
struct Golden {
    let key: VerifyingKey
    let keyBytes: [UInt8]
    let publicInputs: [Goldilocks]
    let proof: [UInt8]
    let verifier: NodeVerifier
    /// The node of a proof tree that the proof belongs to, as docs/protocol/proofs.md lays it out.
    let node: [UInt8]
    let expectation: NodeExpectation

    static let all: [Golden] = {
        do {
            return try load("tiny", .tiny.with(degreeBits: 11)) + load("fast", .fast)
        } catch { fatalError("\(error)") }
    }()

    private struct File: Decodable {
        struct Key: Decodable { let bytes: String }
        struct Proof: Decodable {
            let file: String
            let publicInputs: [String]
        }
        let leafKey: Key
        let mergeKey: Key
        let leaf: Proof
        let merge: Proof
    }

    private static func load(_ name: String, _ profile: ProofProfile) throws -> [Golden] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Vectors/proof-format")
        func data(_ file: String) throws -> Data {
            try Data(contentsOf: folder.appending(path: file))
        }
        let file = try JSONDecoder().decode(File.self, from: data("\(name).json"))
        let (leafKey, mergeKey) = try (
            VerifyingKey(bytes: bytes(hex: file.leafKey.bytes), profile: profile),
            VerifyingKey(bytes: bytes(hex: file.mergeKey.bytes), profile: profile)
        )
        let verifier = NodeVerifier(leafKey: leafKey, mergeKey: mergeKey)
        let (leafInputs, mergeInputs) = (
            file.leaf.publicInputs.map(element), file.merge.publicInputs.map(element)
        )
        // The tree of the vectors: provers 1 and 2 of the leaves, 3 of the merge.
        let states = [digest(leafInputs, 6), digest(leafInputs, 10), digest(mergeInputs, 10)]
        return try [
            Golden(
                key: leafKey, publicInputs: leafInputs, proof: Array(data(file.leaf.file)),
                verifier: verifier, states: Array(states[..<2]), provers: [1]),
            Golden(
                key: mergeKey, publicInputs: mergeInputs, proof: Array(data(file.merge.file)),
                verifier: verifier, states: states, provers: [1, 2, 3]),
        ]
    }

    private init(
        key: VerifyingKey, publicInputs: [Goldilocks], proof: [UInt8], verifier: NodeVerifier,
        states: [FieldDigest], provers: [UInt64]
    ) {
        self.key = key
        keyBytes = key.bytes
        self.publicInputs = publicInputs
        self.proof = proof
        self.verifier = verifier
        let leafCount = states.count - 1
        let paymentRoot = Self.digest(publicInputs, 14)
        let fees = publicInputs[26].canonical
        node =
            Self.bigEndian(0, byteCount: 4) + Self.bigEndian(UInt64(leafCount), byteCount: 4)
            + paymentRoot.bytes + Self.bigEndian(fees, byteCount: 8)
            + states.flatMap(\.bytes)
            + provers.flatMap { Bytes32(words: $0, 2, 3, 4).bytes } + proof
        expectation = NodeExpectation(
            blockID: BlockID(Self.digest(publicInputs, 0)),
            range: LeafRange(first: 0, count: leafCount)!, prover: nil, stateBefore: states[0],
            stateAfter: states[leafCount], paymentRoot: paymentRoot, feeSum: Amount(units: fees))
        do {
            try CircuitVerifier.verify(proofBytes: proof, publicInputs: publicInputs, key: key)
            _ = try verifier.verify(node, expecting: expectation)
        } catch { fatalError("a golden proof is refused: \(error)") }
    }

    private static func digest(_ inputs: [Goldilocks], _ first: Int) -> FieldDigest {
        FieldDigest(elements: inputs[first..<first + 4].map(\.canonical)) ?? .zero
    }

    private static func bigEndian(_ number: UInt64, byteCount: Int) -> [UInt8] {
        (0..<byteCount).reversed().map { UInt8(truncatingIfNeeded: number >> UInt64(8 * $0)) }
    }

    private static func element(_ text: String) -> Goldilocks {
        Goldilocks(UInt64(text.dropFirst(2), radix: 16) ?? 0)
    }

    private static func bytes(hex: String) -> [UInt8] {
        let digits = Array(hex.utf8)
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(String(decoding: digits[$0..<$0 + 2], as: UTF8.self), radix: 16) ?? 0
        }
    }
}
