// Circuits and their proofs.
//
// A circuit is a table of 2^k rows and 135 wires over Goldilocks. Each row has a gate, whose
// equations bind the row's wires; copy constraints join cells of the first 80 columns. A proof
// commits, with FRI, to the wires, to the running products of the copy argument and to the
// quotient of all constraints, combined by powers of α, by the polynomial that vanishes on the
// rows; the quotient's identity is then checked at one point ζ. Challenges are elements of the
// extension field, so nothing is repeated. There is no zero knowledge: openings speak of the
// witness.
//
// Bounds: constraints of degree 9 with their selectors, on a blow-up of 8; `CircuitParameters`.
// Deviations from plonky2, whose shape this is: Poseidon2; permutation and α challenges from the
// extension; all gates in each circuit; every selector group's filter has the factor for 0.
// Proving is deterministic: one statement, one proof.
//
// Source: GWC19 "PLONK" (eprint 2019/953); plonky2 white paper (2022), section 4.

internal import Commitment
internal import Field
internal import Hash
package import IOP

/// A circuit ready to prove: the table and the commitment to it.
package struct Circuit: Sendable {
    package let table: ExecutionTable
    package let verifyingKey: VerifyingKey
    /// Selectors, constants and σ.
    let constantsOracle: PolynomialOracle
    /// σ's labels on the rows.
    let sigmas: FieldMatrix

    init(table: ExecutionTable, profile: ProofProfile) {
        let sigmas = CopyArgument.sigmaColumns(of: table)
        let oracle = PolynomialOracle(
            values: Self.constantColumns(of: table, sigmas: sigmas),
            rateBits: profile.fri.rateBits, capHeight: profile.fri.capHeight)
        self.table = table
        self.sigmas = sigmas
        constantsOracle = oracle
        verifyingKey = VerifyingKey(
            profile: profile, publicInputCount: table.publicInputCount, constantsCap: oracle.cap)
    }

    /// The first constraint that the witness breaks, nil if the circuit is satisfied.
    package func firstViolation(_ witness: PartialWitness) -> ConstraintViolation? {
        table.firstViolation(witness)
    }

    private static func constantColumns(
        of table: ExecutionTable, sigmas: FieldMatrix
    ) -> FieldMatrix {
        let layout = SelectorLayout.standard
        let constantCount = CircuitParameters.constantsPerRow
        var elements: [Goldilocks] = []
        elements.reserveCapacity(table.rowCount * (layout.columnCount + sigmas.columnCount))
        for row in 0..<table.rowCount {
            elements += layout.selectors(of: table.gates[row])
            elements += table.rowConstants[row * constantCount..<(row + 1) * constantCount]
            elements += sigmas.row(row)
        }
        return FieldMatrix(
            rowCount: table.rowCount, columnCount: layout.columnCount + sigmas.columnCount,
            elements: elements)
    }
}

extension CircuitBuilder {
    /// Closes the circuit and commits to it: about a second for 2^13 rows.
    ///
    /// Throws `doesNotFit`.
    package consuming func build(_ profile: ProofProfile) throws(CircuitError) -> Circuit {
        CircuitParameters.check(profile)
        let table = try buildTable(degreeBits: profile.degreeBits)
        precondition(
            table.extensionDegree ?? profile.extensionDegree == profile.extensionDegree,
            "a circuit over the extension of degree \(table.extensionDegree ?? 0) is none of the profile's"
        )
        return Circuit(table: table, profile: profile)
    }
}

extension CircuitParameters {
    /// A profile's claim of security counts on these limits.
    private static func fits(_ profile: ProofProfile) -> Bool {
        let shape = PlonkShape<CubicExtension>(profile.fri)
        return 1 << profile.fri.rateBits == quotientChunkCount
            && shape.openingCounts.reduce(0, +) <= profile.openingLimit
            && 1 + copyProductCount + GateKind.maximumConstraintCount <= profile.constraintLimit
            && maximumConstraintDegree <= profile.constraintDegree
            && routedWireCount <= profile.routedWireLimit
    }

    fileprivate static func check(_ profile: ProofProfile) {
        precondition(fits(profile), "circuits go beyond what the profile's security allows for")
    }
}
