internal import Cryptography
internal import Messages
package import Primitives
import Storage

/// One payment of the faucet, as signed.
package struct FaucetGrant: Hashable, Sendable {
    package let recipient: OperatorKey
    /// 0 for the first transaction of its recipient; one more each time the log refused a nonce.
    package let attempt: UInt64
    package let transaction: LedgerTransaction
}

/// What a faucet has promised, on disk before anybody hears of it: `grant/KEY/ATTEMPT` holds the
/// signed transfer, `settled/NONCE` says that the log has receipted it.
///
/// Nothing is ever removed, so a key is paid once. Memory and disk are linear in
/// `FaucetParameters.maximumGrants`.
struct FaucetBook: Sendable {
    private let eventLog: EventLog
    private(set) var grants: [OperatorKey: FaucetGrant] = [:]
    private var settled: Set<UInt64> = []
    private(set) var lastNonce: UInt64 = 0

    init(eventLog: EventLog) throws {
        self.eventLog = eventLog
        for record in try Self.all(.duty, in: eventLog) {
            let transaction = try MessageCodec.decodeTransaction(record.value)
            guard case .transfer(let transfer) = transaction.body,
                let attempt = String(decoding: record.key, as: UTF8.self).split(separator: "/")
                    .last.flatMap({ UInt64($0) })
            else { continue }
            note(
                FaucetGrant(
                    recipient: transfer.recipient, attempt: attempt, transaction: transaction))
        }
        for record in try Self.all(.state, in: eventLog) {
            let name = String(decoding: record.key, as: UTF8.self)
            if let nonce = UInt64(name.dropFirst("settled/".count)) { settled.insert(nonce) }
        }
    }

    /// The grants that the log has not receipted, by ascending nonce.
    var unsettled: [FaucetGrant] {
        grants.values.filter { !settled.contains($0.transaction.nonce) }
            .sorted { $0.transaction.nonce < $1.transaction.nonce }
    }

    /// Durable when it returns.
    mutating func record(_ grant: FaucetGrant) throws(StorageError) {
        let key = "grant/\(grant.recipient.hex)/\(grant.attempt)"
        try eventLog.commit([
            .record(.duty, key: Array(key.utf8), value: MessageCodec.encode(grant.transaction))
        ])
        note(grant)
    }

    mutating func settle(_ grant: FaucetGrant) throws(StorageError) {
        let nonce = grant.transaction.nonce
        try eventLog.commit([
            .record(.state, key: Array("settled/\(nonce)".utf8), value: [])
        ])
        settled.insert(nonce)
    }

    private mutating func note(_ grant: FaucetGrant) {
        lastNonce = max(lastNonce, grant.transaction.nonce)
        if let known = grants[grant.recipient], known.attempt > grant.attempt { return }
        grants[grant.recipient] = grant
    }

    private static func all(
        _ kind: RecordKind, in eventLog: EventLog
    ) throws(StorageError) -> [StoredRecord] {
        var records: [StoredRecord] = []
        while true {
            let page = try eventLog.records(
                of: kind, after: records.last?.sequence ?? 0,
                limit: StorageParameters.maximumRowsPerRead)
            if page.isEmpty { return records }
            records += page
        }
    }
}
