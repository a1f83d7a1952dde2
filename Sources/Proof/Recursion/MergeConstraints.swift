package import Circuit
import Field
package import Hash
package import IOP
import Payments

/// The merge circuit's constraints: see `MergeCircuit`.
package struct MergeConstraints: Sendable {
    package private(set) var builder = CircuitBuilder()
    let ownKey: HashTarget
    let proverID: HashTarget
    let children: [ChildTarget]
    /// The rows of one child's verification, and of everything before the public inputs' hash.
    package let verifierRowCount: Int

    /// Only the digest of the leaf's key is part of the circuit.
    package init(leafKeyDigest: HashOutput, profile: ProofProfile) {
        let shape = VerifyingKey.shapeDigest(
            profile: profile, publicInputCount: NodeStatement.publicInputCount)
        ownKey = builder.addVirtualHash()
        proverID = builder.addVirtualHash()
        var children: [ChildTarget] = []
        var rowCounts = [builder.rowCount]
        for _ in 0..<2 {
            children.append(
                builder.addChild(
                    ownKey: ownKey, leafKeyDigest: leafKeyDigest, shape: shape, profile: profile))
            rowCounts.append(builder.rowCount)
        }
        self.children = children
        // The first child's rows include the constants that both use.
        verifierRowCount = rowCounts[2] - rowCounts[1]
        let statement = builder.merge(
            children[0].statement, children[1].statement, ownKey: ownKey, proverID: proverID)
        builder.registerPublicInputs(statement.publicInputs)
    }
}

/// A child's statement and proof, and what kind it is.
struct ChildTarget: Sendable {
    let statement: StatementTarget
    /// 1 for a merge proof, 0 for a leaf proof.
    let isMerge: BoolTarget
    let key: VerifyingKeyTarget
    let proof: ProofTarget
}

extension CircuitBuilder {
    /// A proven child: a leaf proof has the leaf's key and the own key zero, a merge proof the own
    /// key of the merge above it, which is also what it was verified with.
    fileprivate mutating func addChild(
        ownKey: HashTarget, leafKeyDigest: HashOutput, shape: HashOutput, profile: ProofProfile
    ) -> ChildTarget {
        let statement = StatementTarget(&self)
        let isMerge = addBool()
        let leafKey = constant(leafKeyDigest)
        let expectedKey = select(isMerge, ownKey, leafKey)
        for (element, own) in zip(statement.ownKey.elements, ownKey.elements) {
            let expected = mul(isMerge.target, own)
            assertEqual(element, expected)
        }
        let key = addVerifyingKey(shape: shape, profile: profile)
        assertEqual(key.digest, expectedKey)
        let proof = ProofTarget(&self, profile: profile)
        verify(proof, publicInputs: statement.publicInputs, key: key, profile: profile)
        return ChildTarget(statement: statement, isMerge: isMerge, key: key, proof: proof)
    }

    /// `NodeStatement.merging`: one block, adjacent ranges, states that follow one another, sums
    /// that don't wrap.
    fileprivate mutating func merge(
        _ left: StatementTarget, _ right: StatementTarget, ownKey: HashTarget,
        proverID: HashTarget
    ) -> StatementTarget {
        assertEqual(left.blockID, right.blockID)
        assertEqual(left.stateAfter, right.stateBefore)
        let middle = add(left.firstLeaf, left.leafCount)
        assertEqual(middle, right.firstLeaf)
        let leafCount = add(left.leafCount, right.leafCount)
        let end = add(left.firstLeaf, leafCount)
        for number in [left.firstLeaf, leafCount, end] {
            rangeCheck(number, bitCount: MergeCircuit.leafIndexBits)
        }
        let feeSum = add(left.feeSum, right.feeSum)
        for sum in [left.feeSum, right.feeSum, feeSum] {
            rangeCheck(sum, bitCount: PaymentLimits.amountBits)
        }
        let contribution = hash(
            domain: RollupDomain.mergeContribution.tag,
            left.contribution.elements + right.contribution.elements + proverID.elements
                + [leafCount])
        return StatementTarget(
            blockID: left.blockID, firstLeaf: left.firstLeaf, leafCount: leafCount,
            stateBefore: left.stateBefore, stateAfter: right.stateAfter,
            paymentRoot: compress(left.paymentRoot, right.paymentRoot), proverID: proverID,
            contribution: contribution, feeSum: feeSum, ownKey: ownKey)
    }
}
