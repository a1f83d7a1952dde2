import Cryptography
import Ledger
import NodeCore
import Payments
import Primitives

/// Accounts of a rollup with their wallets, in the shape of `NodeWorld`'s rollup. Account 0 has paid
/// three times and used five keys.
struct PaymentFixture {
    static let balance: UInt64 = 1_000
    static let nonce: UInt64 = 3
    static let nextKeyIndex: UInt64 = 5

    let parameters: RollupParameters
    let accounts: [Account]

    init(networkID: NetworkID = NodeWorld.networkID) throws {
        parameters = try RollupParameters(
            networkID: networkID, accountTreeDepth: 10, keyTreeHeight: 4, leafCapacity: 2,
            maximumLeafCount: 4)
        let parameters = self.parameters
        accounts = try (0..<2).map { number in
            var account = Account(
                openedBy: try Self.wallet(UInt32(number), at: 0, parameters).authenticationKey,
                balance: Amount(units: Self.balance))
            if number == 0 {
                account.nonce = Self.nonce
                account.nextKeyIndex = Self.nextKeyIndex
            }
            return account
        }
    }

    private static func wallet(
        _ account: UInt32, at keyIndex: UInt32, _ parameters: RollupParameters
    ) throws -> Wallet {
        try Wallet(
            seed: Bytes32(words: 3, 3, 3, UInt64(account)),
            keyState: WalletKeyState(
                account: account, generation: 0, generationFirstNonce: 0, nextPosition: keyIndex,
                previousNextPosition: 0, nextGenerationStart: 0),
            parameters: parameters)
    }

    /// By account 0's owner with the key of this index, to account 1 unless told otherwise.
    @inline(never)
    func payment(
        amount: UInt64 = 10, fee: UInt64 = 2, nonce: UInt64 = PaymentFixture.nonce,
        keyIndex: UInt64 = PaymentFixture.nextKeyIndex, recipient: UInt32 = 1,
        recipientKey: FieldDigest? = nil, sender: UInt32 = 0
    ) throws -> Payment {
        var wallet = try Self.wallet(sender, at: UInt32(keyIndex), parameters)
        return try wallet.signUnchecked(
            PaymentOrder(
                recipient: recipient, recipientKey: recipientKey, amount: Amount(units: amount),
                fee: Amount(units: fee), nonce: nonce))
    }
}
