import Field
package import Hash
package import Payments
package import Primitives

/// All values that the leaf circuit takes as its witness, unchecked: the circuit is what checks them.
package struct LeafInput: Sendable {
    package var firstLeaf: UInt64
    package var proverID: HashOutput
    package var networkDigest: HashOutput
    package var header: BlockHeader
    package var treeRootBefore: HashOutput
    package var nextIndexBefore: UInt64
    /// At most `leafCapacity`; what is missing is padding.
    package var payments: [PaymentInput]

    package init(
        firstLeaf: UInt64, proverID: HashOutput, networkDigest: HashOutput, header: BlockHeader,
        treeRootBefore: HashOutput, nextIndexBefore: UInt64, payments: [PaymentInput]
    ) {
        self.firstLeaf = firstLeaf
        self.proverID = proverID
        self.networkDigest = networkDigest
        self.header = header
        self.treeRootBefore = treeRootBefore
        self.nextIndexBefore = nextIndexBefore
        self.payments = payments
    }

    /// What an honest prover takes: a leaf as it was executed, of the block `header`.
    package init(
        leaf: ExecutedLeaf, header: BlockHeader, parameters: RollupParameters,
        prover: OperatorKey
    ) {
        self.init(
            firstLeaf: UInt64(leaf.index),
            proverID: HashOutput(BlockIdentity.proverID(of: prover)),
            networkDigest: parameters.networkDigest, header: header,
            treeRootBefore: leaf.treeRootBefore, nextIndexBefore: leaf.nextIndexBefore,
            payments: leaf.transitions.map { PaymentInput($0) })
    }
}

/// One payment with the accounts and paths that it touches.
package struct PaymentInput: Sendable {
    /// 1, or 0 for padding.
    package var isActive: UInt64
    /// 1 where the payment opens its recipient, else 0.
    package var opens: UInt64
    package var payment: Payment
    package var sender: Account
    /// `[level]`, in the tree before the payment.
    package var senderSiblings: [HashOutput]
    /// Where the payment opens it: the new key and zeros.
    package var recipient: Account
    /// `[level]`, in the tree after the sender's debit.
    package var recipientSiblings: [HashOutput]

    package init(
        isActive: UInt64, payment: Payment, sender: Account, senderSiblings: [HashOutput],
        recipient: Account, recipientSiblings: [HashOutput]
    ) {
        self.isActive = isActive
        opens = payment.recipientKey == nil ? 0 : 1
        self.payment = payment
        self.sender = sender
        self.senderSiblings = senderSiblings
        self.recipient = recipient
        self.recipientSiblings = recipientSiblings
    }

    init(_ transition: PaymentTransition) {
        let payment = transition.verified.payment
        self.init(
            isActive: 1, payment: payment, sender: transition.sender,
            senderSiblings: transition.senderSiblings,
            recipient: transition.recipient
                ?? Account(openedBy: payment.recipientKey ?? .zero, balance: .zero),
            recipientSiblings: transition.recipientSiblings)
    }

    /// Zeros throughout: they satisfy all that is asked of padding.
    package static func padding(_ parameters: RollupParameters) -> PaymentInput {
        let siblings = [HashOutput](repeating: .zero, count: parameters.accountTreeDepth)
        let account = Account(openedBy: .zero, balance: .zero)
        let payment = Payment(
            sender: 0, recipient: 0, amount: .zero, fee: .zero, nonce: 0, keyIndex: 0,
            nextSenderKey: .zero, recipientKey: nil, salt: .zero,
            signature: [FieldDigest](repeating: .zero, count: OneTimeSignature.signatureLength),
            keyPath: [FieldDigest](repeating: .zero, count: parameters.keyTreeHeight))
        return PaymentInput(
            isActive: 0, payment: payment, sender: account, senderSiblings: siblings,
            recipient: account,
            recipientSiblings: siblings)
    }
}
