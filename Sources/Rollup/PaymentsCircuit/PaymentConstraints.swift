import Circuit
import Field
import Hash
import Payments

/// What is carried from one payment of a leaf to the next.
struct RunningState {
    var treeRoot: HashTarget
    var nextIndex: Target
    var feeSum: Target
    /// Whether the payment before was no padding.
    var wasActive: BoolTarget
}

/// The rules of `RollupState.apply` as constraints. Where a payment is padding, roots, the number
/// of accounts and fees stay, its digest is zero, and the constraints hold for zeros.
extension CircuitBuilder {
    /// Constrains one payment on top of `state`, advances it, and returns the payment's digest.
    mutating func constrain(
        _ payment: PaymentTargets, state: inout RunningState, networkDigest: HashTarget
    ) -> HashTarget {
        assertPaddingLast(payment, after: state)
        rangeCheck(payment.amount, bitCount: PaymentLimits.amountBits)
        rangeCheck(payment.fee, bitCount: PaymentLimits.feeBits)

        let digest = paymentDigest(payment, networkDigest: networkDigest)
        let key = recoverAuthenticationKey(
            payment, digest: digest, networkDigest: networkDigest)
        let rootAfterDebit = debit(payment, authenticationKey: key, treeRoot: state.treeRoot)
        let rootAfterCredit = credit(
            payment, treeRoot: rootAfterDebit, nextIndex: state.nextIndex)

        let isActive = payment.isActive
        state.treeRoot = select(isActive, rootAfterCredit, state.treeRoot)
        state.nextIndex = mulAdd(isActive.target, payment.opens.target, state.nextIndex)
        // At most 64 fees of 40 bits: the sum cannot wrap.
        state.feeSum = mulAdd(isActive.target, payment.fee, state.feeSum)
        state.wasActive = isActive
        return masked(digest, by: isActive)
    }

    /// A payment after padding is padding.
    private mutating func assertPaddingLast(_ payment: PaymentTargets, after state: RunningState) {
        let isActive = payment.isActive.target
        let shouldBeZero = mulSubtract(state.wasActive.target, isActive, isActive)
        assertZero(shouldBeZero)
    }

    /// `PaymentDigest.digest`: three rows. The nonce is the sender's.
    private mutating func paymentDigest(
        _ payment: PaymentTargets, networkDigest: HashTarget
    ) -> HashTarget {
        let recipientKey = masked(payment.recipientAccount.authenticationKey, by: payment.opens)
        let numbers = [
            payment.sender, payment.recipient, payment.amount, payment.fee, payment.senderNonce,
            payment.keyIndex, payment.opens.target,
        ]
        return hash(
            domain: RollupDomain.payment.tag,
            payment.salt.elements + networkDigest.elements + numbers
                + payment.nextSenderKey.elements + recipientKey.elements)
    }

    /// Opens the sender's account, whose key the signature must prove, and takes amount and fee
    /// from it. Returns the root of the tree after that.
    private mutating func debit(
        _ payment: PaymentTargets, authenticationKey: HashTarget, treeRoot: HashTarget
    ) -> HashTarget {
        let before = AccountTargets(
            authenticationKey: authenticationKey, balance: payment.senderBalance,
            nonce: payment.senderNonce, nextKeyIndex: payment.senderNextKeyIndex)
        // Both below 2^33: a difference below zero has no 32 bits.
        let skippedKeys = sub(payment.keyIndex, payment.senderNextKeyIndex)
        rangeCheck(skippedKeys, bitCount: PaymentLimits.keyIndexBits)
        // Amount and fee are below 2^62 + 2^40 together: a difference below zero has no 62 bits.
        let withoutAmount = sub(payment.senderBalance, payment.amount)
        let balance = sub(withoutAmount, payment.fee)
        rangeCheck(balance, bitCount: PaymentLimits.amountBits)
        let after = AccountTargets(
            authenticationKey: payment.nextSenderKey, balance: balance,
            nonce: add(payment.senderNonce, .one), nextKeyIndex: add(payment.keyIndex, .one))

        let position = splitLittleEndian(
            payment.sender, bitCount: payment.senderSiblings.count)
        let leafBefore = before.leafHash(&self)
        let rootBefore = merkleRoot(
            leaf: leafBefore, siblings: payment.senderSiblings, position: position)
        assertEqual(rootBefore, treeRoot, where: payment.isActive)
        let leafAfter = after.leafHash(&self)
        return merkleRoot(
            leaf: leafAfter, siblings: payment.senderSiblings, position: position)
    }

    /// Opens the recipient's account, or proves its leaf empty and the next to be opened, and adds
    /// the amount. Returns the root of the tree after that.
    private mutating func credit(
        _ payment: PaymentTargets, treeRoot: HashTarget, nextIndex: Target
    ) -> HashTarget {
        let before = payment.recipientAccount
        assertNew(before, where: payment.opens)
        assertEqual(payment.recipient, nextIndex, where: payment.opens)
        var after = before
        after.balance = add(before.balance, payment.amount)
        rangeCheck(after.balance, bitCount: PaymentLimits.amountBits)

        let position = splitLittleEndian(
            payment.recipient, bitCount: payment.recipientSiblings.count)
        // An empty leaf is zero.
        let isThere = not(payment.opens)
        let accountHash = before.leafHash(&self)
        let leafBefore = masked(accountHash, by: isThere)
        let rootBefore = merkleRoot(
            leaf: leafBefore, siblings: payment.recipientSiblings, position: position)
        assertEqual(rootBefore, treeRoot, where: payment.isActive)
        let leafAfter = after.leafHash(&self)
        return merkleRoot(
            leaf: leafAfter, siblings: payment.recipientSiblings, position: position)
    }

    private mutating func assertNew(_ account: AccountTargets, where condition: BoolTarget) {
        for value in [account.balance, account.nonce, account.nextKeyIndex] {
            let product = mul(condition.target, value)
            assertZero(product)
        }
    }

    /// `condition` ? `hash` : zero.
    private mutating func masked(_ hash: HashTarget, by condition: BoolTarget) -> HashTarget {
        HashTarget(hash.elements.map { mul(condition.target, $0) })
    }
}
