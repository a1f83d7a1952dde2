package import Field
internal import IOP

/// Checks proofs.
package enum CircuitVerifier {
    /// Returns if `proof` shows that the circuit of `key` has a witness with these public inputs,
    /// which are compared as field elements.
    ///
    /// Throws `publicInputCount`, `wrongProfile`, `commitment`, `constraintsBroken` and
    /// `unluckyChallenge`: each is a reason to reject. Never traps.
    package static func verify(
        _ proof: CircuitProof, publicInputs: [Goldilocks], key: VerifyingKey
    ) throws(CircuitError) {
        guard publicInputs.count == key.publicInputCount else {
            throw .publicInputCount(expected: key.publicInputCount, found: publicInputs.count)
        }
        switch proof.argument {
        case .quadratic(let proof):
            guard key.profile.extensionDegree == QuadraticExtension.degree else {
                throw .wrongProfile(
                    expected: key.profile.extensionDegree, found: QuadraticExtension.degree)
            }
            try PlonkVerifier(key: key).verify(proof, publicInputs: publicInputs)
        case .cubic(let proof):
            guard key.profile.extensionDegree == CubicExtension.degree else {
                throw .wrongProfile(
                    expected: key.profile.extensionDegree, found: CubicExtension.degree)
            }
            try PlonkVerifier(key: key).verify(proof, publicInputs: publicInputs)
        }
    }

    /// As above, for a proof as it travels.
    package static func verify(
        proofBytes: [UInt8], publicInputs: [Goldilocks], key: VerifyingKey
    ) throws(CircuitError) {
        let proof = try CircuitProof(bytes: proofBytes, key: key)
        try verify(proof, publicInputs: publicInputs, key: key)
    }
}
