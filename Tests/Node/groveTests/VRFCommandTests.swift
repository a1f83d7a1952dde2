import TestSupport
import Testing
import grove

private struct Vectors: Decodable {
    struct Vector: Decodable {
        let suite: String
        let secretKey: String
        let publicKey: String
        let alpha: String
        let pi: String
        let beta: String

        enum CodingKeys: String, CodingKey {
            case suite, alpha, pi, beta
            case secretKey = "SK"
            case publicKey = "PK"
        }
    }

    let vectors: [Vector]
}

@Suite struct VRFCommandTests {
    private let vectors: [Vectors.Vector]

    init() throws {
        vectors = try VectorFile.decode(Vectors.self, from: "rfc9381-ecvrf-edwards25519.json")
            .vectors.filter { $0.suite == "ECVRF-EDWARDS25519-SHA512-TAI" }
    }

    @Test func `prove answers the vectors of RFC 9381`() throws {
        #expect(vectors.count == 3)
        for vector in vectors {
            let answer = try VRFAnswer.prove(secretKey: vector.secretKey, alpha: vector.alpha)
            #expect(answer.pi == vector.pi)
            #expect(answer.beta == vector.beta)
            #expect(answer.publicKey == vector.publicKey)
        }
    }

    @Test func `verify takes the vectors of RFC 9381 and shows their output`() throws {
        for vector in vectors {
            let answer = try VRFAnswer.verify(
                publicKey: vector.publicKey, alpha: vector.alpha, proof: vector.pi)
            #expect(answer.valid)
            #expect(answer.beta == vector.beta)
        }
    }

    @Test func `verify says no to another input, key, proof or length`() throws {
        let vector = vectors[1]
        let wrong = [
            (vector.publicKey, "73", vector.pi),
            (vectors[0].publicKey, vector.alpha, vector.pi),
            (vector.publicKey, vector.alpha, vectors[0].pi),
            (vector.publicKey, vector.alpha, String(vector.pi.dropLast(2))),
            (String(vector.publicKey.dropLast(2)), vector.alpha, vector.pi),
        ]
        for (key, alpha, proof) in wrong {
            let answer = try VRFAnswer.verify(publicKey: key, alpha: alpha, proof: proof)
            #expect(!answer.valid)
            #expect(answer.beta == nil)
        }
    }

    @Test func `what is no hexadecimal or too long is wrong use`() {
        let vector = vectors[0]
        let calls: [() throws -> VRFAnswer] = [
            { try VRFAnswer.prove(secretKey: "zz", alpha: "") },
            { try VRFAnswer.prove(secretKey: "00", alpha: "") },
            { try VRFAnswer.prove(secretKey: vector.secretKey, alpha: "0") },
            {
                try VRFAnswer.prove(
                    secretKey: vector.secretKey, alpha: String(repeating: "00", count: 1_025))
            },
            { try VRFAnswer.verify(publicKey: "x", alpha: "", proof: vector.pi) },
            { try VRFAnswer.verify(publicKey: vector.publicKey, alpha: "", proof: "0x00") },
        ]
        for call in calls {
            let failure = #expect(throws: CommandFailure.self) { _ = try call() }
            #expect(failure?.kind == .usage)
        }
    }
}
