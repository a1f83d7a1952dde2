import Circuit
import Commitment
import Field
import Hash
import IOP
import Recursion
import Testing

struct VerifierCircuitTests {
    private static let statement: [Goldilocks] = [3, 1, 4, 1, 5, 9]

    /// A proof of `statement` and the circuit that verifies it.
    private struct Case {
        let key: VerifyingKey
        let proof: CircuitProof
        let verifying: VerifyingTable

        init(_ profile: ProofProfile, degreeBits: Int) throws {
            let circuit = try AnyStatementCircuit(
                profile, publicInputCount: VerifierCircuitTests.statement.count)
            key = circuit.key
            proof = try circuit.prove(VerifierCircuitTests.statement)
            verifying = try VerifyingTable(of: key, degreeBits: degreeBits)
        }

        func witness(
            _ elements: [Goldilocks]? = nil, publicInputs: [Goldilocks]? = nil,
            cap: [Goldilocks]? = nil
        ) -> PartialWitness {
            verifying.witness(
                elements ?? proof.elements,
                publicInputs: publicInputs ?? VerifierCircuitTests.statement,
                cap: cap ?? key.constantsCap.elements)
        }
    }

    @Test(arguments: [ProofProfile.tiny, .tinyCubic])
    func `a verifying circuit is satisfied by a proof`(profile: ProofProfile) throws {
        let sample = try Case(profile, degreeBits: 11)
        let completed = try sample.verifying.table.completing(sample.witness())
        #expect(sample.verifying.table.firstViolation(completed) == nil)
    }

    @Test(arguments: [ProofProfile.tiny, .tinyCubic])
    func `challenges in the circuit are the host's, in order`(profile: ProofProfile) throws {
        let sample = try Case(profile, degreeBits: 11)
        let completed = try sample.verifying.table.completing(sample.witness())
        let host = ChallengeTrace(
            key: sample.key, elements: sample.proof.elements, publicInputs: Self.statement)
        #expect(completed.publicInputs == host.all)
    }

    /// One element in seven or in thirty-one, the nonce among them.
    @Test(arguments: [ProofProfile.tiny, .tinyCubic])
    func `no other proof satisfies a verifying circuit`(profile: ProofProfile) throws {
        let sample = try Case(profile, degreeBits: 11)
        let elements = sample.proof.elements
        let step = profile.extensionDegree == 2 ? 7 : 31
        let nonce = elements.count - queryElementCount(profile) - 1
        for index in Array(stride(from: 0, to: elements.count, by: step)) + [nonce] {
            var changed = elements
            changed[index] += 1
            let violation = sample.verifying.table.firstViolation(sample.witness(changed))
            #expect(violation != nil, "element \(index)")
        }
    }

    /// Elements of all queries: the end of a proof.
    private func queryElementCount(_ profile: ProofProfile) -> Int {
        let fri = profile.fri
        let columnCounts =
            profile.extensionDegree == 2
            ? PlonkShape<QuadraticExtension>(fri).columnCounts
            : PlonkShape<CubicExtension>(fri).columnCounts
        let rows = columnCounts.reduce(0) { $0 + $1 + 4 * fri.oraclePathLength }
        let folds = (0..<fri.roundCount).reduce(0) {
            $0 + fri.arity * profile.extensionDegree + 4 * fri.pathLength(round: $1)
        }
        return fri.queryCount * (rows + folds)
    }

    @Test func `another statement or key doesn't satisfy a verifying circuit`() throws {
        let sample = try Case(.tiny, degreeBits: 11)
        for index in Self.statement.indices {
            var changed = Self.statement
            changed[index] += 1
            let witness = sample.witness(publicInputs: changed)
            #expect(sample.verifying.table.firstViolation(witness) != nil)
        }
        for index in sample.key.constantsCap.elements.indices {
            var changed = sample.key.constantsCap.elements
            changed[index] += 1
            let witness = sample.witness(cap: changed)
            #expect(sample.verifying.table.firstViolation(witness) != nil)
        }
    }

    @Test func `a verifying circuit over a proof of the fast profile is satisfied`() throws {
        let sample = try Case(.fast, degreeBits: 13)
        let clock = ContinuousClock()
        var completed: TableWitness?
        let time = try clock.measure {
            completed = try sample.verifying.table.completing(sample.witness())
        }
        let table = sample.verifying.table
        #expect(table.firstViolation(try #require(completed)) == nil)
        print("fast: \(table.usedRowCount) rows verify a proof, completed in \(time)")
        for (gate, rows) in table.rowReport { print("  \(gate): \(rows)") }
        var elements = sample.proof.elements
        elements[elements.count - 1] += 1
        #expect(table.firstViolation(sample.witness(elements)) != nil)
    }
}
