import Cryptography
import Field
import Hash
import Payments
import PaymentsCircuit
import Primitives

/// Makes leaf witnesses without asking whether a payment is allowed: accounts move as the circuit
/// moves them, in the field, so that a broken rule is the only thing wrong with a witness.
struct Forge {
    static let networkID = NetworkID(genesisNonce: Array("forge".utf8))
    static let prover = OperatorKey(Bytes32(words: 1, 2, 3, 4))

    let parameters: RollupParameters
    var wallets: [Wallet]
    /// By account number; nil where nobody opened it.
    var accounts: [Account?]
    var nextIndex: UInt64

    static func parameters(
        depth: Int = 4, height: Int = 3, capacity: Int = 2
    ) throws -> RollupParameters {
        try RollupParameters(
            networkID: networkID, accountTreeDepth: depth, keyTreeHeight: height,
            leafCapacity: capacity, maximumLeafCount: 4)
    }

    init(balances: [UInt64], parameters: RollupParameters) throws {
        self.parameters = parameters
        wallets = try balances.indices.map {
            try Wallet(
                seed: Bytes32(words: 5, 5, 5, UInt64($0)),
                keyState: WalletKeyState(newAccount: UInt32($0)), parameters: parameters)
        }
        accounts = zip(wallets, balances).map {
            Account(openedBy: $0.authenticationKey, balance: Amount(units: $1))
        }
        nextIndex = UInt64(balances.count)
        let limit = Int(parameters.accountLimit)
        accounts += [Account?](repeating: nil, count: limit - balances.count)
    }

    init(balances: [UInt64]) throws {
        try self.init(balances: balances, parameters: Self.parameters())
    }

    /// A payment signed by `sender`'s wallet.
    mutating func pay(
        _ sender: Int, to recipient: UInt32, amount: UInt64, fee: UInt64 = 1,
        nonce: UInt64 = 0, opening recipientKey: FieldDigest? = nil
    ) throws -> Payment {
        try wallets[sender].signUnchecked(
            PaymentOrder(
                recipient: recipient, recipientKey: recipientKey, amount: Amount(units: amount),
                fee: Amount(units: fee), nonce: nonce))
    }

    /// The executor's opinion of `payments`; it never saw the accounts that are out of range.
    func refusal(of payments: [Payment]) -> PaymentError? {
        do throws(PaymentError) {
            let state = try RollupState(
                accounts: accounts.prefix(Int(nextIndex)).compactMap { $0 },
                parameters: parameters)
            _ = try BlockExecutor.execute(payments, on: state)
            return nil
        } catch {
            return error
        }
    }

    /// A leaf of `payments` on top of the accounts, all rules ignored.
    func leaf(_ payments: [Payment]) -> LeafInput {
        var copy = self
        let treeRoot = copy.tree.root
        return LeafInput(
            firstLeaf: 0, proverID: HashOutput(BlockIdentity.proverID(of: Self.prover)),
            networkDigest: parameters.networkDigest, header: Self.header,
            treeRootBefore: treeRoot, nextIndexBefore: nextIndex,
            payments: payments.map { copy.move($0) })
    }

    static let header = BlockHeader(
        slot: Slot(9), round: 0, parent: BlockID(.zero), stateBefore: .zero, stateAfter: .zero,
        paymentRoot: .zero, leafCount: 1, feeSum: .zero, bodyHash: .zero)

    private mutating func move(_ payment: Payment) -> PaymentInput {
        let none = Account(openedBy: .zero, balance: .zero)
        let sender = accounts[Int(payment.sender)] ?? none
        let senderSiblings = tree.siblings(of: payment.sender)
        var debited = sender
        debited.balance = subtract(
            subtract(sender.balance, payment.amount), payment.fee)
        debited.nonce += 1
        debited.nextKeyIndex = UInt64(payment.keyIndex) + 1
        debited.authenticationKey = payment.nextSenderKey
        accounts[Int(payment.sender)] = debited

        let recipient =
            payment.recipientKey.map { Account(openedBy: $0, balance: .zero) }
            ?? accounts[Int(payment.recipient)] ?? none
        let recipientSiblings = tree.siblings(of: payment.recipient)
        var credited = recipient
        credited.balance = Amount(
            units: (Goldilocks(recipient.balance.units) + Goldilocks(payment.amount.units))
                .canonical)
        accounts[Int(payment.recipient)] = credited
        if payment.recipientKey != nil { nextIndex += 1 }
        return PaymentInput(
            isActive: 1, payment: payment, sender: sender, senderSiblings: senderSiblings,
            recipient: recipient, recipientSiblings: recipientSiblings)
    }

    private func subtract(_ held: Amount, _ taken: Amount) -> Amount {
        Amount(units: (Goldilocks(held.units) - Goldilocks(taken.units)).canonical)
    }

    private var tree: PlainTree { PlainTree(accounts.map { $0?.leafHash ?? .zero }) }
}

/// A whole Merkle tree, level by level: an independent way to the state tree's root and paths.
struct PlainTree {
    /// `[level][index]`, leaves first.
    private var levels: [[HashOutput]]

    /// A power of two of leaves.
    init(_ leaves: [HashOutput]) {
        levels = [leaves]
        while let last = levels.last, last.count > 1 {
            levels.append(
                stride(from: 0, to: last.count, by: 2).map { compress(last[$0], last[$0 + 1]) })
        }
    }

    var root: HashOutput { levels[levels.count - 1][0] }

    func siblings(of index: UInt32) -> [HashOutput] {
        levels.dropLast().enumerated().map { level, nodes in
            nodes[Int(index >> UInt32(level)) ^ 1]
        }
    }
}
