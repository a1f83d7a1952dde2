import Cryptography
import Payments
import Primitives

/// The first authentication key of a wallet: what its account is opened with.
enum WalletKey {
    /// Traps unless `keystore` is a wallet's. Takes `2^keyTreeHeight` key pairs: under a second.
    static func authenticationKey(
        of keystore: borrowing Keystore, account: UInt32, parameters: RollupParameters
    ) throws -> FieldDigest {
        guard UInt64(account) < parameters.accountLimit else {
            throw CommandFailure(
                .usage,
                "account \(account) does not exist: accounts are below \(parameters.accountLimit)")
        }
        guard let seed = keystore.walletSeed().withUnsafeBytes({ Bytes32($0) }) else {
            preconditionFailure("a wallet's seed has 32 bytes")
        }
        return try Wallet(
            seed: seed, keyState: WalletKeyState(newAccount: account), parameters: parameters
        ).authenticationKey
    }
}
