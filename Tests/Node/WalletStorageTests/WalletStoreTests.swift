import Cryptography
import Foundation
import Payments
import Primitives
import TestSupport
import Testing
import WalletStorage

/// A folder that goes with the suite, and a small wallet in it.
@Suite final class WalletStoreTests {
    let folder: URL
    let stateFile: String
    let parameters: RollupParameters

    init() throws {
        folder = ScratchDirectory.root
            .appending(path: "grove-wallet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        stateFile = folder.appending(path: "wallet.json").path()
        parameters = try Self.parameters(network: "wallets")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    static func parameters(network: String) throws -> RollupParameters {
        try RollupParameters(
            networkID: NetworkID(genesisNonce: Array(network.utf8)), accountTreeDepth: 6,
            keyTreeHeight: 3, leafCapacity: 3, maximumLeafCount: 8)
    }

    private func seed(_ byte: UInt8 = 7) -> SecretBytes {
        SecretBytes(copying: [UInt8](repeating: byte, count: 32))
    }

    private func create() throws(WalletStoreError) -> WalletStore {
        try WalletStore.create(
            seed: seed(), account: 3, stateFile: stateFile, parameters: parameters)
    }

    private func open() throws(WalletStoreError) -> WalletStore {
        try WalletStore.open(seed: seed(), stateFile: stateFile, parameters: parameters)
    }

    private func order(nonce: UInt64) -> PaymentOrder {
        PaymentOrder(
            recipient: 1, recipientKey: nil, amount: Amount(units: 5), fee: Amount(units: 1),
            nonce: nonce)
    }

    private func written(_ field: String) throws -> Int {
        let data = try Data(contentsOf: URL(filePath: stateFile))
        let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
        return try #require(object?[field] as? Int)
    }

    private func rewrite(_ field: String, _ value: Any) throws {
        let url = URL(filePath: stateFile)
        let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
        var fields = try #require(object as? [String: Any])
        fields[field] = value
        try JSONSerialization.data(withJSONObject: fields).write(to: url)
    }

    @Test func `the used key is on disk when a payment is returned`() async throws {
        let store = try create()
        #expect(try written("nextPosition") == 0)
        for nonce in 0..<3 {
            let payment = try await store.sign(order(nonce: UInt64(nonce)))
            #expect(payment.keyIndex == UInt32(nonce))
            #expect(try written("nextPosition") == nonce + 1)
        }
    }

    @Test func `a payment leaves only if its state could be written`() async throws {
        let store = try create()
        try FileManager.default.removeItem(at: folder)
        do {
            _ = try await store.sign(order(nonce: 0))
            Issue.record("signed without a durable state")
        } catch .notDurable(let path, _) {
            #expect(path == stateFile)
        }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let payment = try await store.sign(order(nonce: 0))
        #expect(payment.keyIndex == 0)
        #expect(try written("nextPosition") == 1)
    }

    @Test func `a wallet that is opened again goes on behind its last key`() async throws {
        let first = try await create().sign(order(nonce: 0))
        let second = try await open().sign(order(nonce: 1))
        #expect((first.keyIndex, second.keyIndex) == (0, 1))
        // The same nonce again, with a higher fee, takes another key too.
        let again = try await open().sign(order(nonce: 1))
        #expect(again.keyIndex == 2)
    }

    @Test func `a change of generation is on disk too`() async throws {
        var last: Payment?
        for nonce in 0..<9 { last = try await reopened(nonce).sign(order(nonce: UInt64(nonce))) }
        #expect(try written("generation") == 1)
        #expect(try written("nextPosition") == 1)
        #expect(last?.keyIndex == 8)
        let checked = try VerifiedPayment(
            checking: try #require(last), parameters: parameters)
        #expect(await checked.signer == (try open()).authenticationKey)
    }

    private func reopened(_ nonce: Int) throws -> WalletStore {
        try nonce == 0 ? create() : open()
    }

    @Test func `two holders of one state are refused`() throws {
        let store = try create()
        #expect(throws: WalletStoreError.inUse(path: stateFile)) { try open() }
        withExtendedLifetime(store) {}
    }

    @Test func `a state that exists is not started anew`() throws {
        _ = try create()
        #expect(throws: WalletStoreError.exists(path: stateFile)) { try create() }
    }

    @Test func `a missing state is named`() {
        #expect(throws: WalletStoreError.missing(path: stateFile)) { try open() }
    }

    @Test func `another seed's state is refused`() throws {
        _ = try create()
        #expect(throws: WalletStoreError.wrongSeed(path: stateFile)) {
            try WalletStore.open(
                seed: seed(8), stateFile: stateFile, parameters: parameters)
        }
    }

    @Test func `another network's state is refused`() throws {
        _ = try create()
        let other = try Self.parameters(network: "elsewhere")
        #expect(
            throws: WalletStoreError.wrongNetwork(
                path: stateFile, expected: other.networkID.hex, found: parameters.networkID.hex)
        ) {
            try WalletStore.open(seed: seed(), stateFile: stateFile, parameters: other)
        }
    }

    @Test func `the state is for its owner's eyes`() throws {
        _ = try create()
        let attributes = try FileManager.default.attributesOfItem(atPath: stateFile)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test(arguments: [
        "nextPosition", "previousNextPosition", "nextGenerationStart", "generation", "account",
        "generationFirstNonce",
    ])
    func `a state that was changed by hand is damage`(field: String) throws {
        _ = try create()
        try rewrite(field, 1)
        #expect(
            throws: WalletStoreError.damaged(
                path: stateFile, reason: "its checksum is another one")
        ) { try open() }
    }

    @Test func `each flipped byte of a state is damage`() async throws {
        _ = try await create().sign(order(nonce: 0))
        let good = try Data(contentsOf: URL(filePath: stateFile))
        let record = try WalletStore.record(in: stateFile)
        for index in good.indices {
            for bit in 0..<8 {
                var bad = good
                bad[index] ^= 1 << UInt8(bit)
                try bad.write(to: URL(filePath: stateFile))
                // White space and the case of a digit's letter may change, what is said may not.
                if let read = try? WalletStore.record(in: stateFile) {
                    #expect(read == record, "bit \(bit) of byte \(index)")
                }
            }
        }
    }

    @Test func `a cut-off state is damage`() throws {
        _ = try create()
        let bytes = try Data(contentsOf: URL(filePath: stateFile))
        for count in [0, 1, bytes.count / 2] {
            try bytes.prefix(count).write(to: URL(filePath: stateFile))
            #expect(
                throws: WalletStoreError.damaged(
                    path: stateFile, reason: "no wallet state in JSON")
            ) { try open() }
        }
    }

    @Test func `an old copy of the state is behind its account`() async throws {
        let store = try create()
        let payment = try await store.sign(order(nonce: 0))
        let executed = UInt64(payment.keyIndex) + 1
        #expect(await store.isBehind(nextKeyIndex: executed) == false)
        #expect(await store.isBehind(nextKeyIndex: executed + 1))
    }

    @Test func `a lost state is restored at keys that it never used`() async throws {
        let store = try create()
        var account = Account(
            openedBy: await store.authenticationKey, balance: Amount(units: 100))
        account.nextKeyIndex = 2
        account.nonce = 2
        let file = folder.appending(path: "restored.json").path()
        let restored = try WalletStore.restore(
            seed: seed(), account: 3, from: account, at: .reserve, stateFile: file,
            parameters: parameters)
        #expect(try await restored.sign(order(nonce: 2)).keyIndex == 7)
        #expect(try await restored.sign(order(nonce: 3)).keyIndex == 12)
    }

    @Test func `a restored state does not take the place of one that is there`() async throws {
        let store = try create()
        let account = Account(openedBy: await store.authenticationKey, balance: .zero)
        let file = folder.appending(path: "restored.json").path()
        for expected in [nil, WalletStoreError.exists(path: file)] {
            do throws(WalletStoreError) {
                _ = try WalletStore.restore(
                    seed: seed(), account: 3, from: account, at: .keyIndex(5), stateFile: file,
                    parameters: parameters)
                #expect(expected == nil)
            } catch {
                #expect(error == expected)
            }
        }
        #expect(try WalletStore.record(in: file).nextPosition == 5)
    }

    @Test func `a missing state leaves no lock behind`() throws {
        #expect(throws: WalletStoreError.missing(path: stateFile)) { try open() }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
    }
}
