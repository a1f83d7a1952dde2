import Commitment
import Field
import Hash
import SansIO
import Testing

/// A sponge with nothing to remember but its state: enough of a transcript for these tests.
struct TestChallenger: Challenger {
    private(set) var state = HashOutput.zero

    mutating func absorb(_ elements: [Goldilocks]) {
        state = hash(domain: "test", state.elements + elements)
    }

    mutating func challenge() -> Goldilocks {
        state = hash(domain: "draw", state.elements)
        return state.first
    }
}

/// Two oracles opened at two points, as a proof does it.
struct OpeningExample<Element: ExtensionField> {
    let parameters: FRIParameters
    let oracles: [PolynomialOracle]
    let plan: OpeningPlan<Element>
    let openings: [[Element]]

    init(_ parameters: FRIParameters, columnCounts: [Int] = [3, 10]) {
        self.parameters = parameters
        var generator = SeededGenerator(seed: 77)
        let rows = 1 << parameters.degreeBits
        oracles = columnCounts.map { count in
            PolynomialOracle(
                values: FieldMatrix(
                    rowCount: rows, columnCount: count,
                    elements: (0..<rows * count).map { _ in Goldilocks(generator.next()) }),
                rateBits: parameters.rateBits, capHeight: parameters.capHeight)
        }
        let zeta = Element { _ in Goldilocks(generator.next()) }
        let next = zeta * Goldilocks.rootOfUnity(bits: parameters.degreeBits)
        plan = OpeningPlan([
            OpeningBatch(
                point: zeta,
                selections: columnCounts.indices.map {
                    ColumnSelection(oracleIndex: $0, columns: 0..<columnCounts[$0])
                }),
            OpeningBatch(
                point: next, selections: [ColumnSelection(oracleIndex: 1, columns: 2..<4)]),
        ])
        openings = plan.open(oracles)
    }

    var columnCounts: [Int] { oracles.map(\.columnCount) }

    func prove() -> FRIProof<Element> { prove(openings: openings) }

    func prove(openings: [[Element]]) -> FRIProof<Element> {
        var transcript = TestChallenger()
        for oracle in oracles { transcript.absorb(oracle.cap) }
        return FRIProver.prove(
            oracles: oracles, plan: plan, openings: openings, parameters: parameters,
            transcript: &transcript)
    }

    func verify(_ proof: FRIProof<Element>) throws(CommitmentError) {
        try verify(proof, openings: openings, caps: oracles.map(\.cap))
    }

    func verify(
        _ proof: FRIProof<Element>, openings: [[Element]], caps: [MerkleCap]
    ) throws(CommitmentError) {
        var transcript = TestChallenger()
        for cap in caps { transcript.absorb(cap) }
        try FRIVerifier.verify(
            proof, caps: caps, columnCounts: columnCounts, plan: plan, openings: openings,
            parameters: parameters, transcript: &transcript)
    }

    func bytes(of proof: FRIProof<Element>) -> [UInt8] {
        var writer = ProofWriter()
        proof.write(to: &writer)
        return writer.bytes
    }

    func read(_ bytes: [UInt8]) throws(CommitmentError) -> FRIProof<Element> {
        var reader = ProofReader(bytes)
        let proof = try FRIProof<Element>(
            from: &reader, parameters: parameters, columnCounts: columnCounts)
        try reader.finish()
        return proof
    }
}

struct FRITests {
    private static func parameters(
        degreeBits: Int, arityBits: Int = 4, final: Int = 3, queries: Int = 3, work: Int = 3
    ) -> FRIParameters {
        FRIParameters(
            degreeBits: degreeBits, rateBits: 3, capHeight: 2, arityBits: arityBits,
            finalPolynomialBits: final, queryCount: queries, proofOfWorkBits: work)
    }

    @Test(arguments: 0...10)
    func `an honest opening verifies whatever the degree`(degreeBits: Int) throws {
        let quadratic = OpeningExample<QuadraticExtension>(Self.parameters(degreeBits: degreeBits))
        try quadratic.verify(quadratic.prove())
        let cubic = OpeningExample<CubicExtension>(Self.parameters(degreeBits: degreeBits))
        try cubic.verify(cubic.prove())
    }

    @Test(arguments: [1, 2, 3])
    func `an honest opening verifies whatever the arity`(arityBits: Int) throws {
        let example = OpeningExample<CubicExtension>(
            Self.parameters(degreeBits: 7, arityBits: arityBits))
        try example.verify(example.prove())
    }

    @Test func `openings are the polynomials' values`() {
        let example = OpeningExample<CubicExtension>(Self.parameters(degreeBits: 4))
        let oracle = example.oracles[1]
        let point = example.plan.batches[1].point
        for (position, column) in [2, 3].enumerated() {
            let expected = oracle.coefficients.column(column).reversed().reduce(
                CubicExtension.zero
            ) { $0 * point + CubicExtension($1) }
            #expect(example.openings[1][position] == expected)
        }
        #expect(oracle.evaluate(at: point)[2] == example.openings[1][0])
    }

    @Test func `rows of the extension are values on the coset`() {
        let example = OpeningExample<QuadraticExtension>(Self.parameters(degreeBits: 4))
        let oracle = example.oracles[0]
        let root = Goldilocks.rootOfUnity(bits: oracle.domainBits)
        for index in [0, 1, 8, 77, 127] {
            let point = QuadraticExtension(7 * root.power(UInt64(index)))
            #expect(
                oracle.evaluate(at: point)
                    == oracle.lowDegreeExtensionRow(index).map { QuadraticExtension($0) })
        }
    }

    @Test func `proving twice gives the same bytes`() {
        let example = OpeningExample<QuadraticExtension>(Self.parameters(degreeBits: 6))
        #expect(example.bytes(of: example.prove()) == example.bytes(of: example.prove()))
    }

    /// Changes only with the version of the proof format.
    @Test func `the bytes of a proof are the bytes of every machine`() {
        let example = OpeningExample<CubicExtension>(Self.parameters(degreeBits: 6))
        let limbs = example.bytes(of: example.prove()).map { Goldilocks(UInt64($0)) }
        #expect(
            hash(domain: "golden", limbs).description
                == "b3ec9950053e49b07a0a03c07793beff60796b9b495ff7dff952bc13cf6b55d7")
    }

    @Test func `a wrong opening is refused`() {
        let example = OpeningExample<CubicExtension>(Self.parameters(degreeBits: 6, queries: 4))
        for (batch, values) in example.openings.enumerated() {
            for position in values.indices {
                var lie = example.openings
                lie[batch][position] += .one
                let proof = example.prove(openings: lie)
                #expect(throws: CommitmentError.self) {
                    try example.verify(proof, openings: lie, caps: example.oracles.map(\.cap))
                }
                let honest = example.prove()
                #expect(throws: CommitmentError.self) {
                    try example.verify(honest, openings: lie, caps: example.oracles.map(\.cap))
                }
            }
        }
    }

    @Test func `folding a row of values is interpolation`() {
        var generator = SeededGenerator(seed: 4)
        let coefficients = (0..<16).map { _ in
            CubicExtension { _ in Goldilocks(generator.next()) }
        }
        let root = Goldilocks.rootOfUnity(bits: 4)
        let start = Goldilocks(generator.next())
        let challenge = CubicExtension { _ in Goldilocks(generator.next()) }
        func value(at point: CubicExtension) -> CubicExtension {
            coefficients.reversed().reduce(.zero) { $0 * point + $1 }
        }
        let values = (0..<16).map {
            value(at: CubicExtension(start * root.power(UInt64(reversedBits($0, bits: 4)))))
        }
        #expect(
            FRIVerifier.interpolate(values, start: start, root: root, at: challenge)
                == value(at: challenge))
    }

    @Test func `an opening at a point of the domain is refused`() {
        let parameters = Self.parameters(degreeBits: 0, queries: 64, work: 0)
        let example = OpeningExample<QuadraticExtension>(parameters)
        let plan = OpeningPlan([
            OpeningBatch(
                point: QuadraticExtension(Goldilocks.multiplicativeGenerator),
                selections: [ColumnSelection(oracleIndex: 0, columns: 0..<1)])
        ])
        let openings = plan.open(example.oracles)
        var transcript = TestChallenger()
        let proof = FRIProver.prove(
            oracles: example.oracles, plan: plan, openings: openings, parameters: parameters,
            transcript: &transcript)
        #expect(throws: CommitmentError.pointInDomain) {
            var transcript = TestChallenger()
            try FRIVerifier.verify(
                proof, caps: example.oracles.map(\.cap), columnCounts: example.columnCounts,
                plan: plan, openings: openings, parameters: parameters, transcript: &transcript)
        }
    }
}
