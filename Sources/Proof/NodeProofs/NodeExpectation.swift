package import Payments
package import Primitives

/// What the proof of a node must say: everything in its statement but who proved what below.
package struct NodeExpectation: Hashable, Sendable {
    package let blockID: BlockID
    package let range: LeafRange
    /// Nil where anybody's proof will do.
    package let prover: OperatorKey?
    package let stateBefore: FieldDigest
    package let stateAfter: FieldDigest
    package let paymentRoot: FieldDigest
    package let feeSum: Amount

    /// The root of a block, from its header alone. Throws `emptyBlock` without leaves, or
    /// `noSuchLeaves` for a count beyond the largest tree.
    package init(rootOf header: BlockHeader, networkID: NetworkID) throws(NodeProofError) {
        guard header.leafCount != 0 else { throw .emptyBlock }
        guard let range = LeafRange(first: 0, count: header.leafCount) else {
            throw .noSuchLeaves(first: 0, count: UInt64(clamping: header.leafCount))
        }
        blockID = BlockIdentity.blockID(of: header, networkID: networkID)
        self.range = range
        prover = nil
        stateBefore = header.stateBefore
        stateAfter = header.stateAfter
        paymentRoot = header.paymentRoot
        feeSum = header.feeSum
    }

    /// A node of a block that was executed here. Nil unless `range` is a node of its tree.
    package init?(
        node range: LeafRange, of block: ExecutedBlock, blockID: BlockID, prover: OperatorKey?
    ) {
        guard
            CanonicalShape.contains(range, leafCount: block.leaves.count),
            let first = block.leaves[range.first..<range.end].first,
            let last = block.leaves[range.first..<range.end].last
        else { return nil }
        let leaves = block.leaves[range.first..<range.end]
        self.blockID = blockID
        self.range = range
        self.prover = prover
        stateBefore = first.stateBefore
        stateAfter = last.stateAfter
        paymentRoot = CanonicalShape.paymentRoot(of: leaves.map(\.paymentCommitment)[...])
        // A part of the block's own sum, which the executor bounds.
        feeSum = Amount(units: leaves.reduce(0) { $0 + $1.feeSum.units })
    }

    /// Throws the first difference.
    func check(_ statement: NodeStatement, prover found: OperatorKey) throws(NodeProofError) {
        guard statement.range == range else {
            throw .wrongRange(expected: range, found: statement.range)
        }
        if let prover, prover != found { throw .wrongProver(expected: prover, found: found) }
        guard statement.stateBefore == stateBefore else {
            throw .wrongState(expected: stateBefore, found: statement.stateBefore)
        }
        guard statement.stateAfter == stateAfter else {
            throw .wrongState(expected: stateAfter, found: statement.stateAfter)
        }
        guard statement.paymentRoot == paymentRoot else {
            throw .wrongPayments(expected: paymentRoot, found: statement.paymentRoot)
        }
        guard statement.feeSum == feeSum else {
            throw .wrongFees(expected: feeSum, found: statement.feeSum)
        }
    }
}
