internal import Commitment
package import Field

/// Where a bad prover departs from an honest one. Each closure changes what it is given before that
/// is committed to or sent, and the rest of the proof goes on from there: so tests of verifiers
/// have proofs that break one check and keep all others.
package struct ProofForgery {
    /// `[row][wire]`.
    package var wires: (inout FieldMatrix) -> Void = { _ in }
    /// Z and the partial products, `[row][product * degree + coefficient]`.
    package var products: (inout FieldMatrix) -> Void = { _ in }
    /// The openings at ζ, oracle after oracle, `[column][coefficient]`.
    package var openings: (inout FieldMatrix) -> Void = { _ in }
    /// What a folding round commits to, `[power][coefficient]`; after the last round, the final
    /// polynomial.
    package var polynomial: (_ round: Int, inout FieldMatrix) -> Void = { _, _ in }
    /// The bits of work to do; nil for what the profile wants.
    package var proofOfWorkBits: Int?

    /// An honest prover.
    package init() {}

    func alterOpenings<Element: ExtensionField>(_ openings: inout [Element]) {
        alter(&openings, by: self.openings)
    }

    func ofFRI<Element: ExtensionField>(_ parameters: FRIParameters) -> FRIForgery<Element> {
        FRIForgery(
            alterPolynomial: { round, elements in
                alter(&elements) { polynomial(round, &$0) }
            },
            proofOfWorkBits: proofOfWorkBits ?? parameters.proofOfWorkBits)
    }

    private func alter<Element: ExtensionField>(
        _ elements: inout [Element], by change: (inout FieldMatrix) -> Void
    ) {
        var matrix = FieldMatrix(
            rowCount: elements.count, columnCount: Element.degree,
            elements: elements.flatMap(\.coefficients))
        change(&matrix)
        elements = elements.indices.map { row in Element { matrix[row, $0] } }
    }
}
