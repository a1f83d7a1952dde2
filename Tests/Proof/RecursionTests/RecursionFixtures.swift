import Circuit
import Commitment
import Field
import Hash
import IOP
import Payments
import Primitives
import Recursion

extension ProofProfile {
    /// `tiny` over the cubic extension.
    static let tinyCubic = ProofProfile(
        extensionDegree: 3, fri: ProofProfile.tiny.fri, openingLimit: 320, constraintLimit: 256,
        constraintDegree: 9, routedWireLimit: 80)

    /// The least table that holds two verifiers of its own proofs; worth nothing.
    static let tinyMerge = ProofProfile.tiny.with(degreeBits: 11)
}

/// A circuit whose public inputs are anything: any statement is true in it.
struct AnyStatementCircuit: Sendable {
    let circuit: Circuit
    private let targets: [Target]

    init(_ profile: ProofProfile, publicInputCount: Int = NodeStatement.publicInputCount) throws {
        var builder = CircuitBuilder()
        targets = builder.addVirtualTargets(publicInputCount)
        builder.registerPublicInputs(targets)
        circuit = try builder.build(profile)
    }

    var key: VerifyingKey { circuit.verifyingKey }

    func prove(_ publicInputs: [Goldilocks]) throws -> CircuitProof {
        var witness = PartialWitness()
        witness.set(targets, to: publicInputs)
        return try CircuitProver.prove(circuit, witness)
    }
}

/// A circuit that verifies one proof and shows all its challenges as public inputs.
struct VerifyingTable {
    let table: ExecutionTable
    private let proof: ProofTarget
    private let publicInputs: [Target]
    private let cap: [Target]
    private let digest: HashOutput

    init(of key: VerifyingKey, degreeBits: Int) throws {
        var builder = CircuitBuilder()
        let profile = key.profile
        let shape = VerifyingKey.shapeDigest(
            profile: profile, publicInputCount: key.publicInputCount)
        let keyTarget = builder.addVerifyingKey(shape: shape, profile: profile)
        let digest = builder.constant(key.digest)
        builder.assertEqual(keyTarget.digest, digest)
        proof = ProofTarget(&builder, profile: profile)
        publicInputs = builder.addVirtualTargets(key.publicInputCount)
        let challenges = builder.verify(
            proof, publicInputs: publicInputs, key: keyTarget, profile: profile)
        builder.registerPublicInputs(challenges.all)
        cap = keyTarget.cap.flatMap(\.elements)
        self.digest = key.digest
        table = try builder.buildTable(degreeBits: degreeBits)
    }

    /// `elements` are the proof's in the order of its bytes.
    func witness(
        _ elements: [Goldilocks], publicInputs values: [Goldilocks], cap capElements: [Goldilocks]
    ) -> PartialWitness {
        var witness = PartialWitness()
        witness.set(proof.elements, to: elements)
        witness.set(publicInputs, to: values)
        witness.set(cap, to: capElements)
        return witness
    }
}
