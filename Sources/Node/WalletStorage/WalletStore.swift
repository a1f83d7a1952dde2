package import Cryptography
package import Payments
package import Primitives

/// A wallet whose key state is on disk before a payment leaves it.
///
/// A one-time key that signs two payments can be forged, so what must never happen is that a
/// process forgets a key it has used. `sign` computes the payment, writes the state after it to
/// disk (new file, fsync, rename, fsync of the directory: `WalletStateFile`) and only then returns
/// the payment. A crash in between costs one unused key. One process holds a state at a time, by a
/// kernel lock beside the file. The state names its network and the authentication key of its seed,
/// so that neither a foreign state nor a foreign seed is ever signed with.
///
/// What no store can see is an old copy put back in place of the newest: `isBehind` compares it
/// with the account, which knows the keys that have been executed.
package actor WalletStore {
    package nonisolated let account: UInt32
    private let file: WalletStateFile
    private var wallet: Wallet

    /// Goes on with the state in `stateFile`. `seed` has 32 bytes. Making the keys takes about a
    /// third of a second at key tree height 10.
    package static func open(
        seed: borrowing SecretBytes, stateFile: String, parameters: RollupParameters
    ) throws(WalletStoreError) -> WalletStore {
        // A name that stands for nothing leaves no lock behind either.
        _ = try WalletStateFile.read(stateFile)
        let file = try WalletStateFile(locking: stateFile)
        let record = try file.read()
        let wallet = try record.wallet(
            seed: bytes(of: seed), parameters: parameters, path: stateFile)
        return WalletStore(wallet: wallet, file: file)
    }

    /// Starts the state of an account that has never signed; throws `exists` where there is one.
    package static func create(
        seed: borrowing SecretBytes, account: UInt32, stateFile: String,
        parameters: RollupParameters
    ) throws(WalletStoreError) -> WalletStore {
        let file = try WalletStateFile(locking: stateFile)
        let seed = try bytes(of: seed)
        let wallet: Wallet
        do throws(PaymentError) {
            wallet = try Wallet(
                seed: seed, keyState: WalletKeyState(newAccount: account),
                parameters: parameters)
        } catch {
            throw .payment(error)
        }
        return try start(wallet, file)
    }

    /// Starts the state of an account whose old one is lost.
    package static func restore(
        seed: borrowing SecretBytes, account number: UInt32, from account: Account,
        at point: RestorePoint, stateFile: String, parameters: RollupParameters
    ) throws(WalletStoreError) -> WalletStore {
        let file = try WalletStateFile(locking: stateFile)
        guard !file.exists else { throw .exists(path: stateFile) }
        let seed = try bytes(of: seed)
        let wallet: Wallet
        do throws(PaymentError) {
            wallet = try Wallet(
                restoring: seed, account: number, from: account, at: point,
                parameters: parameters)
        } catch {
            throw .payment(error)
        }
        return try start(wallet, file)
    }

    /// Signs `order`; the used key is on disk when this returns. Where the disk refuses, nothing
    /// leaves and the key is still unused.
    package func sign(_ order: PaymentOrder) throws(WalletStoreError) -> Payment {
        var next = wallet
        let payment: Payment
        do throws(PaymentError) {
            payment = try next.sign(order)
        } catch {
            throw .payment(error)
        }
        try file.write(WalletRecord(next))
        wallet = next
        return payment
    }

    /// Goes back a generation where `account`, as executed, says so (`Wallet.follow`).
    package func follow(_ account: Account) throws(WalletStoreError) {
        var next = wallet
        let hasChanged: Bool
        do throws(PaymentError) {
            hasChanged = try next.follow(account)
        } catch {
            throw .payment(error)
        }
        guard hasChanged else { return }
        try file.write(WalletRecord(next))
        wallet = next
    }

    /// What a state file says, without key or lock: for whoever looks on.
    package static func record(in stateFile: String) throws(WalletStoreError) -> WalletRecord {
        try WalletStateFile.read(stateFile)
    }

    /// What a new account is opened with, and what the account must have for the next payment.
    package var authenticationKey: FieldDigest { wallet.authenticationKey }
    package var keyState: WalletKeyState { wallet.keyState }

    /// Whether the account has executed keys that this state thinks unused: the file is an old copy.
    package func isBehind(nextKeyIndex: UInt64) -> Bool {
        let state = wallet.keyState
        let first = UInt64(state.generation) * UInt64(wallet.parameters.keysPerTree)
        return first + UInt64(state.nextPosition) < nextKeyIndex
    }

    // MARK: Rooms

    private init(wallet: Wallet, file: WalletStateFile) {
        self.wallet = wallet
        self.file = file
        account = wallet.account
    }

    private static func start(
        _ wallet: Wallet, _ file: WalletStateFile
    ) throws(WalletStoreError) -> WalletStore {
        guard !file.exists else { throw .exists(path: file.path) }
        try file.write(WalletRecord(wallet))
        return WalletStore(wallet: wallet, file: file)
    }

    private static func bytes(
        of seed: borrowing SecretBytes
    ) throws(WalletStoreError) -> Bytes32 {
        guard let bytes = seed.withUnsafeBytes({ Bytes32($0) }) else {
            throw .payment(.unusableSeed(account: 0))
        }
        return bytes
    }
}
