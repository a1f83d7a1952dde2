import Cryptography
import Payments
import Primitives

/// What the state file says, as JSON. Public numbers: without the seed nothing can be signed.
struct WalletRecord: Codable, Hashable, Sendable {
    static let format = "grove-wallet-state/1"

    let format: String
    let networkId: String
    let account: UInt32
    /// Of the present generation: tells a foreign seed.
    let authenticationKey: String
    let generation: UInt32
    let generationFirstNonce: UInt64
    let nextPosition: UInt32
    let previousNextPosition: UInt32

    init(_ wallet: Wallet) {
        let state = wallet.keyState
        format = Self.format
        networkId = wallet.parameters.networkID.hex
        account = state.account
        authenticationKey = wallet.authenticationKey.hex
        generation = state.generation
        generationFirstNonce = state.generationFirstNonce
        nextPosition = state.nextPosition
        previousNextPosition = state.previousNextPosition
    }

    /// The wallet at this state, refused unless network and seed are the state's own.
    func wallet(
        seed: Bytes32, parameters: RollupParameters, path: String
    ) throws(WalletStoreError) -> Wallet {
        guard format == Self.format else {
            throw .damaged(path: path, reason: "format \(format), expected \(Self.format)")
        }
        guard networkId == parameters.networkID.hex else {
            throw .wrongNetwork(
                path: path, expected: parameters.networkID.hex, found: networkId)
        }
        let keys = parameters.keysPerTree
        for (name, position) in [
            ("nextPosition", nextPosition), ("previousNextPosition", previousNextPosition),
        ] where position > keys {
            throw .damaged(path: path, reason: "\(name) is \(position), at most \(keys)")
        }
        let wallet: Wallet
        do {
            wallet = try Wallet(
                seed: seed,
                keyState: WalletKeyState(
                    account: account, generation: generation,
                    generationFirstNonce: generationFirstNonce, nextPosition: nextPosition,
                    previousNextPosition: previousNextPosition),
                parameters: parameters)
        } catch {
            throw .payment(error)
        }
        guard wallet.authenticationKey.hex == authenticationKey else {
            throw .wrongSeed(path: path)
        }
        return wallet
    }
}
