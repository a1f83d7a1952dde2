import Cryptography
import Payments
import Primitives

/// What the state file says, as JSON. Public numbers: without the seed nothing can be signed.
///
/// The checksum tells an accident, such as a digit that the disk gave back wrong: a lower position
/// would sign twice with one key. It protects against nobody.
package struct WalletRecord: Codable, Hashable, Sendable {
    static let format = "grove-wallet-state/2"

    let format: String
    package let networkId: String
    package let account: UInt32
    /// Of the present generation: tells a foreign seed.
    package let authenticationKey: String
    package let generation: UInt32
    package let generationFirstNonce: UInt64
    package let nextPosition: UInt32
    package let previousNextPosition: UInt32
    package let nextGenerationStart: UInt32
    private(set) var checksum: String

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
        nextGenerationStart = state.nextGenerationStart
        checksum = ""
        checksum = expectedChecksum
    }

    /// Throws `damaged` unless the file says what a store wrote, all of it.
    func check(path: String) throws(WalletStoreError) {
        guard format == Self.format else {
            throw .damaged(path: path, reason: "format \(format), expected \(Self.format)")
        }
        guard checksum == expectedChecksum else {
            throw .damaged(path: path, reason: "its checksum is another one")
        }
    }

    private var expectedChecksum: String {
        let digest = taggedHash(
            "wallet-state", .text(format), .text(networkId), .integer(UInt64(account)),
            .text(authenticationKey), .integer(UInt64(generation)),
            .integer(generationFirstNonce), .integer(UInt64(nextPosition)),
            .integer(UInt64(previousNextPosition)), .integer(UInt64(nextGenerationStart)))
        return Array(digest.bytes.prefix(8)).hex
    }

    /// The wallet at this state, refused unless network and seed are the state's own.
    func wallet(
        seed: Bytes32, parameters: RollupParameters, path: String
    ) throws(WalletStoreError) -> Wallet {
        try check(path: path)
        guard networkId == parameters.networkID.hex else {
            throw .wrongNetwork(
                path: path, expected: parameters.networkID.hex, found: networkId)
        }
        let keys = parameters.keysPerTree
        for (name, position) in [
            ("nextPosition", nextPosition), ("previousNextPosition", previousNextPosition),
            ("nextGenerationStart", nextGenerationStart),
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
                    previousNextPosition: previousNextPosition,
                    nextGenerationStart: nextGenerationStart),
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
