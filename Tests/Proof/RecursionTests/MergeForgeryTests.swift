import Circuit
import Field
import Hash
import IOP
import Payments
import Primitives
import Recursion
import Testing

/// A way to cheat in a merge, by a prover that skips all its own checks.
struct MergeForgery: CustomTestStringConvertible, Sendable {
    let name: String
    let cheat: @Sendable (inout MergeInput, MergeFixture) throws -> Void

    var testDescription: String { name }

    /// Public inputs of `MergeInput.Child`.
    private enum Input {
        static let block = 0
        static let firstLeaf = 4
        static let leafCount = 5
        static let stateBefore = 6
        static let proverID = 18
        static let contribution = 22
        static let feeSum = 26
        static let ownKey = 27
    }

    static let all = [
        MergeForgery("swapped children") { input, _ in swap(&input.left, &input.right) },
        MergeForgery("one child twice") { input, _ in input.right = input.left },
        MergeForgery("a child of another block") { input, fixture in
            input.right = try fixture.merge.child(
                fixture.proven(
                    MergeFixture.leafStatement(1, blockID: BlockID(MergeFixture.digest(7)))))
        },
        MergeForgery("a missing range") { input, fixture in
            input.right = try fixture.merge.child(
                fixture.proven(
                    MergeFixture.leafStatement(2, stateBefore: MergeFixture.digest(10))))
        },
        MergeForgery("an overlapping range") { input, fixture in
            input.right = try fixture.merge.child(
                fixture.proven(
                    MergeFixture.leafStatement(0, stateBefore: MergeFixture.digest(10))))
        },
        MergeForgery("a state that doesn't follow") { input, fixture in
            input.right = try fixture.merge.child(
                fixture.proven(
                    MergeFixture.leafStatement(1, stateBefore: MergeFixture.digest(77))))
        },
        MergeForgery("a child's other fees") { input, _ in
            input.right.publicInputs[Input.feeSum] += 1
        },
        MergeForgery("fees that wrap") { input, fixture in
            input.left = try fixture.merge.child(
                fixture.proven(MergeFixture.leafStatement(0, fees: Goldilocks.modulus - 1)))
        },
        MergeForgery("a child's prover relabelled") { input, _ in
            let other = MergeFixture.leafStatement(0, prover: 7).publicInputs
            for index in Input.proverID..<Input.feeSum {
                input.left.publicInputs[index] = other[index]
            }
        },
        MergeForgery("a child's leaf count") { input, _ in
            input.left.publicInputs[Input.leafCount] += 1
            input.left.publicInputs[Input.firstLeaf] -= 1
        },
        MergeForgery("a leaf said to be a merge") { input, _ in input.left.isMerge = 1 },
        MergeForgery("a kind that is neither") { input, _ in input.left.isMerge = 2 },
        MergeForgery("a leaf's key that poses as the merge key") { input, fixture in
            let posing = try fixture.proven(
                MergeFixture.leafStatement(0, ownKey: FieldDigest(fixture.leaf.key.digest)))
            input.left = MergeInput.Child(
                publicInputs: posing.statement.publicInputs, isMerge: 1,
                keyCap: fixture.leaf.key.constantsCap,
                proof: try CircuitProof(bytes: posing.proofBytes, key: fixture.leaf.key))
        },
        MergeForgery("an own key that is neither") { input, fixture in
            input.left = try fixture.merge.child(
                fixture.proven(MergeFixture.leafStatement(0, ownKey: MergeFixture.digest(3))))
        },
        MergeForgery("another key's cap") { input, fixture in
            input.left.keyCap = fixture.merge.verifyingKey.constantsCap
        },
        MergeForgery("a child's proof with another element") { input, fixture in
            var bytes = input.left.proof.bytes
            bytes[bytes.count - 8] ^= 1
            input.left.proof = try CircuitProof(bytes: bytes, key: fixture.leaf.key)
        },
        MergeForgery("the other child's proof") { input, _ in
            input.left.proof = input.right.proof
        },
    ]

    private init(
        _ name: String, cheat: @escaping @Sendable (inout MergeInput, MergeFixture) throws -> Void
    ) {
        self.name = name
        self.cheat = cheat
    }
}

@Suite(.serialized) struct MergeForgeryTests {
    private let fixture: MergeFixture

    init() throws { fixture = try MergeFixture.shared.get() }

    private func honest() throws -> MergeInput {
        try fixture.input(fixture.provenLeaf(0), fixture.provenLeaf(1))
    }

    /// Control of the tests below: what they claim of a forgery, they claim of an honest merge.
    @Test func `an honest merge proves what the cheats claim`() throws {
        let input = try honest()
        try CircuitVerifier.verify(
            proofBytes: fixture.merge.proveUnchecked(input), publicInputs: input.claim,
            key: fixture.merge.verifyingKey)
    }

    @Test(arguments: MergeForgery.all)
    func `the verifier catches a prover that skips its own checks`(
        forgery: MergeForgery
    ) throws {
        var input = try honest()
        try forgery.cheat(&input, fixture)
        #expect(fixture.merge.firstViolation(input) != nil)
        let bytes = try fixture.merge.proveUnchecked(input)
        #expect(throws: CircuitError.constraintsBroken) {
            try CircuitVerifier.verify(
                proofBytes: bytes, publicInputs: input.claim,
                key: fixture.merge.verifyingKey)
        }
    }

    @Test func `a relabelled root is refused`() throws {
        let node = try fixture.merge.prove(
            fixture.provenLeaf(0), fixture.provenLeaf(1), prover: MergeFixture.prover(6))
        let thief = try NodeStatement.merging(
            MergeFixture.leafStatement(0), MergeFixture.leafStatement(1),
            prover: MergeFixture.prover(7), mergeKey: node.statement.ownKey)
        #expect(throws: RecursionError.circuit(.constraintsBroken)) {
            try fixture.merge.verifier.verify(node.proofBytes, statement: thief)
        }
    }

    /// In the field p + 1 is 1: the proof alone would say both.
    @Test func `fees of p more are refused`() throws {
        let leaf = try fixture.provenLeaf(0)
        let verifier = fixture.merge.verifier
        try verifier.verify(leaf.proofBytes, statement: leaf.statement)
        let more = MergeFixture.leafStatement(
            0, fees: leaf.statement.feeSum.units + Goldilocks.modulus)
        #expect(more.publicInputs == leaf.statement.publicInputs)
        #expect(
            throws: RecursionError.feesOutOfRange(
                end: PaymentLimits.amountEnd, found: more.feeSum.units)
        ) { try verifier.verify(leaf.proofBytes, statement: more) }
    }
}

extension MergeInput {
    /// The public inputs that the circuit's arithmetic gives, whether the rows hold or not: those for
    /// which the forger's proof is as good as it gets.
    var claim: [Goldilocks] {
        let (left, right) = (left.publicInputs, right.publicInputs)
        func digest(_ inputs: [Goldilocks], _ first: Int) -> HashOutput {
            HashOutput(elements: inputs[first..<first + 4]) ?? .zero
        }
        let leafCount = left[5] + right[5]
        let contribution = hash(
            domain: RollupDomain.mergeContribution.tag,
            digest(left, 22).elements + digest(right, 22).elements + proverID.elements
                + [leafCount])
        let roots = compress(digest(left, 14), digest(right, 14))
        let ends = Array(left[6..<10]) + Array(right[10..<14])
        let proven = roots.elements + proverID.elements + contribution.elements
        return Array(left[..<5]) + [leafCount] + ends + proven + [left[26] + right[26]]
            + ownKey.elements
    }
}
