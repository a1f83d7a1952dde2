import Cryptography
import Payments
import Primitives
import SansIO

/// A small rollup whose accounts all have wallets.
struct Village {
    static let networkID = NetworkID(genesisNonce: Array("village".utf8))

    var state: RollupState
    var wallets: [Wallet]

    static func parameters(
        depth: Int = 6, height: Int = 3, capacity: Int = 3, leaves: Int = 8
    ) throws -> RollupParameters {
        try RollupParameters(
            networkID: networkID, accountTreeDepth: depth, keyTreeHeight: height,
            leafCapacity: capacity, maximumLeafCount: leaves)
    }

    init(balances: [UInt64], parameters: RollupParameters) throws {
        wallets = try balances.indices.map {
            try Self.wallet(UInt32($0), parameters: parameters)
        }
        state = try RollupState(
            accounts: zip(wallets, balances).map {
                Account(openedBy: $0.authenticationKey, balance: Amount(units: $1))
            }, parameters: parameters)
    }

    init(balances: [UInt64]) throws {
        try self.init(balances: balances, parameters: Self.parameters())
    }

    static func seed(_ number: UInt64) -> Bytes32 { Bytes32(words: 7, 7, 7, number) }

    static func wallet(_ account: UInt32, parameters: RollupParameters) throws -> Wallet {
        try Wallet(
            seed: seed(UInt64(account)), keyState: WalletKeyState(newAccount: account),
            parameters: parameters)
    }

    /// A payment by `sender`'s wallet; its nonce is the state's unless another is given.
    mutating func pay(
        _ sender: Int, to recipient: UInt32, amount: UInt64, fee: UInt64 = 1,
        nonce: UInt64? = nil, opening recipientKey: FieldDigest? = nil
    ) throws -> Payment {
        try wallets[sender].signUnchecked(
            PaymentOrder(
                recipient: recipient, recipientKey: recipientKey, amount: Amount(units: amount),
                fee: Amount(units: fee),
                nonce: nonce ?? state.account(UInt32(sender))?.nonce ?? 0))
    }

    func verified(_ payment: Payment) throws -> VerifiedPayment {
        try VerifiedPayment(checking: payment, parameters: state.parameters)
    }

    @discardableResult
    mutating func apply(_ payment: Payment) throws -> PaymentTransition {
        try state.apply(verified(payment))
    }

    /// The error for which `payment` is refused on the present state.
    func refusal(of payment: Payment) throws -> PaymentError? {
        var state = state
        do {
            _ = try state.apply(verified(payment))
            return nil
        } catch let error as PaymentError {
            return error
        }
    }

    /// `count` payments that execute one after the other, some opening accounts, some to oneself.
    mutating func randomPayments(
        _ count: Int, using generator: inout SeededGenerator
    ) throws -> [Payment] {
        var preview = state
        return try (0..<count).map { _ in
            let sender = Int.random(in: 0..<wallets.count, using: &generator)
            let nonce = preview.account(UInt32(sender))?.nonce ?? 0
            let balance = preview.account(UInt32(sender))?.balance.units ?? 0
            let fee = UInt64.random(in: 0...min(2, balance), using: &generator)
            let opens =
                preview.nextIndex < preview.parameters.accountLimit
                && Int.random(in: 0..<4, using: &generator) == 0
            let recipient =
                opens
                ? UInt32(preview.nextIndex)
                : UInt32.random(in: 0..<UInt32(wallets.count), using: &generator)
            if opens {
                wallets.append(try Self.wallet(recipient, parameters: state.parameters))
            }
            let payment = try pay(
                sender, to: recipient,
                amount: UInt64.random(in: 0...(balance - fee), using: &generator), fee: fee,
                nonce: nonce,
                opening: opens ? wallets[Int(recipient)].authenticationKey : nil)
            _ = try preview.apply(verified(payment))
            return payment
        }
    }
}

/// `digest` with its first element changed.
func altered(_ digest: FieldDigest) -> FieldDigest {
    FieldDigest(elements: [digest.elements[0] ^ 1] + digest.elements.dropFirst()) ?? .zero
}
