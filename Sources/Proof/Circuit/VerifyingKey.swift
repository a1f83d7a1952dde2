package import Commitment
internal import Field
package import Hash
package import IOP

/// What a verifier must know of a circuit: its parameters and the commitment to its rows and
/// copies. Circuits of one profile and number of public inputs differ in the cap alone.
package struct VerifyingKey: Hashable, Sendable {
    package let profile: ProofProfile
    package let publicInputCount: Int
    /// Of selectors, constants and σ.
    package let constantsCap: MerkleCap
    /// Names the circuit: `digest(shape:cap:)` of the above.
    package let digest: HashOutput

    init(profile: ProofProfile, publicInputCount: Int, constantsCap: MerkleCap) {
        self.profile = profile
        self.publicInputCount = publicInputCount
        self.constantsCap = constantsCap
        digest = Self.digest(
            shape: Self.shapeDigest(profile: profile, publicInputCount: publicInputCount),
            cap: constantsCap)
    }

    /// H(shape ‖ cap): a circuit that verifies proofs recomputes this from the cap.
    package static func digest(shape: HashOutput, cap: MerkleCap) -> HashOutput {
        Hash.hash(domain: .verifyingKey, shape.elements + cap.elements)
    }

    /// Digest of all that circuits of one shape have in common: version, dimensions, gates and
    /// their groups, profile, number of public inputs.
    package static func shapeDigest(
        profile: ProofProfile, publicInputCount: Int
    ) -> HashOutput {
        let dimensions = [
            CircuitParameters.wireCount, CircuitParameters.routedWireCount,
            CircuitParameters.constantsPerRow, CircuitParameters.maximumConstraintDegree,
            CircuitParameters.copyChunkSize, publicInputCount,
        ]
        let groups = SelectorLayout.standard.groups.flatMap { group in
            [UInt64(group.count)] + group.map { UInt64($0.rawValue) }
        }
        let numbers =
            [CircuitParameters.version] + dimensions.map { UInt64($0) } + [UInt64(groups.count)]
            + groups + profile.transcriptParameters
        return Hash.hash(domain: .circuitShape, numbers.map { Goldilocks($0) })
    }
}

extension VerifyingKey {
    /// The number of public inputs and the cap, eight little-endian bytes an element.
    package var bytes: [UInt8] {
        var writer = ProofWriter()
        writer.write(Goldilocks(UInt64(publicInputCount)))
        writer.write(constantsCap)
        return writer.bytes
    }

    /// The key with these bytes under a profile, which is never a peer's to choose.
    package init(bytes: [UInt8], profile: ProofProfile) throws(CircuitError) {
        do {
            var reader = ProofReader(bytes)
            let count = try reader.element().canonical
            let cap = try reader.cap(height: profile.fri.oracleCapHeight)
            try reader.finish()
            guard count <= UInt64(CircuitParameters.maximumPublicInputCount) else {
                throw CircuitError.publicInputCount(
                    expected: CircuitParameters.maximumPublicInputCount,
                    found: Int(clamping: count))
            }
            self.init(profile: profile, publicInputCount: Int(count), constantsCap: cap)
        } catch let error as CommitmentError {
            throw .commitment(error)
        } catch let error as CircuitError {
            throw error
        } catch { preconditionFailure("no other error is thrown above") }
    }
}
