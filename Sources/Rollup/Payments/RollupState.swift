import Field
package import Hash
package import Primitives

/// The accounts of the payments rollup and the rules by which a payment changes them.
///
/// State: accounts in a Poseidon2 Merkle tree, an account's number being its leaf index, and the
/// number of accounts, which is the next one to be opened. The root commits to both.
///
/// A payment is executed if its sender exists, its signer is the sender's authentication key, its
/// nonce is the sender's, its key index is not below the sender's next one, the sender holds amount
/// and fee, and the recipient exists and can hold the amount, or is the next free account and the
/// payment brings its key. First the sender is debited, then the recipient is credited *in the tree
/// that results*, so that paying oneself needs no case of its own. The fee leaves the rollup: the
/// ledger pays it out. An amount of zero is allowed, to rotate a key or open an account.
///
/// A value: copies are free (see `AccountTree`), a failed payment changes nothing.
///
/// Source: docs/protocol, the payments rollup. Deviation: 62 bits, for which `PaymentLimits.amountBits`
/// gives the reason.
package struct RollupState: Sendable {
    package let parameters: RollupParameters
    private var tree: AccountTree
    /// The number of accounts: the next one to be opened.
    package private(set) var nextIndex: UInt64

    /// The state whose account `i` is `accounts[i]`: the genesis, or a snapshot taken by
    /// `accounts`. Throws if they do not fit, if all balances together reach `2^62` units, or if a
    /// nonce or key index is beyond every account's.
    package init(accounts: [Account], parameters: RollupParameters) throws(PaymentError) {
        guard UInt64(accounts.count) <= parameters.accountLimit else {
            throw .accountTreeFull(limit: parameters.accountLimit, found: accounts.count)
        }
        var supply: UInt64 = 0
        for account in accounts {
            let (sum, overflow) = supply.addingReportingOverflow(account.balance.units)
            guard !overflow, sum < PaymentLimits.amountEnd else {
                throw .supplyOutOfRange(end: PaymentLimits.amountEnd)
            }
            supply = sum
            guard account.nonce < PaymentLimits.amountEnd else {
                throw .nonceOutOfRange(end: PaymentLimits.amountEnd, found: account.nonce)
            }
            guard account.nextKeyIndex <= PaymentLimits.keyIndexEnd else {
                throw .keyIndexOutOfRange(
                    end: PaymentLimits.keyIndexEnd, found: account.nextKeyIndex)
            }
        }
        self.parameters = parameters
        tree = AccountTree(accounts: accounts, depth: parameters.accountTreeDepth)
        nextIndex = UInt64(accounts.count)
    }

    /// `H(state, treeRoot ‖ nextIndex)`.
    package var root: FieldDigest {
        Self.root(treeRoot: tree.root, nextIndex: nextIndex).digest
    }

    package var treeRoot: HashOutput { tree.root }

    /// Nil where nobody opened that account.
    package func account(_ number: UInt32) -> Account? {
        UInt64(number) < nextIndex ? tree[number] : nil
    }

    /// All accounts by number: a snapshot. O(n · depth).
    package var accounts: [Account] {
        (0..<nextIndex).map { number in
            guard let account = tree[UInt32(number)] else {
                preconditionFailure("account \(number) of \(nextIndex) is missing")
            }
            return account
        }
    }

    /// Executes one payment. `4·depth + 3` permutations.
    package mutating func apply(
        _ verified: VerifiedPayment
    ) throws(PaymentError) -> PaymentTransition {
        let payment = verified.payment
        let sender = try payingAccount(of: verified)
        var debited = sender
        debited.balance = Amount(
            units: sender.balance.units - payment.amount.units - payment.fee.units)
        debited.nonce += 1
        debited.nextKeyIndex = UInt64(payment.keyIndex) + 1
        debited.authenticationKey = payment.nextSenderKey

        var after = self
        after.tree.set(debited, at: payment.sender)
        let recipient = try after.receivingAccount(of: payment)
        let recipientSiblings = after.tree.siblings(of: payment.recipient)
        var credited =
            recipient ?? Account(openedBy: payment.recipientKey ?? .zero, balance: .zero)
        credited.balance = try Self.credit(credited.balance, payment.amount)
        after.tree.set(credited, at: payment.recipient)
        if recipient == nil { after.nextIndex += 1 }

        let transition = PaymentTransition(
            verified: verified, sender: sender, senderSiblings: tree.siblings(of: payment.sender),
            recipient: recipient, recipientSiblings: recipientSiblings)
        self = after
        return transition
    }

    /// Whether a mempool should hold the payment: it could be executed now, or it continues
    /// `predecessor`, the held payment of the same sender with the nonce before it. So what is held
    /// is signed by its sender, without gaps, also across a change of key. Whether the money will
    /// be there when a later payment's turn comes is not asked.
    package func checkAdmission(
        of verified: VerifiedPayment, after predecessor: VerifiedPayment?
    ) throws(PaymentError) {
        let payment = verified.payment
        guard let sender = account(payment.sender) else { throw .unknownSender(payment.sender) }
        guard payment.nonce > sender.nonce else {
            _ = try payingAccount(of: verified)
            _ = try receivingAccount(of: payment)
            return
        }
        guard let previous = predecessor?.payment, previous.sender == payment.sender,
            previous.nonce == payment.nonce - 1
        else { throw .nonce(expected: sender.nonce, found: payment.nonce) }
        guard verified.signer == previous.nextSenderKey else {
            throw .wrongKey(expected: previous.nextSenderKey, found: verified.signer)
        }
        guard payment.keyIndex > previous.keyIndex else {
            throw .staleKeyIndex(
                lowest: UInt64(previous.keyIndex) + 1, found: payment.keyIndex)
        }
    }

    /// Whether a payment that has overtaken its predecessors on the network should be held: it is
    /// signed by the account's present key, so that nobody else can fill the account's place.
    package func checkEarlyAdmission(of verified: VerifiedPayment) throws(PaymentError) {
        let payment = verified.payment
        guard let sender = account(payment.sender) else { throw .unknownSender(payment.sender) }
        guard payment.nonce > sender.nonce else {
            throw .nonce(expected: sender.nonce, found: payment.nonce)
        }
        guard sender.authenticationKey == verified.signer else {
            throw .wrongKey(expected: sender.authenticationKey, found: verified.signer)
        }
        guard UInt64(payment.keyIndex) >= sender.nextKeyIndex else {
            throw .staleKeyIndex(lowest: sender.nextKeyIndex, found: payment.keyIndex)
        }
    }

    package static func root(treeRoot: HashOutput, nextIndex: UInt64) -> HashOutput {
        RollupHash.hash(.state, treeRoot.elements + [Goldilocks(nextIndex)])
    }

    // MARK: Rooms

    private func payingAccount(of verified: VerifiedPayment) throws(PaymentError) -> Account {
        let payment = verified.payment
        guard let sender = account(payment.sender) else { throw .unknownSender(payment.sender) }
        guard sender.authenticationKey == verified.signer else {
            throw .wrongKey(expected: sender.authenticationKey, found: verified.signer)
        }
        guard sender.nonce == payment.nonce else {
            throw .nonce(expected: sender.nonce, found: payment.nonce)
        }
        guard UInt64(payment.keyIndex) >= sender.nextKeyIndex else {
            throw .staleKeyIndex(lowest: sender.nextKeyIndex, found: payment.keyIndex)
        }
        // Below 2^62 + 2^40: the sum cannot overflow.
        let needed = Amount(units: payment.amount.units + payment.fee.units)
        guard sender.balance >= needed else {
            throw .insufficientBalance(held: sender.balance, needed: needed)
        }
        return sender
    }

    /// Nil for the account that the payment opens.
    private func receivingAccount(of payment: Payment) throws(PaymentError) -> Account? {
        guard payment.recipientKey == nil else {
            guard UInt64(payment.recipient) == nextIndex else {
                throw .openingOutOfOrder(
                    next: UInt32(clamping: nextIndex), found: payment.recipient)
            }
            return nil
        }
        guard let recipient = account(payment.recipient) else {
            throw .unknownRecipient(payment.recipient)
        }
        return recipient
    }

    private static func credit(
        _ held: Amount, _ received: Amount
    ) throws(PaymentError) -> Amount {
        let sum = held.units + received.units
        guard sum < PaymentLimits.amountEnd else {
            throw .balanceOverflow(held: held, received: received)
        }
        return Amount(units: sum)
    }
}

extension RollupState: Equatable {
    package static func == (lhs: RollupState, rhs: RollupState) -> Bool {
        lhs.parameters == rhs.parameters && lhs.root == rhs.root
    }
}

/// One executed payment, with what the leaf circuit needs to follow it.
package struct PaymentTransition: Sendable {
    package let verified: VerifiedPayment
    /// The sender's account before the payment.
    package let sender: Account
    /// `[level]`, in the tree before the payment.
    package let senderSiblings: [HashOutput]
    /// The recipient's account after the sender's debit; nil where the payment opens it.
    package let recipient: Account?
    /// `[level]`, in the tree after the sender's debit.
    package let recipientSiblings: [HashOutput]

    package init(
        verified: VerifiedPayment, sender: Account, senderSiblings: [HashOutput],
        recipient: Account?, recipientSiblings: [HashOutput]
    ) {
        self.verified = verified
        self.sender = sender
        self.senderSiblings = senderSiblings
        self.recipient = recipient
        self.recipientSiblings = recipientSiblings
    }
}
