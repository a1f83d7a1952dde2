package import Circuit
import Commitment
import Field
import Hash
package import IOP

/// A proof as targets, `CircuitProof` in the circuit; all are the witness's to set.
package struct ProofTarget: Sendable {
    let wiresCap: [HashTarget]
    let productsCap: [HashTarget]
    let quotientCap: [HashTarget]
    /// `[batch][position]`, as in `PlonkShape`.
    let openings: [[ExtensionTarget]]
    let roundCaps: [[HashTarget]]
    let finalPolynomial: [ExtensionTarget]
    let nonce: Target
    let queries: [QueryTarget]
    /// All of them in the order of the proof's bytes.
    package let elements: [Target]

    package init(_ builder: inout CircuitBuilder, profile: ProofProfile) {
        self =
            profile.extensionDegree == QuadraticExtension.degree
            ? ProofTarget(&builder, PlonkShape<QuadraticExtension>(profile.fri), profile)
            : ProofTarget(&builder, PlonkShape<CubicExtension>(profile.fri), profile)
    }

    private init<Extension: ExtensionField>(
        _ builder: inout CircuitBuilder, _ shape: PlonkShape<Extension>, _ profile: ProofProfile
    ) {
        let fri = profile.fri
        precondition(
            fri.arityBits == 4 && fri.capHeight <= 4,
            "no circuit verifies arity 2^\(fri.arityBits) with caps of 2^\(fri.capHeight)")
        var maker = TargetMaker(degree: Extension.degree)
        wiresCap = maker.hashes(1 << fri.oracleCapHeight, &builder)
        productsCap = maker.hashes(1 << fri.oracleCapHeight, &builder)
        quotientCap = maker.hashes(1 << fri.oracleCapHeight, &builder)
        openings = shape.openingCounts.map { maker.extensions($0, &builder) }
        roundCaps = (0..<fri.roundCount).map {
            maker.hashes(1 << fri.capHeight(round: $0), &builder)
        }
        finalPolynomial = maker.extensions(fri.finalPolynomialCount, &builder)
        nonce = maker.targets(1, &builder)[0]
        queries = (0..<fri.queryCount).map { _ in
            QueryTarget(
                rows: shape.columnCounts.map { count in
                    QueryTarget.Row(
                        elements: maker.targets(count, &builder),
                        siblings: maker.hashes(fri.oraclePathLength, &builder))
                },
                rounds: (0..<fri.roundCount).map { round in
                    QueryTarget.Round(
                        values: maker.extensions(fri.arity, &builder),
                        siblings: maker.hashes(fri.pathLength(round: round), &builder))
                })
        }
        elements = maker.all
    }

    /// Sets everything. The proof's shape is the profile's, as that of every decoded proof is.
    package func assign(_ proof: CircuitProof, to witness: inout PartialWitness) {
        witness.set(elements, to: proof.elements)
    }
}

/// What one query opens.
struct QueryTarget: Sendable {
    struct Row: Sendable {
        let elements: [Target]
        let siblings: [HashTarget]
    }

    struct Round: Sendable {
        let values: [ExtensionTarget]
        let siblings: [HashTarget]
    }

    /// One for each oracle.
    let rows: [Row]
    let rounds: [Round]
}

private struct TargetMaker {
    let degree: Int
    private(set) var all: [Target] = []

    init(degree: Int) { self.degree = degree }

    mutating func targets(_ count: Int, _ builder: inout CircuitBuilder) -> [Target] {
        let targets = builder.addVirtualTargets(count)
        all += targets
        return targets
    }

    mutating func hashes(_ count: Int, _ builder: inout CircuitBuilder) -> [HashTarget] {
        (0..<count).map { _ in HashTarget(targets(Poseidon2.digestCount, &builder)) }
    }

    mutating func extensions(_ count: Int, _ builder: inout CircuitBuilder) -> [ExtensionTarget] {
        (0..<count).map { _ in ExtensionTarget(targets(degree, &builder)) }
    }
}
