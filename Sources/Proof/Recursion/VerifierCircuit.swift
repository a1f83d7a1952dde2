// Proofs of proofs.
//
// A circuit that verifies: a proof's elements are its targets, and it constrains what
// `CircuitVerifier` checks. Challenges are drawn from them by the code that draws the host's
// (`PlonkTranscript`, `FRIChallenges`, over targets for values), gates are evaluated at ζ by the
// gates' own equations (`SymbolicConstraints`), and every query follows its paths to the caps and
// its values through the folding rounds. `MergeCircuit` verifies two such proofs and says of both
// what `NodeStatement.merging` says; its proof has the shape of those that it verifies, so trees
// of any height take circuits of one size.
//
// Rows, and what they are spent on: docs/decisions, "The merge circuit's rows".
//
// Deviations from `CircuitVerifier`, each of which refuses more: ζ in the base field (probability
// 2⁻⁶⁴) is not verifiable here, so that no denominator is zero; parameters are fixed when the
// circuit is made. Arity 16 and caps of at most 16 digests only.
//
// Source: plonky2 `recursion/recursive_verifier.rs` and `fri/recursive_verifier.rs`.

package import Circuit
import Commitment
import Field
package import Hash
package import IOP

/// What the verifying circuit holds of the key under which a proof is made.
package struct VerifyingKeyTarget: Sendable {
    package let digest: HashTarget
    /// 2^capHeight digests.
    package let cap: [HashTarget]
}

extension CircuitBuilder {
    /// A key for the witness to set, whose digest is computed from its cap.
    package mutating func addVerifyingKey(
        shape: HashOutput, profile: ProofProfile
    ) -> VerifyingKeyTarget {
        let cap = (0..<1 << profile.fri.oracleCapHeight).map { _ in addVirtualHash() }
        let shape = constant(shape)
        let digest = hash(
            domain: .verifyingKey, shape.elements + cap.flatMap(\.elements))
        return VerifyingKeyTarget(digest: digest, cap: cap)
    }

    /// Constrains `proof` to prove that the circuit of `key`, one of `profile`, has a witness with
    /// these public inputs. The number of public inputs, like the profile, is part of the digest.
    @discardableResult
    package mutating func verify(
        _ proof: ProofTarget, publicInputs: [Target], key: VerifyingKeyTarget,
        profile: ProofProfile
    ) -> ChallengeTargets {
        profile.extensionDegree == QuadraticExtension.degree
            ? verify(proof, publicInputs, key, profile, QuadraticExtension.self)
            : verify(proof, publicInputs, key, profile, CubicExtension.self)
    }

    private mutating func verify<Extension: ExtensionField>(
        _ proof: ProofTarget, _ publicInputs: [Target], _ key: VerifyingKeyTarget,
        _ profile: ProofProfile, _: Extension.Type
    ) -> ChallengeTargets {
        let shape = PlonkShape<Extension>(profile.fri)
        let publicInputsHash = publicInputsHash(publicInputs)
        let challenges = challenges(
            of: proof, keyDigest: key.digest, publicInputsHash: publicInputsHash,
            profile: profile)
        // Outside the base field, where neither ζ's powers nor points of the domain lie.
        assertNonZero(challenges.zeta.elements[1])
        checkConstraints(
            proof.openings, challenges, publicInputsHash: publicInputsHash, shape: shape)
        checkOpenings(proof, challenges, keyCap: key.cap, shape: shape)
        return challenges
    }
}
