import Circuit
import Cryptography
import Field
import Hash
import IOP
import Payments
import Primitives
import Recursion
import Testing

/// Statements of a block's leaves that any-statement proofs prove, and the circuit over these: the
/// merge circuit's own rules, apart from what a leaf proves.
struct MergeFixture: Sendable {
    static let shared = Result { try MergeFixture() }

    let leaf: AnyStatementCircuit
    let merge: MergeCircuit

    private init() throws {
        leaf = try AnyStatementCircuit(.tinyMerge)
        merge = try MergeCircuit(leafKey: leaf.key)
    }

    static let blockID = BlockID(digest(1000))
    static let maximumFees = PaymentLimits.amountEnd - 1

    static func digest(_ number: UInt64) -> FieldDigest {
        FieldDigest(elements: [number, number + 1, number + 2, number + 3])!
    }

    static func prover(_ number: UInt8) -> OperatorKey {
        OperatorKey(Bytes32(words: UInt64(number), 2, 3, 4))
    }

    /// Leaf `index` from state `index` to state `index + 1`, its fees `index + 1`.
    static func leafStatement(
        _ index: Int, prover number: UInt8 = 1, blockID: BlockID = blockID, fees: UInt64? = nil,
        stateBefore: FieldDigest? = nil, ownKey: FieldDigest = .zero
    ) -> NodeStatement {
        let proverID = BlockIdentity.proverID(of: prover(number))
        let before = stateBefore ?? digest(10 * UInt64(index))
        let after = digest(10 * UInt64(index + 1))
        return NodeStatement(
            blockID: blockID, range: LeafRange(first: index, count: 1)!, stateBefore: before,
            stateAfter: after, paymentRoot: digest(500 + UInt64(index)), proverID: proverID,
            contribution: ContributionHash.leaf(
                proverID: proverID, blockID: blockID, firstLeaf: index, stateBefore: before,
                stateAfter: after),
            feeSum: Amount(units: fees ?? UInt64(index) + 1), ownKey: ownKey)
    }

    func proven(_ statement: NodeStatement) throws -> ProvenNode {
        ProvenNode(
            statement: statement, proofBytes: try leaf.prove(statement.publicInputs).bytes)
    }

    func provenLeaf(_ index: Int) throws -> ProvenNode {
        try proven(Self.leafStatement(index))
    }

    /// The input of an honest merge.
    func input(_ left: ProvenNode, _ right: ProvenNode) throws -> MergeInput {
        MergeInput(
            left: try merge.child(left), right: try merge.child(right),
            proverID: HashOutput(BlockIdentity.proverID(of: Self.prover(9))),
            ownKey: merge.verifyingKey.digest)
    }

    /// Whether the merge circuit's rows hold for two children of these statements.
    func accepts(_ left: NodeStatement, _ right: NodeStatement) throws -> Bool {
        merge.firstViolation(try input(proven(left), proven(right))) == nil
    }
}

struct MergeTests {
    private let fixture: MergeFixture

    init() throws { fixture = try MergeFixture.shared.get() }

    @Test func `a tree of proofs becomes one proof of their size`() throws {
        let merge = fixture.merge
        let leaves = try (0..<5).map { try fixture.provenLeaf($0) }
        let left = try merge.prove(leaves[0], leaves[1], prover: MergeFixture.prover(6))
        let right = try merge.prove(leaves[2], leaves[3], prover: MergeFixture.prover(7))
        let middle = try merge.prove(left, right, prover: MergeFixture.prover(8))
        let root = try merge.prove(middle, leaves[4], prover: MergeFixture.prover(9))
        for node in leaves + [left, right, middle, root] {
            #expect(node.proofBytes.count == merge.verifier.proofByteCount)
            try merge.verifier.verify(node.proofBytes, statement: node.statement)
        }
        #expect(root.statement.range == LeafRange(first: 0, count: 5))
        #expect(root.statement.feeSum == Amount(units: 15))
        let again = try merge.prove(middle, leaves[4], prover: MergeFixture.prover(9))
        #expect(again.proofBytes == root.proofBytes)
    }

    @Test func `a merge proof proves no other statement`() throws {
        let merge = fixture.merge
        let node = try merge.prove(
            fixture.provenLeaf(0), fixture.provenLeaf(1), prover: MergeFixture.prover(6))
        let inputs = node.statement.publicInputs
        let proof = try CircuitProof(bytes: node.proofBytes, key: merge.verifyingKey)
        for index in inputs.indices {
            var changed = inputs
            changed[index] += 1
            #expect(throws: CircuitError.self, "public input \(index)") {
                try CircuitVerifier.verify(
                    proof, publicInputs: changed, key: merge.verifyingKey)
            }
        }
    }

    @Test func `a relabelled prover is refused`() throws {
        let merge = fixture.merge
        let (first, second) = (try fixture.provenLeaf(0), try fixture.provenLeaf(1))
        let node = try merge.prove(first, second, prover: MergeFixture.prover(6))
        let stolen = try NodeStatement.merging(
            first.statement, second.statement, prover: MergeFixture.prover(7),
            mergeKey: node.statement.ownKey)
        #expect(throws: RecursionError.circuit(.constraintsBroken)) {
            try merge.verifier.verify(node.proofBytes, statement: stolen)
        }
        // Nor does a merge take a child under another name than its proof's.
        var input = try fixture.input(first, second)
        let renamed = MergeFixture.leafStatement(0, prover: 7)
        input.left.publicInputs = renamed.publicInputs
        #expect(merge.firstViolation(input) != nil)
    }

    @Test func `swapped children are refused`() throws {
        let (first, second) = (try fixture.provenLeaf(0), try fixture.provenLeaf(1))
        #expect(fixture.merge.firstViolation(try fixture.input(first, second)) == nil)
        #expect(fixture.merge.firstViolation(try fixture.input(second, first)) != nil)
        #expect(throws: RecursionError.self) {
            _ = try fixture.merge.prove(second, first, prover: MergeFixture.prover(6))
        }
    }

    @Test func `a child of another block is refused`() throws {
        let foreign = MergeFixture.leafStatement(1, blockID: BlockID(MergeFixture.digest(7)))
        #expect(try !fixture.accepts(MergeFixture.leafStatement(0), foreign))
    }

    @Test(arguments: [0, 2, 7])
    func `an overlapping or missing range is refused`(index: Int) throws {
        let second = MergeFixture.leafStatement(index, stateBefore: MergeFixture.digest(10))
        #expect(try !fixture.accepts(MergeFixture.leafStatement(0), second))
    }

    @Test func `a leaf beyond the largest tree is refused`() throws {
        let last = LeafRange.maximumLeafCount - 1
        let (left, right) = (
            MergeFixture.leafStatement(last - 1), MergeFixture.leafStatement(last)
        )
        #expect(try fixture.accepts(left, right))
        // What no statement can say, in public inputs: −1 as first leaf, then 0.
        var inputs = (left.publicInputs, right.publicInputs)
        (inputs.0[4], inputs.1[4]) = (Goldilocks(0) - 1, 0)
        var input = try fixture.input(fixture.proven(left), fixture.proven(right))
        input.left.publicInputs = inputs.0
        input.left.proof = try fixture.leaf.prove(inputs.0)
        input.right.publicInputs = inputs.1
        input.right.proof = try fixture.leaf.prove(inputs.1)
        #expect(fixture.merge.firstViolation(input) != nil)
    }

    @Test func `a state that doesn't follow is refused`() throws {
        let second = MergeFixture.leafStatement(1, stateBefore: MergeFixture.digest(77))
        #expect(try !fixture.accepts(MergeFixture.leafStatement(0), second))
    }

    @Test func `fees beyond the largest amount are refused`() throws {
        let maximum = MergeFixture.maximumFees
        let most = MergeFixture.leafStatement(0, fees: maximum)
        #expect(try fixture.accepts(most, MergeFixture.leafStatement(1, fees: 0)))
        #expect(try !fixture.accepts(most, MergeFixture.leafStatement(1, fees: 1)))
        #expect(try !fixture.accepts(most, MergeFixture.leafStatement(1, fees: maximum)))
        // p − 1 and 2: their sum wraps to one.
        let wrapping = MergeFixture.leafStatement(0, fees: Goldilocks.modulus - 1)
        #expect(try !fixture.accepts(wrapping, MergeFixture.leafStatement(1, fees: 2)))
    }

    @Test func `a wrong fee sum is refused`() throws {
        let (first, second) = (try fixture.provenLeaf(0), try fixture.provenLeaf(1))
        var input = try fixture.input(first, second)
        input.right.publicInputs[26] += 1
        #expect(fixture.merge.firstViolation(input) != nil)
        let bytes = try fixture.merge.proveUnchecked(input)
        let claimed = MergeFixture.leafStatement(1, fees: 3)
        let statement = try NodeStatement.merging(
            first.statement, claimed, prover: MergeFixture.prover(9),
            mergeKey: FieldDigest(fixture.merge.verifyingKey.digest))
        #expect(throws: RecursionError.self) {
            try fixture.merge.verifier.verify(bytes, statement: statement)
        }
    }
}

/// Which key a child may have.
struct MergeKeyTests {
    private let fixture: MergeFixture
    private let first: ProvenNode
    private let second: ProvenNode

    init() throws {
        fixture = try MergeFixture.shared.get()
        first = try fixture.provenLeaf(0)
        second = try fixture.provenLeaf(1)
    }

    @Test(arguments: [1, 2] as [Goldilocks])
    func `a leaf proof is no merge proof`(kind: Goldilocks) throws {
        var input = try fixture.input(first, second)
        input.left.isMerge = kind
        #expect(fixture.merge.firstViolation(input) != nil)
    }

    @Test func `a merge proof is no leaf proof`() throws {
        let merged = try fixture.merge.prove(first, second, prover: MergeFixture.prover(6))
        var input = try fixture.input(merged, fixture.provenLeaf(2))
        #expect(fixture.merge.firstViolation(input) == nil)
        input.left.isMerge = 0
        #expect(fixture.merge.firstViolation(input) != nil)
    }

    @Test func `a leaf's key that poses as the merge key is refused`() throws {
        // A leaf circuit that proves anything says that the leaf's key is its own.
        let leafKey = fixture.leaf.key.digest
        let posing = try fixture.proven(
            MergeFixture.leafStatement(0, ownKey: FieldDigest(leafKey)))
        var input = try fixture.input(first, second)
        input.left = MergeInput.Child(
            publicInputs: posing.statement.publicInputs, isMerge: 1,
            keyCap: fixture.leaf.key.constantsCap,
            proof: try CircuitProof(bytes: posing.proofBytes, key: fixture.leaf.key))
        #expect(fixture.merge.firstViolation(input) != nil)
        // The rows hold if the leaf's key is the own key; then the verifier knows no such key.
        input.ownKey = leafKey
        #expect(fixture.merge.firstViolation(input) == nil)
        let bytes = try fixture.merge.proveUnchecked(input)
        let statement = try NodeStatement.merging(
            first.statement, second.statement, prover: MergeFixture.prover(9),
            mergeKey: FieldDigest(leafKey))
        #expect(throws: RecursionError.unknownKey(FieldDigest(leafKey))) {
            try fixture.merge.verifier.verify(bytes, statement: statement)
        }
    }

    @Test func `a child whose own key is neither zero nor this one is refused`() throws {
        let other = MergeFixture.digest(3)
        #expect(
            try !fixture.accepts(
                MergeFixture.leafStatement(0, ownKey: other), second.statement))
        // A merge proof made under another own key.
        var foreign = try fixture.input(first, second)
        foreign.ownKey = HashOutput(other)
        #expect(fixture.merge.firstViolation(foreign) == nil)
        let bytes = try fixture.merge.proveUnchecked(foreign)
        let statement = try NodeStatement.merging(
            first.statement, second.statement, prover: MergeFixture.prover(9), mergeKey: other)
        var input = try fixture.input(
            ProvenNode(statement: statement, proofBytes: bytes), fixture.provenLeaf(2))
        #expect(fixture.merge.firstViolation(input) != nil)
        input.ownKey = HashOutput(other)
        #expect(fixture.merge.firstViolation(input) != nil)
        #expect(throws: RecursionError.unknownKey(other)) {
            try fixture.merge.verifier.verify(bytes, statement: statement)
        }
    }

    @Test func `a stranger's circuit of the same shape is refused`() throws {
        var builder = CircuitBuilder()
        let targets = builder.addVirtualTargets(NodeStatement.publicInputCount)
        _ = builder.add(targets[0], targets[1])
        builder.registerPublicInputs(targets)
        let stranger = try builder.build(.tinyMerge)
        var witness = PartialWitness()
        witness.set(targets, to: first.statement.publicInputs)
        var input = try fixture.input(first, second)
        input.left.proof = try CircuitProver.prove(stranger, witness)
        #expect(fixture.merge.firstViolation(input) != nil)
        input.left.keyCap = stranger.verifyingKey.constantsCap
        #expect(fixture.merge.firstViolation(input) != nil)
        // Nor as a merge, whatever own key is claimed.
        input.left.isMerge = 1
        input.ownKey = stranger.verifyingKey.digest
        #expect(fixture.merge.firstViolation(input) != nil)
    }

    @Test func `a verifier wants a leaf's key for a leaf alone`() throws {
        let verifier = fixture.merge.verifier
        let mergeKey = FieldDigest(verifier.mergeKey.digest)
        let merged = try NodeStatement.merging(
            first.statement, second.statement, prover: MergeFixture.prover(6), mergeKey: mergeKey)
        let keyless = NodeStatement(
            blockID: merged.blockID, range: merged.range, stateBefore: merged.stateBefore,
            stateAfter: merged.stateAfter, paymentRoot: merged.paymentRoot,
            proverID: merged.proverID, contribution: merged.contribution, feeSum: merged.feeSum,
            ownKey: .zero)
        #expect(throws: RecursionError.wrongKind(merged.range)) {
            try verifier.verify(first.proofBytes, statement: keyless)
        }
        let keyed = MergeFixture.leafStatement(0, ownKey: mergeKey)
        #expect(throws: RecursionError.wrongKind(keyed.range)) {
            try verifier.verify(first.proofBytes, statement: keyed)
        }
    }
}
