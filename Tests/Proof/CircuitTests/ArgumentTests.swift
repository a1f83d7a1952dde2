import Circuit
import Field
import Hash
import IOP
import Testing

struct SelectorTests {
    @Test func `a gate's filter is zero on the rows of all others`() {
        let layout = SelectorLayout.standard
        #expect(Array(layout.groups.joined()) == GateKind.allCases)
        for (index, group) in layout.groups.enumerated() {
            for gate in group {
                for rowGate in GateKind.allCases {
                    let selector = layout.selectors(of: rowGate)[index]
                    let filter = SelectorLayout.filter(of: gate, in: group, at: selector)
                    #expect(filter.isZero == (gate != rowGate))
                }
            }
        }
    }

    @Test func `no constraint exceeds the degree bound with its filter`() {
        for group in SelectorLayout.standard.groups {
            for gate in group {
                #expect(gate.degree + group.count <= CircuitParameters.maximumConstraintDegree)
            }
        }
    }
}

/// What only the copy argument can notice: all rows keep their gates' equations.
struct CopyArgumentTests {
    /// Twenty operations x·y + z on a row, each of whose operands stands in another row too.
    private func tableWithCopiesInEachColumn() throws -> (Circuit, PartialWitness) {
        var builder = CircuitBuilder()
        var witness = PartialWitness()
        for index in 0..<40 {
            let operands = builder.inputs(
                [2, 3, Goldilocks(UInt64(index))], &witness)
            let result = builder.mulAdd(operands[0], operands[1], operands[2])
            _ = builder.permute(operands + (0..<9).map { _ in result })
        }
        return (try builder.build(.tiny), witness)
    }

    @Test(arguments: 0..<20)
    func `a broken copy convinces nobody, whatever its column`(operation: Int) throws {
        let (circuit, witness) = try tableWithCopiesInEachColumn()
        var completed = try circuit.table.completing(witness)
        let row = try #require(circuit.table.gates.firstIndex(of: .arithmetic))
        for (offset, value) in [5, 7, 1, 36].enumerated() {
            completed.wires[row, 4 * operation + offset] = Goldilocks(UInt64(value))
        }
        guard case .copy = circuit.table.firstViolation(completed) else {
            Issue.record("only copies should be broken")
            return
        }
        let proof = try CircuitProver.proveUnchecked(circuit, completed)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(proof, publicInputs: [], key: circuit.verifyingKey)
        }
    }

    /// With Z = 0 everywhere all steps of the product hold, whatever the wires are.
    @Test(arguments: [0, 2] as [Goldilocks])
    func `a product that doesn't start with one convinces nobody`(factor: Goldilocks) throws {
        let (circuit, witness) = try tableWithCopiesInEachColumn()
        let completed = try circuit.table.completing(witness)
        var forgery = ProofForgery()
        forgery.products = { products in
            for index in products.elements.indices { products.elements[index] *= factor }
        }
        let proof = try CircuitProver.proveUnchecked(circuit, completed, forgery: forgery)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(proof, publicInputs: [], key: circuit.verifyingKey)
        }
    }

    @Test(arguments: 0..<10)
    func `each product counts`(product: Int) throws {
        let (circuit, witness) = try tableWithCopiesInEachColumn()
        let completed = try circuit.table.completing(witness)
        var forgery = ProofForgery()
        forgery.products = { $0[9, product * 2 + 1] += 1 }
        let proof = try CircuitProver.proveUnchecked(circuit, completed, forgery: forgery)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(proof, publicInputs: [], key: circuit.verifyingKey)
        }
    }
}
