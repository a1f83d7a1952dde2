import Circuit
import Field
import Hash
import Payments

/// The leaf circuit's constraints: see `LeafCircuit`.
struct LeafConstraints {
    private(set) var builder = CircuitBuilder()
    let targets: LeafTargets

    init(parameters: RollupParameters) {
        targets = LeafTargets(&builder, parameters: parameters)
        let stateBefore = stateRoot(targets.treeRootBefore, targets.nextIndexBefore)
        let zero = builder.zero()
        var state = RunningState(
            treeRoot: targets.treeRootBefore, nextIndex: targets.nextIndexBefore, feeSum: zero,
            wasActive: builder.constant(true))
        var digests: [HashTarget] = []
        for payment in targets.payments {
            digests.append(
                builder.constrain(payment, state: &state, networkDigest: targets.networkDigest))
        }
        let stateAfter = stateRoot(state.treeRoot, state.nextIndex)
        registerStatement(
            stateBefore: stateBefore, stateAfter: stateAfter, digests: digests,
            feeSum: state.feeSum)
    }

    /// The hash of the public inputs and the row that compares it come last.
    var rowCount: Int {
        let rate = Poseidon2.rate
        return builder.rowCount + (NodeStatement.publicInputCount + rate - 1) / rate + 1
    }

    private mutating func stateRoot(_ treeRoot: HashTarget, _ nextIndex: Target) -> HashTarget {
        builder.hash(domain: RollupDomain.state.tag, treeRoot.elements + [nextIndex])
    }

    /// The public inputs, in the order of `NodeStatement.publicInputs`.
    private mutating func registerStatement(
        stateBefore: HashTarget, stateAfter: HashTarget, digests: [HashTarget], feeSum: Target
    ) {
        let blockID = builder.hash(domain: RollupDomain.block.tag, targets.blockPreimage)
        let paymentCommitment = builder.hash(
            domain: RollupDomain.leafPayments.tag, digests.flatMap(\.elements))
        let contribution = builder.hash(
            domain: RollupDomain.leafContribution.tag,
            targets.proverID.elements + blockID.elements + [targets.firstLeaf]
                + stateBefore.elements + stateAfter.elements)
        let zero = builder.zero()
        let leafCount = builder.one()
        builder.registerPublicInputs(blockID.elements + [targets.firstLeaf, leafCount])
        for hash in [stateBefore, stateAfter, paymentCommitment, targets.proverID, contribution] {
            builder.registerPublicInputs(hash.elements)
        }
        builder.registerPublicInput(feeSum)
        builder.registerPublicInputs([zero, zero, zero, zero])
    }
}
