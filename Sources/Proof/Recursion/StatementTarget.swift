import Circuit
import Payments

/// `NodeStatement` in the circuit: its public inputs, in their order.
struct StatementTarget: Sendable {
    let blockID: HashTarget
    let firstLeaf: Target
    let leafCount: Target
    let stateBefore: HashTarget
    let stateAfter: HashTarget
    let paymentRoot: HashTarget
    let proverID: HashTarget
    let contribution: HashTarget
    let feeSum: Target
    let ownKey: HashTarget

    var publicInputs: [Target] {
        blockID.elements + [firstLeaf, leafCount] + stateBefore.elements + stateAfter.elements
            + paymentRoot.elements + proverID.elements + contribution.elements + [feeSum]
            + ownKey.elements
    }
}

extension StatementTarget {
    /// All for the witness to set.
    init(_ builder: inout CircuitBuilder) {
        blockID = builder.addVirtualHash()
        firstLeaf = builder.addVirtualTarget()
        leafCount = builder.addVirtualTarget()
        stateBefore = builder.addVirtualHash()
        stateAfter = builder.addVirtualHash()
        paymentRoot = builder.addVirtualHash()
        proverID = builder.addVirtualHash()
        contribution = builder.addVirtualHash()
        feeSum = builder.addVirtualTarget()
        ownKey = builder.addVirtualHash()
    }
}
