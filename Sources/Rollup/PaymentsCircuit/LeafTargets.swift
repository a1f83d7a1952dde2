import Circuit
import Field
import Hash
import Payments
import Primitives

/// The targets that a leaf's witness sets.
struct LeafTargets: Sendable {
    let firstLeaf: Target
    let proverID: HashTarget
    /// The block's preimage in the order of `BlockIdentity.preimage`.
    let blockPreimage: [Target]
    let treeRootBefore: HashTarget
    let nextIndexBefore: Target
    let payments: [PaymentTargets]

    /// Elements of `BlockIdentity.preimage`.
    static let blockPreimageCount = 26

    init(_ builder: inout CircuitBuilder, parameters: RollupParameters) {
        firstLeaf = builder.addVirtualTarget()
        proverID = builder.addVirtualHash()
        blockPreimage = builder.addVirtualTargets(Self.blockPreimageCount)
        treeRootBefore = builder.addVirtualHash()
        nextIndexBefore = builder.addVirtualTarget()
        payments = (0..<parameters.leafCapacity).map {
            PaymentTargets(&builder, isFirst: $0 == 0, parameters: parameters)
        }
    }

    /// The preimage begins with the network, which the signatures name too.
    var networkDigest: HashTarget { HashTarget(Array(blockPreimage[..<4])) }

    func witness(_ input: LeafInput, parameters: RollupParameters) -> PartialWitness {
        var witness = PartialWitness()
        precondition(
            input.payments.count <= payments.count,
            "\(input.payments.count) payments in a leaf for \(payments.count)")
        witness.set(firstLeaf, to: input.firstLeaf)
        witness.set(proverID, to: input.proverID)
        witness.set(
            blockPreimage,
            to: BlockIdentity.preimage(of: input.header, networkDigest: input.networkDigest))
        witness.set(treeRootBefore, to: input.treeRootBefore)
        witness.set(nextIndexBefore, to: input.nextIndexBefore)
        let padding = PaymentInput.padding(parameters)
        for (index, targets) in payments.enumerated() {
            targets.assign(
                index < input.payments.count ? input.payments[index] : padding, to: &witness)
        }
        return witness
    }
}

/// The targets of one payment.
struct PaymentTargets: Sendable {
    /// 0 for padding. The first payment of a leaf is never padding.
    let isActive: BoolTarget
    let sender: Target
    let recipient: Target
    let amount: Target
    let fee: Target
    let keyIndex: Target
    let nextSenderKey: HashTarget
    /// 1 where the payment opens its recipient.
    let opens: BoolTarget
    let salt: HashTarget
    /// `[chain]`, two elements each.
    let signature: [[Target]]
    let keyPath: [HashTarget]

    let senderBalance: Target
    let senderNonce: Target
    let senderNextKeyIndex: Target
    let senderSiblings: [HashTarget]
    let recipientAccount: AccountTargets
    let recipientSiblings: [HashTarget]

    init(_ builder: inout CircuitBuilder, isFirst: Bool, parameters: RollupParameters) {
        isActive = isFirst ? builder.constant(true) : builder.addBool()
        sender = builder.addVirtualTarget()
        recipient = builder.addVirtualTarget()
        amount = builder.addVirtualTarget()
        fee = builder.addVirtualTarget()
        keyIndex = builder.addVirtualTarget()
        nextSenderKey = builder.addVirtualHash()
        opens = builder.addBool()
        salt = builder.addVirtualHash()
        signature = (0..<OneTimeSignature.chainCount).map { _ in builder.addVirtualTargets(2) }
        keyPath = (0..<parameters.keyTreeHeight).map { _ in builder.addVirtualHash() }
        senderBalance = builder.addVirtualTarget()
        senderNonce = builder.addVirtualTarget()
        senderNextKeyIndex = builder.addVirtualTarget()
        senderSiblings = (0..<parameters.accountTreeDepth).map { _ in builder.addVirtualHash() }
        recipientAccount = AccountTargets(
            authenticationKey: builder.addVirtualHash(), balance: builder.addVirtualTarget(),
            nonce: builder.addVirtualTarget(), nextKeyIndex: builder.addVirtualTarget())
        recipientSiblings = (0..<parameters.accountTreeDepth).map { _ in
            builder.addVirtualHash()
        }
    }

    func assign(_ input: PaymentInput, to witness: inout PartialWitness) {
        let payment = input.payment
        witness.set(isActive.target, to: input.isActive)
        witness.set(sender, to: UInt64(payment.sender))
        witness.set(recipient, to: UInt64(payment.recipient))
        witness.set(amount, to: payment.amount.units)
        witness.set(fee, to: payment.fee.units)
        witness.set(keyIndex, to: UInt64(payment.keyIndex))
        witness.set(nextSenderKey, to: HashOutput(payment.nextSenderKey))
        witness.set(opens.target, to: input.opens)
        witness.set(salt, to: HashOutput(payment.salt))
        for (pair, values) in payment.signature.enumerated() {
            witness.set(
                signature[2 * pair] + signature[2 * pair + 1], to: values.fieldElements)
        }
        assign(payment.keyPath.map { HashOutput($0) }, to: keyPath, &witness)
        witness.set(senderBalance, to: input.sender.balance.units)
        witness.set(senderNonce, to: input.sender.nonce)
        witness.set(senderNextKeyIndex, to: input.sender.nextKeyIndex)
        assign(input.senderSiblings, to: senderSiblings, &witness)
        let recipient = input.recipient
        witness.set(
            recipientAccount.authenticationKey, to: HashOutput(recipient.authenticationKey))
        witness.set(recipientAccount.balance, to: recipient.balance.units)
        witness.set(recipientAccount.nonce, to: recipient.nonce)
        witness.set(recipientAccount.nextKeyIndex, to: recipient.nextKeyIndex)
        assign(input.recipientSiblings, to: recipientSiblings, &witness)
    }

    private func assign(
        _ hashes: [HashOutput], to targets: [HashTarget], _ witness: inout PartialWitness
    ) {
        precondition(hashes.count == targets.count, "\(hashes.count) for \(targets.count) hashes")
        for (target, hash) in zip(targets, hashes) { witness.set(target, to: hash) }
    }
}

/// `Account` in the circuit.
struct AccountTargets: Sendable {
    var authenticationKey: HashTarget
    var balance: Target
    var nonce: Target
    var nextKeyIndex: Target

    /// `Account.leafHash`: one row.
    func leafHash(_ builder: inout CircuitBuilder) -> HashTarget {
        builder.hash(
            domain: RollupDomain.account.tag,
            authenticationKey.elements + [balance, nonce, nextKeyIndex])
    }
}
