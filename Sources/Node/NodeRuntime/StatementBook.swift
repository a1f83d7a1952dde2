internal import Cryptography
internal import Messages
internal import NodeCore
internal import Primitives
internal import Storage

/// What this node has signed, on disk before anybody sees it.
///
/// A duty is signed for once: whoever asks again gets the first statement, also after a restart.
/// Transactions are kept by their nonce too, so that those which the log never answered are sent
/// again.
struct StatementBook: Sendable {
    let eventLog: EventLog

    func envelope(for duty: Duty) throws -> GossipEnvelope? {
        guard let bytes = try eventLog.statement(duty: key("gossip", duty)) else { return nil }
        return try MessageCodec.decodeEnvelope(bytes)
    }

    func record(_ envelope: GossipEnvelope, for duty: Duty) throws {
        try eventLog.commit([
            .statement(duty: key("gossip", duty), content: MessageCodec.encode(envelope))
        ])
    }

    func transaction(for duty: Duty) throws -> LedgerTransaction? {
        guard let bytes = try eventLog.statement(duty: key("log", duty)) else { return nil }
        return try MessageCodec.decodeTransaction(bytes)
    }

    func record(_ transaction: LedgerTransaction, for duty: Duty) throws {
        let bytes = MessageCodec.encode(transaction)
        try eventLog.commit([
            .statement(duty: key("log", duty), content: bytes),
            .record(.duty, key: nonceKey(transaction.nonce), value: bytes),
        ])
    }

    /// Signed transactions above `nonce`, in order.
    func transactions(after nonce: UInt64) throws -> [LedgerTransaction] {
        var found: [LedgerTransaction] = []
        while let bytes = try eventLog.record(
            .duty, key: nonceKey(nonce + UInt64(found.count) + 1))
        {
            found.append(try MessageCodec.decodeTransaction(bytes))
        }
        return found
    }

    /// A block that was built for a slot: after a restart the same one is revealed.
    func block(for slot: Slot) throws -> BuiltBlock? {
        guard let bytes = try eventLog.statement(duty: key("block", Duty("\(slot)"))),
            case .blockReveal(let reveal) = try MessageCodec.decodeBody(.blockReveal, from: bytes)
        else { return nil }
        return BuiltBlock(header: reveal.header, body: reveal.body)
    }

    func record(_ block: BuiltBlock, for slot: Slot) throws {
        let bytes = MessageCodec.encode(
            .blockReveal(BlockReveal(header: block.header, body: block.body)))
        try eventLog.commit([
            .statement(duty: key("block", Duty("\(slot)")), content: bytes)
        ])
    }

    private func key(_ kind: String, _ duty: Duty) -> [UInt8] {
        Array("\(kind)/\(duty.name)".utf8)
    }

    private func nonceKey(_ nonce: UInt64) -> [UInt8] {
        var key = Array("nonce/".utf8)
        key.append(bigEndian: nonce)
        return key
    }
}
