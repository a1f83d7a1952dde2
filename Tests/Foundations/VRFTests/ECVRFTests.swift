import Cryptography
import TestSupport
import Testing
import VRF

struct ECVRFTests {
    private struct Example: Decodable {
        let suite: String
        let secretKey: String
        let publicKey: String
        let alpha: String
        let pi: String
        let beta: String

        private enum CodingKeys: String, CodingKey {
            case suite = "suite_string"
            case secretKey = "SK"
            case publicKey = "PK"
            case alpha
            case pi
            case beta
        }
    }

    private struct Edge: Decodable {
        let name: String
        let suite: String
        let publicKey: String
        let alpha: String
        let pi: String
        let beta: String?

        private enum CodingKeys: String, CodingKey {
            case name
            case suite = "suite_string"
            case publicKey = "PK"
            case alpha
            case pi
            case beta = "strict_beta"
        }
    }

    private struct File<Vector: Decodable>: Decodable {
        let vectors: [Vector]
    }

    private static func examples() throws -> [Example] {
        try VectorFile.decode(File<Example>.self, from: "rfc9381-ecvrf-edwards25519.json")
            .vectors.filter { $0.suite == "03" }
    }

    private static func bytes(_ hex: String) throws -> [UInt8] {
        try #require([UInt8](hex: hex))
    }

    private static func secretKey(_ hex: String) throws -> VRFSecretKey {
        try VRFSecretKey(seed: SecretBytes(copying: bytes(hex)))
    }

    private static func key(repeating byte: UInt8) throws -> VRFSecretKey {
        try VRFSecretKey(seed: SecretBytes(copying: [UInt8](repeating: byte, count: 32)))
    }

    @Test func `the examples of RFC 9381 appendix B3 are proven bit for bit`() throws {
        let examples = try Self.examples()
        #expect(examples.count >= 3)
        for example in examples {
            let secretKey = try Self.secretKey(example.secretKey)
            #expect(secretKey.publicKey.hex == example.publicKey)
            let (proof, output) = secretKey.prove(try Self.bytes(example.alpha))
            #expect(proof.bytes.hex == example.pi)
            #expect(output.bytes.hex == example.beta)
        }
    }

    @Test func `the examples of RFC 9381 appendix B3 verify`() throws {
        for example in try Self.examples() {
            let key = try #require(VRFPublicKey(hex: example.publicKey))
            let proof = try #require(VRFProof(Self.bytes(example.pi)))
            let output = ECVRF.verify(
                key: key, input: try Self.bytes(example.alpha), proof: proof)
            #expect(output?.bytes.hex == example.beta)
            #expect(ECVRF.claimedOutput(of: proof) == output)
            #expect(ECVRF.isValidKey(key))
        }
    }

    @Test func `every hostile proof gets the strict rule's answer`() throws {
        let edges = try VectorFile.decode(
            File<Edge>.self, from: "ecvrf-edwards25519-edge.json"
        ).vectors.filter { $0.suite == "03" }
        #expect(edges.count >= 40)
        for edge in edges {
            let bytes = try Self.bytes(edge.pi)
            let key = try #require(VRFPublicKey(hex: edge.publicKey))
            let output = try VRFProof(bytes).flatMap {
                ECVRF.verify(key: key, input: try Self.bytes(edge.alpha), proof: $0)
            }
            #expect(output?.bytes.hex == edge.beta, "\(edge.name)")
        }
    }

    @Test func `an input, a key or a proof changed in any byte is refused`() throws {
        let secretKey = try Self.key(repeating: 9)
        let key = secretKey.publicKey
        let input = VRFInput.draw(.fernet, networkID: Digest.zero, slot: 3, beacon: .zero)
        let (proof, output) = secretKey.prove(input)
        #expect(ECVRF.verify(key: key, input: input, proof: proof) == output)
        for index in proof.bytes.indices {
            var changed = proof.bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let forged = try #require(VRFProof(changed))
            #expect(ECVRF.verify(key: key, input: input, proof: forged) == nil, "byte \(index)")
        }
        for index in stride(from: 0, to: input.count, by: 7) {
            var changed = input
            changed[index] ^= 1
            #expect(ECVRF.verify(key: key, input: changed, proof: proof) == nil)
        }
        let other = try Self.key(repeating: 10).publicKey
        #expect(ECVRF.verify(key: other, input: input, proof: proof) == nil)
    }

    @Test func `an input beyond the limit is refused before any arithmetic`() throws {
        let secretKey = try Self.key(repeating: 9)
        let limit = [UInt8](repeating: 1, count: VRFParameters.maximumInputByteCount)
        let (proof, output) = secretKey.prove(limit)
        #expect(ECVRF.verify(key: secretKey.publicKey, input: limit, proof: proof) == output)
        #expect(ECVRF.verify(key: secretKey.publicKey, input: limit + [1], proof: proof) == nil)
    }

    @Test func `a proof has exactly eighty bytes`() {
        #expect(VRFProof([UInt8](repeating: 0, count: 79)) == nil)
        #expect(VRFProof([UInt8](repeating: 0, count: 81)) == nil)
    }

    @Test func `a seed of another length is refused`() throws {
        #expect(throws: CryptographyError.wrongByteCount(expected: 32, found: 31)) {
            _ = try VRFSecretKey(seed: SecretBytes(copying: [UInt8](repeating: 1, count: 31)))
        }
    }

    @Test func `the self test passes with this library`() throws {
        try VRFSelfTest.run()
    }

    @Test func `the identity and points of low order are no keys`() {
        let hostile = [
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000000",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        ]
        for hex in hostile { #expect(!ECVRF.isValidKey(VRFPublicKey(hex: hex)!), "\(hex)") }
    }
}
