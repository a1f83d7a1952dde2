import Circuit
import Field
import Foundation
import Hash
import IOP
import TestSupport
import Testing

/// Holds the code against the bytes of `Tests/Vectors/proof-format`, which change only with
/// `CircuitParameters.version` or with the leaf circuit. With `GROVE_WRITE_VECTORS` set the files are
/// written instead of read.
@Suite(.serialized) struct ProofFormatTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let isWriting = environment["GROVE_WRITE_VECTORS"] != nil
    private static let takesTime = isWriting || environment["GROVE_SLOW_TESTS"] != nil

    /// `proven100` takes some ten seconds and is left to CI.
    @Test(arguments: takesTime ? VectorProfile.all : [.tiny, .fast])
    func `this code makes the golden proofs byte for byte`(profile: VectorProfile) throws {
        let made = try MadeVectors(profile)
        if Self.isWriting {
            for (file, bytes) in made.proofs {
                try VectorFile.write(Data(bytes), to: "proof-format/\(file)")
            }
            try VectorFile.write(json: made.vectors, to: "proof-format/\(profile.name).json")
        }
        #expect(try profile.vectors() == made.vectors)
        for (file, bytes) in made.proofs {
            #expect(try Array(VectorFile.data("proof-format/\(file)")) == bytes, "\(file)")
        }
    }

    @Test func `this code computes the golden parts`() throws {
        let made = PrimitiveVectors()
        if Self.isWriting {
            try VectorFile.write(json: made, to: "proof-format/primitives.json")
        }
        #expect(
            try VectorFile.decode(PrimitiveVectors.self, from: "proof-format/primitives.json")
                == made)
    }

    @Test(arguments: VectorProfile.all)
    func `golden proofs verify, and draw the golden challenges`(profile: VectorProfile) throws {
        let vectors = try profile.vectors()
        #expect(vectors.version == CircuitParameters.version)
        #expect(vectors.parameters == profile.profile.transcriptParameters)
        for (proof, key) in [(vectors.leaf, vectors.leafKey), (vectors.merge, vectors.mergeKey)] {
            let bytes = try profile.proof(proof)
            let verifyingKey = try profile.key(key)
            let inputs = proof.publicInputs.map(\.element)
            #expect(verifyingKey.digest.elements == key.digest.map(\.element))
            #expect(
                ExecutionTable.publicInputsHash(inputs).elements
                    == proof.publicInputsHash.map(\.element))
            try CircuitVerifier.verify(
                proofBytes: bytes, publicInputs: inputs, key: verifyingKey)
            let elements = try CircuitProof(bytes: bytes, key: verifyingKey).elements
            let trace = ChallengeTrace(
                key: verifyingKey, elements: elements, publicInputs: inputs)
            #expect(trace == proof.challenges)
        }
    }

    /// Own key and kinds: the last four public inputs.
    @Test(arguments: VectorProfile.all)
    func `the own key of a golden proof picks its key`(profile: VectorProfile) throws {
        let vectors = try profile.vectors()
        #expect(vectors.leaf.publicInputs.suffix(4).allSatisfy { $0.element.isZero })
        #expect(Array(vectors.merge.publicInputs.suffix(4)) == vectors.mergeKey.digest)
    }
}

extension VectorFile {
    static func write(json value: some Encodable, to name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try write(encoder.encode(value) + Data("\n".utf8), to: name)
    }

    static func write(_ data: Data, to name: String) throws {
        try data.write(to: location(name))
    }
}
