import Cryptography
import Foundation
import GRDB
import Messages
import Primitives
import SettlementLog

/// A signing key with holders.
final class Signer: Sendable {
    private let key: SigningKey
    private let seed: [UInt8]

    init(_ name: String) throws {
        seed = taggedHash("test-signer", .text(name)).bytes
        key = try SigningKey(seed: SecretBytes(copying: seed))
    }

    var operatorKey: OperatorKey { OperatorKey(key.publicKey) }
    func sign(_ bytes: [UInt8]) -> Signature { key.sign(bytes) }
    func copyKey() throws -> SigningKey { try SigningKey(seed: SecretBytes(copying: seed)) }
}

/// A network with one settlement authority and a folder that goes with the fixture.
final class LogFixture: Sendable {
    let networkID = NetworkID(genesisNonce: [7])
    let policyHash = taggedHash("test-policy")
    let authority: Signer
    let folder: URL

    init() throws {
        authority = try Signer("authority")
        folder = FileManager.default.temporaryDirectory
            .appending(path: "grove-log-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    var path: String { folder.appending(path: "log.sqlite").path() }

    var parameters: SettlementLogParameters {
        SettlementLogParameters(
            networkID: networkID, policyHash: policyHash, tick: .milliseconds(100))
    }

    /// On the closed database, past everything that a log would do.
    func execute(_ statement: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.write { try $0.execute(sql: statement) }
        try queue.close()
    }

    func open(at path: String? = nil) throws -> EmbeddedLog {
        try EmbeddedLog(
            path: path ?? self.path, parameters: parameters, key: try authority.copyKey())
    }

    func transaction(
        _ signer: Signer, nonce: UInt64, units: UInt64 = 1, networkID: NetworkID? = nil
    ) -> LedgerTransaction {
        MessageCodec.transaction(
            .transfer(
                Transfer(recipient: authority.operatorKey, amount: Amount(units: units))),
            networkID: networkID ?? self.networkID, key: signer.operatorKey, nonce: nonce,
            sign: signer.sign)
    }

    func isValid(_ receipt: Receipt) -> Bool {
        Ed25519.verify(
            receipt.signature,
            message: Receipt.signedBytes(
                networkID: networkID, transactionID: receipt.transactionID,
                lastInclusionHeight: receipt.lastInclusionHeight),
            key: authority.operatorKey)
    }

    /// Every block of the log, checked from the policy hash on.
    func blocks(of log: EmbeddedLog) async throws -> [LogBlock] {
        var verifier = verifier
        var blocks: [LogBlock] = []
        while true {
            let page = try await log.encodedBlocks(from: verifier.nextHeight, limit: 256)
            if page.isEmpty { return blocks }
            for bytes in page {
                let block = try MessageCodec.decodeLogBlock(bytes)
                try verifier.accept(block)
                blocks.append(block)
            }
        }
    }

    var verifier: LogChainVerifier {
        LogChainVerifier(
            networkID: networkID, authority: authority.operatorKey, nextHeight: Height(0),
            previousHash: policyHash)
    }
}

extension EmbeddedLog {
    func submit(_ transaction: LedgerTransaction) async throws -> Receipt {
        try await submit(transaction, byteCount: MessageCodec.encode(transaction).count)
    }

    /// Lets other tasks run until as many transactions are held.
    func waitForHeld(_ count: Int) async {
        while status.heldCount != count { await Task.yield() }
    }
}
