package import Field
import Hash
package import Primitives

/// What the proof of a node of the proof tree says: its public inputs, the same for leaf and merge.
package struct NodeStatement: Hashable, Sendable {
    package static let publicInputCount = 31

    package let blockID: BlockID
    package let range: LeafRange
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    package let paymentRoot: FieldDigest
    package let proverID: FieldDigest
    package let contribution: FieldDigest
    package let feeSum: Amount
    /// Zero for a leaf, the merge circuit's key for a merge: by it a verifier picks the key.
    package let ownKey: FieldDigest

    package init(
        blockID: BlockID, range: LeafRange, stateBefore: FieldDigest, stateAfter: FieldDigest,
        paymentRoot: FieldDigest, proverID: FieldDigest, contribution: FieldDigest,
        feeSum: Amount, ownKey: FieldDigest
    ) {
        self.blockID = blockID
        self.range = range
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.proverID = proverID
        self.contribution = contribution
        self.feeSum = feeSum
        self.ownKey = ownKey
    }

    /// The statement of a leaf proof. `leaf.index < LeafRange.maximumLeafCount`, which the executor
    /// sees to.
    package init(leaf: ExecutedLeaf, blockID: BlockID, prover: OperatorKey) {
        guard let range = LeafRange(first: leaf.index, count: 1) else {
            preconditionFailure("no leaf has the index \(leaf.index)")
        }
        let proverID = BlockIdentity.proverID(of: prover)
        self.init(
            blockID: blockID, range: range, stateBefore: leaf.stateBefore,
            stateAfter: leaf.stateAfter, paymentRoot: leaf.paymentCommitment, proverID: proverID,
            contribution: ContributionHash.leaf(
                proverID: proverID, blockID: blockID, firstLeaf: leaf.index,
                stateBefore: leaf.stateBefore, stateAfter: leaf.stateAfter),
            feeSum: leaf.feeSum, ownKey: .zero)
    }

    /// blockId (4), firstLeaf, leafCount, S_in (4), S_out (4), paymentRoot (4), proverId (4),
    /// contribution (4), fee sum, ownKey (4).
    package var publicInputs: [Goldilocks] {
        blockID.digest.fieldElements
            + [Goldilocks(UInt64(range.first)), Goldilocks(UInt64(range.count))]
            + stateBefore.fieldElements + stateAfter.fieldElements + paymentRoot.fieldElements
            + proverID.fieldElements + contribution.fieldElements + [Goldilocks(feeSum.units)]
            + ownKey.fieldElements
    }

    /// The statement of the merge of two proven nodes: checks natively every constraint of the
    /// merge circuit but the validity of the two proofs. `mergeKey` names the merge circuit.
    package static func merging(
        _ left: NodeStatement, _ right: NodeStatement, prover: OperatorKey, mergeKey: FieldDigest
    ) throws(StatementError) -> NodeStatement {
        try left.checkKind(mergeKey: mergeKey)
        try right.checkKind(mergeKey: mergeKey)
        guard left.blockID == right.blockID else {
            throw .differentBlocks(left.blockID, right.blockID)
        }
        guard right.range.first == left.range.end,
            let range = LeafRange(
                first: left.range.first, count: left.range.count + right.range.count)
        else { throw .notAdjacent(left.range, right.range) }
        guard left.stateAfter == right.stateBefore else {
            throw .stateGap(left: left.stateAfter, right: right.stateBefore)
        }
        let feeSum = try addFees(left.feeSum, right.feeSum)
        let proverID = BlockIdentity.proverID(of: prover)
        return NodeStatement(
            blockID: left.blockID, range: range, stateBefore: left.stateBefore,
            stateAfter: right.stateAfter,
            paymentRoot: RollupHash.compress(
                HashOutput(left.paymentRoot), HashOutput(right.paymentRoot)
            ).digest,
            proverID: proverID,
            contribution: ContributionHash.merge(
                left: left.contribution, right: right.contribution, proverID: proverID,
                leafCount: range.count),
            feeSum: feeSum, ownKey: mergeKey)
    }

    /// What the root of a proof tree must say about its block; the contribution is the sender's
    /// claim, which `ContributionHash.root` checks.
    package func checkRoot(
        of header: BlockHeader, networkID: NetworkID
    ) throws(StatementError) {
        let blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        guard self.blockID == blockID else { throw .differentBlocks(blockID, self.blockID) }
        guard range.first == 0, range.count == header.leafCount else {
            throw .notTheRoot(leafCount: header.leafCount, found: range)
        }
        guard stateBefore == header.stateBefore else {
            throw .rootState(expected: header.stateBefore, found: stateBefore)
        }
        guard stateAfter == header.stateAfter else {
            throw .rootState(expected: header.stateAfter, found: stateAfter)
        }
        guard paymentRoot == header.paymentRoot else {
            throw .rootPayments(expected: header.paymentRoot, found: paymentRoot)
        }
        guard feeSum == header.feeSum else {
            throw .rootFees(expected: header.feeSum, found: feeSum)
        }
    }

    // MARK: Rooms

    /// A leaf has the key zero, a merge the merge circuit's.
    private func checkKind(mergeKey: FieldDigest) throws(StatementError) {
        let expected = range.isLeaf ? FieldDigest.zero : mergeKey
        guard ownKey == expected else {
            throw .wrongKey(range, expected: expected, found: ownKey)
        }
    }

    private static func addFees(
        _ left: Amount, _ right: Amount
    ) throws(StatementError) -> Amount {
        let end = PaymentLimits.amountEnd
        guard left.units < end, right.units < end, left.units + right.units < end else {
            throw .feesOutOfRange(end: end, left: left, right: right)
        }
        return Amount(units: left.units + right.units)
    }
}

/// Why statements do not fit each other or their block: whoever put them together is wrong (reject).
package enum StatementError: Error, Hashable, Sendable {
    case wrongKey(LeafRange, expected: FieldDigest, found: FieldDigest)
    case differentBlocks(BlockID, BlockID)
    case notAdjacent(LeafRange, LeafRange)
    case stateGap(left: FieldDigest, right: FieldDigest)
    case feesOutOfRange(end: UInt64, left: Amount, right: Amount)
    case notTheRoot(leafCount: Int, found: LeafRange)
    case rootState(expected: FieldDigest, found: FieldDigest)
    case rootPayments(expected: FieldDigest, found: FieldDigest)
    case rootFees(expected: Amount, found: Amount)
}
