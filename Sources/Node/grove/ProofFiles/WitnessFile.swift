import Cryptography
import Foundation
import Messages
package import NetworkFile
package import Payments
package import Primitives

/// A block to prove, in a file: the payments, in order, and the state before them.
///
///     {"format": "grove-witness/1", "networkId": "…", "slot": 7, "round": 0, "parent": "…",
///      "accounts": [{"key": "…", "balance": 5, "nonce": 0, "nextKeyIndex": 0}],
///      "payments": ["…"]}
///
/// Account i of the list is account i of the state; without the list the state is the network's
/// genesis. A payment is its bytes as they travel, in hexadecimal. Everything else of the block follows
/// from executing it. Source: docs/protocol/proof-files.md.
package struct WitnessFile {
    package static let maximumByteCount = 64 << 20
    package static let format = "grove-witness/1"

    private let slot: Slot
    private let round: UInt64
    private let parent: BlockID
    private let payments: [Payment]
    private let state: RollupState

    /// The witness of a block that was executed. `block` must be what `header` is about.
    package init(_ block: ExecutedBlock, _ header: BlockHeader) {
        slot = header.slot
        round = header.round
        parent = header.parent
        payments = block.leaves.flatMap { $0.transitions.map(\.verified.payment) }
        state = block.before
    }

    /// Throws `CommandFailure` with the place, what was expected and what was found.
    package init(decoding bytes: [UInt8], of network: NetworkDescription) throws {
        let written = try Self.read(bytes)
        func require(_ holds: Bool, _ place: String, _ expected: String, _ found: String) throws {
            guard holds else {
                throw CommandFailure(
                    .usage, "the witness file's \(place): expected \(expected), found \(found)")
            }
        }
        try require(
            written.format == Self.format, "format", Self.format, "\"\(written.format)\"")
        try require(
            written.networkId == network.networkID.hex, "networkId",
            "\(network.networkID.hex), the network file's", written.networkId)
        let limit = network.rollup.maximumPaymentCount
        try require(
            (1...limit).contains(written.payments.count), "payments", "1 to \(limit) payments",
            "\(written.payments.count)")
        slot = Slot(written.slot)
        round = written.round
        guard let parent = FieldDigest(hex: written.parent) else {
            throw CommandFailure(
                .usage,
                "the witness file's parent: expected the id of a block, found \(written.parent)")
        }
        self.parent = BlockID(parent)
        payments = try written.payments.enumerated().map { index, hex in
            guard let bytes = [UInt8](hex: hex),
                let payment = try? MessageCodec.decodePayment(bytes)
            else {
                throw CommandFailure(
                    .usage,
                    "the witness file's payment \(index): expected the bytes of a payment in "
                        + "hexadecimal, found \"\(hex.prefix(32))…\"")
            }
            return payment
        }
        state = try written.accounts.map { try Self.state($0, network) } ?? network.rollupGenesis
    }

    /// What the payments do. Throws `CommandFailure` where one of them cannot be done.
    package func execute() throws -> (block: ExecutedBlock, header: BlockHeader) {
        do {
            let block = try BlockExecutor.execute(payments, on: state)
            let header = block.header(slot: slot, round: round, parent: parent, bodyHash: .zero)
            return (block, header)
        } catch {
            throw CommandFailure(
                .mismatch, "the witness file's payments cannot be executed: \(error)")
        }
    }

    /// The file's bytes; equal blocks give equal bytes. Throws `CommandFailure` where they are more than
    /// any reader takes.
    package func encoded(networkID: NetworkID) throws -> [UInt8] {
        let written = Written(
            format: Self.format, networkId: networkID.hex, slot: slot.number, round: round,
            parent: parent.digest.hex,
            accounts: state.accounts.map {
                WrittenAccount(
                    key: $0.authenticationKey.hex, balance: $0.balance.units, nonce: $0.nonce,
                    nextKeyIndex: $0.nextKeyIndex)
            }, payments: payments.map { MessageCodec.encode($0).hex })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let bytes = [UInt8](try encoder.encode(written)) + Array("\n".utf8)
        guard bytes.count <= Self.maximumByteCount else {
            throw CommandFailure(
                .mismatch,
                "the witness has \(bytes.count) bytes, of which most are accounts; a witness file has "
                    + "at most \(Self.maximumByteCount)")
        }
        return bytes
    }

    private static func read(_ bytes: [UInt8]) throws(CommandFailure) -> Written {
        if let fault = StrictJSON.fault(in: bytes) {
            throw CommandFailure(.usage, "the witness file: \(fault)")
        }
        let fault: String
        do {
            return try JSONDecoder().decode(Written.self, from: Data(bytes))
        } catch Swift.DecodingError.keyNotFound(let key, _) {
            fault = "has no \(key.stringValue)"
        } catch Swift.DecodingError.typeMismatch(_, let context),
            Swift.DecodingError.valueNotFound(_, let context)
        {
            let place = context.codingPath.map(\.stringValue).joined(separator: ".")
            fault = "has a \(place) of another type"
        } catch {
            fault = "is no JSON"
        }
        throw CommandFailure(
            .usage, "the witness file \(fault): expected JSON of \(Self.format)")
    }

    private static func state(
        _ accounts: [WrittenAccount], _ network: NetworkDescription
    ) throws -> RollupState {
        let accounts = try accounts.enumerated().map { index, account in
            guard let key = FieldDigest(hex: account.key) else {
                throw CommandFailure(
                    .usage,
                    "the witness file's account \(index): expected a key of 32 bytes in "
                        + "hexadecimal, found \"\(account.key)\"")
            }
            return Account(
                authenticationKey: key, balance: Amount(units: account.balance),
                nonce: account.nonce, nextKeyIndex: account.nextKeyIndex)
        }
        do {
            return try RollupState(accounts: accounts, parameters: network.rollup)
        } catch {
            throw CommandFailure(.usage, "the witness file's accounts: \(error)")
        }
    }

    private struct Written: Codable {
        var format: String
        var networkId: String
        var slot: UInt64
        var round: UInt64
        var parent: String
        var accounts: [WrittenAccount]?
        var payments: [String]
    }

    private struct WrittenAccount: Codable {
        var key: String
        var balance: UInt64
        var nonce: UInt64
        var nextKeyIndex: UInt64
    }
}
