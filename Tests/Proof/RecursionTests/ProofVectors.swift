import Circuit
import Field
import Foundation
import Hash
import IOP
import Payments
import PaymentsCircuit
import Recursion
import TestSupport
import Testing

/// A file of `Tests/Vectors/proof-format`: the keys of one profile, a proof of a leaf and one of a
/// merge. `ProofFormatTests` makes them.
struct ProofVectors: Codable, Equatable {
    struct Key: Codable, Equatable {
        let bytes: String
        let digest: [HexElement]
    }

    struct Proof: Codable, Equatable {
        /// Beside this file.
        let file: String
        let publicInputs: [HexElement]
        let publicInputsHash: [HexElement]
        let challenges: ChallengeTrace
    }

    let source: String
    let version: UInt64
    let profile: String
    /// What the transcript absorbs first, in order.
    let parameters: [UInt64]
    let shapeDigest: [HexElement]
    let leafKey: Key
    let mergeKey: Key
    let leaf: Proof
    let merge: Proof
}

/// A profile that has vectors.
struct VectorProfile: CustomTestStringConvertible, Sendable {
    let name: String
    let profile: ProofProfile

    static let tiny = VectorProfile(name: "tiny", profile: .tinyMerge)
    static let fast = VectorProfile(name: "fast", profile: .fast)
    static let proven100 = VectorProfile(name: "proven100", profile: .proven100)
    static let all = [tiny, fast, proven100]

    var testDescription: String { name }

    func vectors() throws -> ProofVectors {
        try VectorFile.decode(ProofVectors.self, from: "proof-format/\(name).json")
    }

    func proof(_ proof: ProofVectors.Proof) throws -> [UInt8] {
        try Array(VectorFile.data("proof-format/\(proof.file)"))
    }

    func key(_ key: ProofVectors.Key) throws -> VerifyingKey {
        try VerifyingKey(bytes: Self.bytes(hex: key.bytes), profile: profile)
    }

    private static func bytes(hex: String) throws -> [UInt8] {
        let digits = try hex.map { try #require($0.hexDigitValue) }
        try #require(digits.count.isMultiple(of: 2))
        return stride(from: 0, to: digits.count, by: 2).map {
            UInt8(digits[$0] << 4 | digits[$0 + 1])
        }
    }
}

/// The vectors of a profile as the code at hand makes them.
struct MadeVectors {
    let vectors: ProofVectors
    /// By file name.
    let proofs: [(file: String, bytes: [UInt8])]

    init(_ profile: VectorProfile) throws {
        let block = try VectorBlock(profile)
        let leaves = try (0..<2).map { try block.provenLeaf($0) }
        let root = try block.provenMerge(leaves)
        let (circuit, merge) = (block.circuit, block.merge)
        let files = ["\(profile.name)-leaf.proof", "\(profile.name)-merge.proof"]
        proofs = [(files[0], leaves[0].proofBytes), (files[1], root.proofBytes)]
        vectors = ProofVectors(
            source: "made by this repository's ProofFormatTests; see README.md",
            version: CircuitParameters.version, profile: profile.name,
            parameters: profile.profile.transcriptParameters,
            shapeDigest: Self.hex(
                VerifyingKey.shapeDigest(
                    profile: profile.profile, publicInputCount: NodeStatement.publicInputCount
                ).elements),
            leafKey: Self.key(circuit.verifyingKey), mergeKey: Self.key(merge.verifyingKey),
            leaf: try Self.proof(leaves[0], files[0], key: circuit.verifyingKey),
            merge: try Self.proof(root, files[1], key: merge.verifyingKey))
    }

    private static func key(_ key: VerifyingKey) -> ProofVectors.Key {
        ProofVectors.Key(
            bytes: key.bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
                .joined(),
            digest: hex(key.digest.elements))
    }

    private static func proof(
        _ node: ProvenNode, _ file: String, key: VerifyingKey
    ) throws -> ProofVectors.Proof {
        let inputs = node.statement.publicInputs
        return ProofVectors.Proof(
            file: file, publicInputs: hex(inputs),
            publicInputsHash: hex(ExecutionTable.publicInputsHash(inputs).elements),
            challenges: ChallengeTrace(
                key: key, elements: try CircuitProof(bytes: node.proofBytes, key: key).elements,
                publicInputs: inputs))
    }

    private static func hex(_ elements: [Goldilocks]) -> [HexElement] {
        elements.map { HexElement($0) }
    }
}
