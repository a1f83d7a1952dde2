package import Cryptography
package import Logging
internal import Messages
package import Primitives
import SettlementLog
package import Storage

/// Pays one stake and some fees to every new operator key of a development network, once.
///
/// A key's payment is a ledger transfer of the faucet's account. It is signed under the next nonce
/// and on disk (`FaucetBook`) before the asker hears of it, and handed to the log until the log
/// gives a receipt: whatever stops this process, the same transaction is sent again, so nobody is
/// paid twice and no promise is lost. Whoever asks again for a key is told of the first payment.
///
/// Only one process holds the faucet's key. Anybody may draw keys and ask for each: the money is a
/// development network's, the number of keys is bounded, in all and a minute
/// (`FaucetParameters`). Calls to the disk block this actor for some milliseconds.
///
/// Source: `docs/protocol/settlement.md`.
package actor FaucetDesk {
    /// Returns once the log has promised inclusion; throws what its client throws.
    package typealias Send = @Sendable (LedgerTransaction) async throws -> Void

    package nonisolated let networkID: NetworkID
    package nonisolated let key: OperatorKey
    /// What one key gets.
    package nonisolated let amount: Amount
    private let signingKey: SigningKey
    /// How many keys the faucet's money suffices for.
    private let affordableCount: Int
    private var book: FaucetBook
    private let send: Send
    private let logger: Logger
    /// When new keys were paid, within the last window.
    private var recent: [ContinuousClock.Instant] = []
    private let wakings: AsyncStream<Void>
    private nonisolated let waking: AsyncStream<Void>.Continuation

    /// - Parameters:
    ///   - fee: of one transfer.
    ///   - funds: what the faucet's account held at genesis.
    package init(
        signingKey: consuming SigningKey, networkID: NetworkID, amount: Amount, fee: Amount,
        funds: Amount, eventLog: EventLog, logger: Logger, send: @escaping Send
    ) throws {
        key = OperatorKey(signingKey.publicKey)
        self.signingKey = signingKey
        self.networkID = networkID
        self.amount = amount
        let price = try amount.adding(fee)
        affordableCount = Int(clamping: funds.units / max(1, price.units))
        book = try FaucetBook(eventLog: eventLog)
        self.send = send
        self.logger = logger
        (wakings, waking) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    package var grantCount: Int { book.grants.count }

    /// Promises the payment of `recipient`, durably; `isNew` is false where it was promised before.
    package func grant(
        _ recipient: OperatorKey, at now: ContinuousClock.Instant = .now
    ) throws(FaucetRefusal) -> (grant: FaucetGrant, isNew: Bool) {
        if let known = book.grants[recipient] { return (known, false) }
        guard Ed25519.isValidKey(recipient), recipient != key else {
            throw .badKey(recipient.hex)
        }
        guard book.grants.count < min(FaucetParameters.maximumGrants, affordableCount) else {
            throw .exhausted
        }
        recent.removeAll { now - $0 >= FaucetParameters.grantWindow }
        guard recent.count < FaucetParameters.maximumGrantsPerWindow else {
            throw .tooMany(
                limit: FaucetParameters.maximumGrantsPerWindow,
                window: FaucetParameters.grantWindow)
        }
        let grant = sign(for: recipient, nonce: book.lastNonce + 1, attempt: 0)
        do throws(StorageError) {
            try book.record(grant)
        } catch {
            throw .unavailable("\(error)")
        }
        recent.append(now)
        waking.yield()
        return (grant, true)
    }

    /// Hands promised payments to the log, in order, until cancelled. Throws only where the disk
    /// fails.
    package func run() async throws {
        waking.yield()
        for await _ in wakings {
            while let next = book.unsettled.first {
                try await settle(next)
                try Task.checkCancellation()
            }
        }
    }

    private func settle(_ grant: FaucetGrant) async throws {
        do {
            try await send(grant.transaction)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            if case .refused(_, _, let expected?) = error as? SettlementClientError,
                expected > grant.transaction.nonce
            {
                // Another transaction of this account has the nonce: a copy of an older directory.
                let nonce = max(expected, book.lastNonce + 1)
                return try book.record(
                    sign(for: grant.recipient, nonce: nonce, attempt: grant.attempt + 1))
            }
            logger.warning(
                "the settlement log does not take a payment; trying again",
                metadata: ["to": "\(grant.recipient.hex)", "reason": "\(error)"])
            return try await Task.sleep(for: FaucetParameters.retryPause)
        }
        try book.settle(grant)
        logger.notice(
            "paid", metadata: ["to": "\(grant.recipient.hex)", "amount": "\(amount)"])
    }

    private func sign(
        for recipient: OperatorKey, nonce: UInt64, attempt: UInt64
    ) -> FaucetGrant {
        FaucetGrant(
            recipient: recipient, attempt: attempt,
            transaction: MessageCodec.transaction(
                .transfer(Transfer(recipient: recipient, amount: amount)), networkID: networkID,
                key: key, nonce: nonce, sign: { signingKey.sign($0) }))
    }
}
