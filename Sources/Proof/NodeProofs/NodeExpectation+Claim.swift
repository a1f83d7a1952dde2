package import Primitives

extension NodeExpectation {
    /// A node of which somebody claims all this, in a file for instance. Nothing is checked here:
    /// the proof is what has to agree with it.
    package init(
        blockID: BlockID, range: LeafRange, prover: OperatorKey?, stateBefore: FieldDigest,
        stateAfter: FieldDigest, paymentRoot: FieldDigest, feeSum: Amount
    ) {
        self.blockID = blockID
        self.range = range
        self.prover = prover
        self.stateBefore = stateBefore
        self.stateAfter = stateAfter
        self.paymentRoot = paymentRoot
        self.feeSum = feeSum
    }
}
