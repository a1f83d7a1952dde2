import Circuit
import Commitment
import Field
import Hash
import IOP
import Testing

/// A circuit that uses every gate: proves to know x with hash(x) = digest and x < 2^40.
struct SampleCircuit {
    let circuit: Circuit
    let secret: Target
    let digest: HashOutput

    static let secretValue: Goldilocks = 123_456_789

    init(_ profile: ProofProfile, offset: Goldilocks = 0) throws {
        var builder = CircuitBuilder()
        secret = builder.addVirtualTarget()
        let shifted = builder.add(secret, offset)
        builder.rangeCheck(shifted, bitCount: 40)
        let square = builder.mul(secret, shifted)
        builder.registerPublicInputs(builder.hash(domain: "sample", [secret, shifted]))
        builder.registerPublicInput(square)
        circuit = try builder.build(profile)
        digest = hash(domain: "sample", [Self.secretValue, Self.secretValue + offset])
    }

    var witness: PartialWitness {
        var witness = PartialWitness()
        witness.set(secret, to: Self.secretValue)
        return witness
    }

    func publicInputs(offset: Goldilocks = 0) -> [Goldilocks] {
        digest.elements + [Self.secretValue * (Self.secretValue + offset)]
    }

    var key: VerifyingKey { circuit.verifyingKey }
}

/// `tiny` over the cubic extension.
let tinyCubic = ProofProfile(
    extensionDegree: 3, fri: ProofProfile.tiny.fri, openingLimit: 320, constraintLimit: 256,
    constraintDegree: 9, routedWireLimit: 80)

struct CircuitProofTests {
    @Test(arguments: [ProofProfile.tiny, tinyCubic])
    func `a true statement is proven`(profile: ProofProfile) throws {
        let sample = try SampleCircuit(profile)
        let proof = try CircuitProver.prove(sample.circuit, sample.witness)
        try CircuitVerifier.verify(proof, publicInputs: sample.publicInputs(), key: sample.key)
        #expect(proof.bytes.count == CircuitProof.byteCount(key: sample.key))
        let decoded = try CircuitProof(bytes: proof.bytes, key: sample.key)
        #expect(decoded == proof)
    }

    @Test func `a true statement is proven with the fast profile`() throws {
        let sample = try SampleCircuit(.fast)
        let clock = ContinuousClock()
        var proof: CircuitProof?
        let proving = try clock.measure {
            proof = try CircuitProver.prove(sample.circuit, sample.witness)
        }
        let bytes = try #require(proof?.bytes)
        let verifying = try clock.measure {
            try CircuitVerifier.verify(
                proofBytes: bytes, publicInputs: sample.publicInputs(), key: sample.key)
        }
        print("fast: proved in \(proving), \(bytes.count) bytes, verified in \(verifying)")
    }

    @Test func `the same statement gives the same bytes`() throws {
        let first = try SampleCircuit(.tiny)
        let second = try SampleCircuit(.tiny)
        #expect(first.key == second.key)
        #expect(
            try CircuitProver.prove(first.circuit, first.witness).bytes
                == CircuitProver.prove(second.circuit, second.witness).bytes)
    }

    @Test func `other public inputs are refused`() throws {
        let sample = try SampleCircuit(.tiny)
        let proof = try CircuitProver.prove(sample.circuit, sample.witness)
        let inputs = sample.publicInputs()
        for index in inputs.indices {
            var wrong = inputs
            wrong[index] += 1
            #expect(throws: CircuitError.constraintsBroken) {
                try CircuitVerifier.verify(proof, publicInputs: wrong, key: sample.key)
            }
        }
        for wrong in [[], Array(inputs.dropLast()), inputs + [0]] {
            #expect(
                throws: CircuitError.publicInputCount(
                    expected: inputs.count, found: wrong.count)
            ) { try CircuitVerifier.verify(proof, publicInputs: wrong, key: sample.key) }
        }
    }

    @Test func `a proof of one circuit is none of another`() throws {
        let sample = try SampleCircuit(.tiny)
        let other = try SampleCircuit(.tiny, offset: 1)
        #expect(sample.key.digest != other.key.digest)
        let proof = try CircuitProver.prove(sample.circuit, sample.witness)
        #expect(throws: CircuitError.self) {
            try CircuitVerifier.verify(
                proof, publicInputs: sample.publicInputs(), key: other.key)
        }
        let cubic = try SampleCircuit(tinyCubic)
        #expect(throws: CircuitError.wrongProfile(expected: 3, found: 2)) {
            try CircuitVerifier.verify(
                proof, publicInputs: sample.publicInputs(), key: cubic.key)
        }
    }

    @Test(arguments: [ProofProfile.tiny, tinyCubic])
    func `each element of a proof counts`(profile: ProofProfile) throws {
        let sample = try SampleCircuit(profile)
        let bytes = try CircuitProver.prove(sample.circuit, sample.witness).bytes
        for element in 0..<bytes.count / Goldilocks.byteCount {
            var changed = bytes
            changed[element * Goldilocks.byteCount] ^= 1
            #expect(throws: CircuitError.self, "element \(element)") {
                try CircuitVerifier.verify(
                    proofBytes: changed, publicInputs: sample.publicInputs(), key: sample.key)
            }
        }
    }

    @Test func `bytes of another length are refused`() throws {
        let sample = try SampleCircuit(.tiny)
        let bytes = try CircuitProver.prove(sample.circuit, sample.witness).bytes
        for length in [0, 1, 8, bytes.count / 2, bytes.count - 8, bytes.count - 1] {
            #expect(throws: CircuitError.self) {
                _ = try CircuitProof(bytes: Array(bytes[..<length]), key: sample.key)
            }
        }
        #expect(throws: CircuitError.commitment(.trailingBytes(count: 1))) {
            _ = try CircuitProof(bytes: bytes + [0], key: sample.key)
        }
    }

    @Test func `a non-canonical element is refused`() throws {
        let sample = try SampleCircuit(.tiny)
        let bytes = try CircuitProver.prove(sample.circuit, sample.witness).bytes
        for element in stride(from: 0, to: bytes.count / 8, by: 7) {
            var changed = bytes
            for byte in 0..<8 { changed[element * 8 + byte] = 0xFF }
            #expect(
                throws: CircuitError.commitment(.nonCanonicalElement(offset: element * 8))
            ) { _ = try CircuitProof(bytes: changed, key: sample.key) }
        }
    }

    @Test func `a false statement is not proven`() throws {
        let sample = try SampleCircuit(.tiny)
        var witness = PartialWitness()
        witness.set(sample.secret, to: Goldilocks(1 << 41))
        #expect(throws: CircuitError.self) {
            _ = try CircuitProver.prove(sample.circuit, witness)
        }
        #expect(throws: CircuitError.self) {
            _ = try CircuitProver.prove(sample.circuit, PartialWitness())
        }
    }

    @Test func `a prover who skips his checks convinces nobody`() throws {
        let sample = try SampleCircuit(.tiny)
        var witness = PartialWitness()
        witness.set(sample.secret, to: Goldilocks(1 << 41))
        let completed = sample.circuit.table.completingUnchecked(witness)
        let proof = try CircuitProver.proveUnchecked(sample.circuit, completed)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(
                proof, publicInputs: completed.publicInputs, key: sample.key)
        }
    }

    @Test func `a cell that breaks its copies convinces nobody`() throws {
        let sample = try SampleCircuit(.tiny)
        let table = sample.circuit.table
        let honest = try table.completing(sample.witness)
        // A padding row has no equations: only copies could bind its cells, and none do.
        var harmless = honest
        harmless.wires[table.rowCount - 1, 0] = 5
        #expect(table.firstViolation(harmless) == nil)
        // Input 11 of the first permutation is a copy of the constant zero.
        let row = try #require(table.gates.firstIndex(of: .poseidon2))
        var broken = honest
        broken.wires[row, 0] += 1
        let proof = try CircuitProver.proveUnchecked(sample.circuit, broken)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(proof, publicInputs: honest.publicInputs, key: sample.key)
        }
    }

    @Test func `a key comes back from its bytes`() throws {
        let sample = try SampleCircuit(.tiny)
        let bytes = sample.key.bytes
        #expect(try VerifyingKey(bytes: bytes, profile: .tiny) == sample.key)
        #expect(throws: CircuitError.self) {
            _ = try VerifyingKey(bytes: Array(bytes.dropLast()), profile: .tiny)
        }
        #expect(throws: CircuitError.self) {
            _ = try VerifyingKey(bytes: bytes + [0], profile: .tiny)
        }
        var tooMany = bytes
        tooMany[2] = 1
        #expect(throws: CircuitError.self) {
            _ = try VerifyingKey(bytes: tooMany, profile: .tiny)
        }
    }

    @Test func `proving reports its phases in order and stops when told`() throws {
        let sample = try SampleCircuit(.tiny)
        let log = Log()
        _ = try CircuitProver.prove(
            sample.circuit, sample.witness,
            progress: { phase, fraction in if fraction == 0 { log.phases.append(phase) } })
        #expect(log.phases == ProvingPhase.allCases)

        for allowed in 0..<5 {
            let count = Log()
            #expect(throws: CircuitError.cancelled) {
                _ = try CircuitProver.prove(
                    sample.circuit, sample.witness,
                    isCancelled: {
                        count.questions += 1
                        return count.questions > allowed
                    })
            }
        }
    }

    private final class Log {
        var phases: [ProvingPhase] = []
        var questions = 0
    }
}
