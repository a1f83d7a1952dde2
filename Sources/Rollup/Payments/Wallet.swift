package import Cryptography
import Hash
package import Primitives

/// What a payment is to do; the wallet adds the rest.
package struct PaymentOrder: Hashable, Sendable {
    package var recipient: UInt32
    /// Set to open `recipient`, which must then be the next free account.
    package var recipientKey: FieldDigest?
    package var amount: Amount
    package var fee: Amount
    /// The number of payments that the account has sent before this one.
    package var nonce: UInt64

    package init(
        recipient: UInt32, recipientKey: FieldDigest?, amount: Amount, fee: Amount, nonce: UInt64
    ) {
        self.recipient = recipient
        self.recipientKey = recipientKey
        self.amount = amount
        self.fee = fee
        self.nonce = nonce
    }
}

/// Where a wallet stands with its keys: all that it must never forget. Whoever holds a wallet makes
/// this durable *before* the payment leaves the machine: a key that signs twice can be forged.
package struct WalletKeyState: Hashable, Sendable {
    package let account: UInt32
    /// The key tree that signs payments from `generationFirstNonce` on.
    package internal(set) var generation: UInt32
    package internal(set) var generationFirstNonce: UInt64
    /// The first unused key of that tree, at most `2^keyTreeHeight`.
    package internal(set) var nextPosition: UInt32
    /// The first unused key of the tree before it, for signing its payments again.
    package internal(set) var previousNextPosition: UInt32
    /// The first key of the tree after it that may sign: above 0 where a lost state may have used
    /// some already.
    package internal(set) var nextGenerationStart: UInt32

    package init(
        account: UInt32, generation: UInt32, generationFirstNonce: UInt64, nextPosition: UInt32,
        previousNextPosition: UInt32, nextGenerationStart: UInt32
    ) {
        self.account = account
        self.generation = generation
        self.generationFirstNonce = generationFirstNonce
        self.nextPosition = nextPosition
        self.previousNextPosition = previousNextPosition
        self.nextGenerationStart = nextGenerationStart
    }

    /// No key used.
    package init(newAccount account: UInt32) {
        self.init(
            account: account, generation: 0, generationFirstNonce: 0, nextPosition: 0,
            previousNextPosition: 0, nextGenerationStart: 0)
    }
}

/// How far a wallet skips ahead whose key state is lost: what it signed and nobody executed is
/// written nowhere.
package enum RestorePoint: Hashable, Sendable {
    /// To the second half of what the generation holds back, which a wallet reaches only by signing
    /// one change of key again and again. The first payment then changes the key, to a generation
    /// that is entered at its middle.
    case reserve
    /// To this key index, which must belong to the account's present generation.
    case keyIndex(UInt64)
}

/// Signs the payments of one account.
///
/// Its one-time keys come from a seed, in generations of `2^keyTreeHeight`, each below one
/// authentication key. The last eighth of a generation is held back: the first payment that would
/// use it names the next generation's authentication key, and later payments are signed by that one.
/// What is held back signs again those payments that come before.
///
/// Any payment may be signed again, to raise its fee: it takes the next key of its generation. As
/// key indices rise strictly, the payments after it that the same generation signed must then be
/// signed again too.
///
/// Making a generation takes about half a second at height 10.
package struct Wallet: Sendable {
    package let parameters: RollupParameters
    package private(set) var keyState: WalletKeyState
    private let secret: AccountSecret
    private var tree: KeyTree
    private var previousTree: KeyTree?

    /// Salts tried before giving up: each has the right weight with a chance of 7 %.
    private static let saltLimit: UInt64 = 4096

    /// `seed` are 32 secret random bytes. Throws `keysExhausted` if `keyState` is behind the last
    /// generation.
    package init(
        seed: Bytes32, keyState: WalletKeyState, parameters: RollupParameters
    ) throws(PaymentError) {
        secret = AccountSecret(
            seed: seed, account: keyState.account, networkDigest: parameters.networkDigest)
        self.parameters = parameters
        self.keyState = keyState
        tree = try Self.makeTree(
            secret: secret, generation: keyState.generation, parameters: parameters)
    }

    /// Restores a wallet of which only seed and account are left. Throws `keysExhausted` where no
    /// key of the account's generation is left, `restorePoint` for a point outside of it, and
    /// `unusableSeed` where the account is not the seed's.
    package init(
        restoring seed: Bytes32, account number: UInt32, from account: Account,
        at point: RestorePoint, parameters: RollupParameters
    ) throws(PaymentError) {
        let keysPerTree = UInt64(parameters.keysPerTree)
        let oldest = account.nextKeyIndex == 0 ? 0 : (account.nextKeyIndex - 1) / keysPerTree
        for generation in oldest...(oldest + 1) {
            let wallet = try Wallet(
                seed: seed,
                keyState: WalletKeyState(
                    account: number, generation: UInt32(clamping: generation),
                    generationFirstNonce: account.nonce, nextPosition: 0,
                    previousNextPosition: UInt32(clamping: keysPerTree),
                    nextGenerationStart: UInt32(clamping: keysPerTree / 2)),
                parameters: parameters)
            guard wallet.authenticationKey == account.authenticationKey else { continue }
            self = wallet
            let first = generation * keysPerTree
            let used = account.nextKeyIndex > first ? account.nextKeyIndex - first : 0
            keyState.nextPosition = try position(of: point, used: used, first: first)
            return
        }
        throw .unusableSeed(account: number)
    }

    /// - Parameters:
    ///   - used: keys of the generation that are executed or below one that is.
    ///   - first: the generation's first key index.
    private func position(
        of point: RestorePoint, used: UInt64, first: UInt64
    ) throws(PaymentError) -> UInt32 {
        let keys = UInt64(parameters.keysPerTree)
        guard used < keys else {
            throw .keysExhausted(account: account, generation: keyState.generation)
        }
        switch point {
        case .reserve:
            let reserve = keys - max(1, (keys - UInt64(firstHeldBack)) / 2)
            return UInt32(clamping: used <= reserve ? reserve : used + (keys - used) / 2)
        case .keyIndex(let index):
            guard index >= first + used, index < first + keys else {
                throw .restorePoint(lowest: first + used, end: first + keys, found: index)
            }
            return UInt32(clamping: index - first)
        }
    }

    /// Goes back to the generation of `account`, where a payment without a change of key was
    /// executed in place of the one that this wallet had signed with it. Returns whether it did.
    /// Throws `wrongKey` where the account is not this wallet's.
    package mutating func follow(_ account: Account) throws(PaymentError) -> Bool {
        guard account.nonce >= keyState.generationFirstNonce,
            account.authenticationKey != authenticationKey
        else { return false }
        guard keyState.generation > 0 else {
            throw .wrongKey(expected: account.authenticationKey, found: authenticationKey)
        }
        let previous = try Self.makeTree(
            secret: secret, generation: keyState.generation - 1, parameters: parameters)
        guard previous.root == account.authenticationKey else {
            throw .wrongKey(expected: account.authenticationKey, found: authenticationKey)
        }
        keyState = WalletKeyState(
            account: keyState.account, generation: keyState.generation - 1,
            generationFirstNonce: account.nonce, nextPosition: keyState.previousNextPosition,
            previousNextPosition: UInt32(clamping: parameters.keysPerTree),
            nextGenerationStart: max(keyState.nextPosition, keyState.nextGenerationStart))
        tree = previous
        previousTree = nil
        return true
    }

    package var account: UInt32 { keyState.account }

    /// The key that the account must have for the next payment to be valid: what a new account is
    /// opened with.
    package var authenticationKey: FieldDigest { tree.root }

    /// Signs `order` and uses up one key. A failed order uses none.
    package mutating func sign(_ order: PaymentOrder) throws(PaymentError) -> Payment {
        try VerifiedPayment.checkRanges(
            unsigned(order, tree: tree, position: 0, nextKey: tree.root), parameters: parameters)
        return try signUnchecked(order)
    }

    /// Signs an order that no node would take, too: tests of what refuses payments make theirs so.
    /// `order.nonce < UInt64.max`.
    package mutating func signUnchecked(
        _ order: PaymentOrder
    ) throws(PaymentError) -> Payment {
        guard order.nonce >= keyState.generationFirstNonce else {
            return try signAgain(order)
        }
        let position = keyState.nextPosition
        guard position < parameters.keysPerTree else {
            throw .keysExhausted(account: account, generation: keyState.generation)
        }
        guard Int(position) >= firstHeldBack else {
            let payment = try payment(order, tree: tree, position: position, nextKey: tree.root)
            keyState.nextPosition += 1
            return payment
        }
        let nextTree = try Self.makeTree(
            secret: secret, generation: keyState.generation + 1, parameters: parameters)
        let payment = try payment(order, tree: tree, position: position, nextKey: nextTree.root)
        previousTree = tree
        tree = nextTree
        keyState = WalletKeyState(
            account: account, generation: keyState.generation + 1,
            generationFirstNonce: order.nonce + 1, nextPosition: keyState.nextGenerationStart,
            previousNextPosition: position + 1, nextGenerationStart: 0)
        return payment
    }

    // MARK: Rooms

    private var firstHeldBack: Int {
        parameters.keysPerTree - max(1, parameters.keysPerTree / 8)
    }

    /// A payment of the generation before; the last of them is the one that changes the key.
    private mutating func signAgain(_ order: PaymentOrder) throws(PaymentError) -> Payment {
        let position = keyState.previousNextPosition
        guard keyState.generation > 0, position < parameters.keysPerTree else {
            throw .keysExhausted(account: account, generation: keyState.generation)
        }
        let previous =
            if let previousTree {
                previousTree
            } else {
                try Self.makeTree(
                    secret: secret, generation: keyState.generation - 1, parameters: parameters)
            }
        previousTree = previous
        let changesKey = order.nonce == keyState.generationFirstNonce - 1
        let payment = try payment(
            order, tree: previous, position: position,
            nextKey: changesKey ? tree.root : previous.root)
        keyState.previousNextPosition += 1
        return payment
    }

    private func payment(
        _ order: PaymentOrder, tree: KeyTree, position: UInt32, nextKey: FieldDigest
    ) throws(PaymentError) -> Payment {
        var payment = unsigned(order, tree: tree, position: position, nextKey: nextKey)
        let digest = try salt(&payment)
        payment.signature = tree.sign(digest, position: position)
        return payment
    }

    private func unsigned(
        _ order: PaymentOrder, tree: KeyTree, position: UInt32, nextKey: FieldDigest
    ) -> Payment {
        Payment(
            sender: account, recipient: order.recipient, amount: order.amount, fee: order.fee,
            nonce: order.nonce, keyIndex: tree.keyIndex(at: position), nextSenderKey: nextKey,
            recipientKey: order.recipientKey, salt: .zero, signature: [],
            keyPath: tree.path(of: position))
    }

    /// Sets the first salt whose digest has the weight to be signed.
    private func salt(_ payment: inout Payment) throws(PaymentError) -> HashOutput {
        let message = PaymentDigest.digest(
            of: payment, networkDigest: parameters.networkDigest)
        for attempt in 0..<Self.saltLimit {
            payment.salt = secret.salt(message: message, attempt: attempt).digest
            let digest = PaymentDigest.digest(
                of: payment, networkDigest: parameters.networkDigest)
            if OneTimeSignature.weight(of: digest) == OneTimeSignature.digestWeight {
                return digest
            }
        }
        throw .noSaltFound(tries: Self.saltLimit)
    }

    private static func makeTree(
        secret: AccountSecret, generation: UInt32, parameters: RollupParameters
    ) throws(PaymentError) -> KeyTree {
        let height = parameters.keyTreeHeight
        guard generation < UInt32(1) << UInt32(PaymentLimits.keyIndexBits - height) else {
            throw .keysExhausted(account: secret.account, generation: generation)
        }
        return KeyTree(secret: secret, generation: generation, height: height)
    }
}
