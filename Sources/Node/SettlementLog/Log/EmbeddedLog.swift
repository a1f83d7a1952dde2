package import Cryptography
package import Ledger
internal import Messages
package import Primitives

/// The embedded settlement log: one process orders, timestamps and signs what others submit.
///
/// It decides nothing: a transaction needs the network's name, a valid signature, its key's next
/// nonce, and a key that the ledger knows and that can pay; it is then in a block within
/// `inclusionTicks`. The log folds its own blocks for that, as every node does (decision 17). Its receipt is given only once it is on
/// disk. Blocks are chained by hash from the policy hash on, one for each tick; after an outage
/// heights go on by one, and no tick is made up for.
///
/// All writing goes through one loop (`write()`), which saves what came meanwhile in one commit:
/// a sync of the disk is shared by everybody who waits for it. When the disk fails, the log stops:
/// what it did not acknowledge, it may not have.
package actor EmbeddedLog {
    /// A block asked for by the clock.
    private struct Tick {
        let timeMilliseconds: UInt64
        let waiter: CheckedContinuation<Result<LogBlock, SettlementLogError>, Never>
    }

    private typealias ReceiptWaiter =
        CheckedContinuation<Result<Receipt, SubmissionRefusal>, Never>

    package nonisolated let parameters: SettlementLogParameters
    package nonisolated let authority: OperatorKey
    private let key: SigningKey
    let store: LogStore
    var queue: TransactionQueue
    /// The last block that is on disk.
    private(set) var tip: LogHeader?
    /// Of the next block to be assembled; above the tip's by one, or by two during a commit.
    private var nextHeight: Height
    private var nextPreviousHash: Digest
    /// Of the last block assembled: times rise strictly, whatever the wall clock does.
    private var lastTimeMilliseconds: UInt64?

    private var unsaved: [PendingTransaction] = []
    /// Of the block being committed: transaction id to the height that its receipt names.
    private var committing: [Digest: Height] = [:]
    private var ticks: [Tick] = []
    private var waiters: [Digest: [ReceiptWaiter]] = [:]
    private var isWriting = false
    /// Who waits for the writing to end.
    private var closers: [CheckedContinuation<Void, Never>] = []
    var failure: SettlementLogError?
    let follower: LedgerFollower
    var folding: Task<Void, Never>?
    /// Who waits until the ledger has folded a height.
    var foldWaiters: [(height: Height, waiter: CheckedContinuation<Void, Never>)] = []
    /// The last block that was there when the log was opened.
    private let openedAt: Height?
    private var subscribers: [Int: AsyncStream<Height>.Continuation] = [:]
    private var nextSubscriber = 0

    /// Opens or creates the database at `path`.
    ///
    /// - Parameters:
    ///   - ledger: of the genesis; under the rules that `parameters` name.
    ///   - judge: answers what folding this log's blocks asks.
    package init(
        path: String, parameters: SettlementLogParameters, key: consuming SigningKey,
        ledger: LedgerState, judge: any LedgerJudge
    ) throws(SettlementLogError) {
        precondition(
            ledger.nextHeight == Height(0), "a ledger at height \(ledger.nextHeight), not at 0")
        self.parameters = parameters
        authority = OperatorKey(key.publicKey)
        store = try LogStore(path: path, parameters: parameters, authority: authority)
        self.key = key
        let recovered = try store.recover(
            networkID: parameters.networkID, authority: authority)
        let nextHeight = recovered.tip?.height.advanced(by: 1) ?? Height(0)
        queue = TransactionQueue(
            ledger: ledger, pending: recovered.pending, nextHeight: nextHeight)
        follower = LedgerFollower(ledger: ledger, judge: judge)
        openedAt = recovered.tip?.height
        tip = recovered.tip
        self.nextHeight = nextHeight
        nextPreviousHash =
            recovered.tip?.hash(networkID: parameters.networkID) ?? parameters.policyHash
        lastTimeMilliseconds = recovered.tip?.timeMilliseconds
    }

    /// Durably takes a transaction. The same one again, under whatever signature, gets the same
    /// receipt. One whose nonce is a little ahead waits here for those before it.
    /// - Parameter byteCount: of its encoding.
    package nonisolated func submit(
        _ transaction: LedgerTransaction, byteCount: Int
    ) async throws(SubmissionRefusal) -> Receipt {
        // Outside of the actor: signatures are the costly part.
        let id = try check(transaction)
        return try await take(transaction, id: id, byteCount: byteCount)
    }

    /// What the ledger refuses while it is behind is looked at once more when it has caught up: the
    /// sender may have seen more of the log than the log itself.
    private func take(
        _ transaction: LedgerTransaction, id: Digest, byteCount: Int
    ) async throws(SubmissionRefusal) -> Receipt {
        try await waitUntilFolded(openedAt)
        let tip = tip?.height
        do throws(SubmissionRefusal) {
            return try await takeNow(transaction, id: id, byteCount: byteCount)
        } catch {
            guard error.dependsOnLedger, isBehind(tip) else { throw error }
        }
        try await waitUntilFolded(tip)
        return try await takeNow(transaction, id: id, byteCount: byteCount)
    }

    private func takeNow(
        _ transaction: LedgerTransaction, id: Digest, byteCount: Int
    ) async throws(SubmissionRefusal) -> Receipt {
        guard failure == nil else { throw .stopping }
        if waiters[id] == nil {
            if transaction.nonce <= queue.lastNonce(of: transaction.key),
                !queue.isPending(id)
            {
                return try await receiptOfIncluded(id, key: transaction.key)
            }
            let admission = try queue.admit(
                transaction, id: id, byteCount: byteCount, nextHeight: nextHeight)
            switch admission {
            case .pending(let entry):
                return receipt(for: id, lastInclusionHeight: entry.lastInclusionHeight)
            case .accepted(let entries): unsaved += entries
            case .held: break
            }
        }
        let result = await withCheckedContinuation { waiter in
            waiters[id, default: []].append(waiter)
            startWriting()
        }
        return try result.get()
    }

    /// Makes, saves and announces the next block.
    /// - Parameter timeMilliseconds: the wall clock; where it has gone back, the block bears the
    ///   time of the one before and a millisecond.
    @discardableResult
    package func produceBlock(
        timeMilliseconds: UInt64
    ) async throws(SettlementLogError) -> LogBlock {
        if let failure { throw failure }
        let result = await withCheckedContinuation { waiter in
            ticks.append(Tick(timeMilliseconds: timeMilliseconds, waiter: waiter))
            startWriting()
        }
        return try result.get()
    }

    /// Refuses what waits and all that comes.
    package func stop() { fail(.stopped) }

    /// Stops, and lets another process open the database.
    package func close() async throws(SettlementLogError) {
        stop()
        if isWriting { await withCheckedContinuation { closers.append($0) } }
        await folding?.value
        try store.close()
    }

    /// Network and signature. Depends on the bytes alone.
    private nonisolated func check(
        _ transaction: LedgerTransaction
    ) throws(SubmissionRefusal) -> Digest {
        guard transaction.networkID == parameters.networkID else { throw .wrongNetwork }
        let signedBytes = transaction.signedBytes
        guard
            Ed25519.verify(transaction.signature, message: signedBytes, key: transaction.key)
        else { throw .badSignature }
        return SHA256.hash(signedBytes)
    }

    private func receiptOfIncluded(
        _ id: Digest, key: OperatorKey
    ) async throws(SubmissionRefusal) -> Receipt {
        if let height = committing[id] {
            return receipt(for: id, lastInclusionHeight: height)
        }
        do {
            if let height = try await store.lastInclusionHeight(ofIncluded: id) {
                return receipt(for: id, lastInclusionHeight: height)
            }
        } catch {
            fail(error)
            throw .stopping
        }
        throw .nonceUsed(expected: queue.lastNonce(of: key) + 1)
    }

    private func receipt(for id: Digest, lastInclusionHeight: Height) -> Receipt {
        let signature = key.sign(
            Receipt.signedBytes(
                networkID: parameters.networkID, transactionID: id,
                lastInclusionHeight: lastInclusionHeight))
        return Receipt(
            transactionID: id, lastInclusionHeight: lastInclusionHeight, signature: signature)
    }
}

// MARK: - Writing

extension EmbeddedLog {
    private func startWriting() {
        guard !isWriting else { return }
        isWriting = true
        Task { await write() }
    }

    /// Saves until nothing waits: each turn what came since the last one, and one block if due.
    private func write() async {
        defer {
            isWriting = false
            for closer in closers { closer.resume() }
            closers = []
        }
        while failure == nil, !unsaved.isEmpty || !ticks.isEmpty {
            let batch = unsaved
            unsaved = []
            let tick = ticks.isEmpty ? nil : ticks.removeFirst()
            let block = tick.map { assemble(timeMilliseconds: $0.timeMilliseconds) }
            do {
                try await store.commit(pending: batch, block: block)
            } catch {
                tick?.waiter.resume(returning: .failure(error))
                refuse(batch.map(\.id), as: .stopping)
                fail(error)
                return
            }
            acknowledge(batch)
            if let tick, let block { finish(tick, with: block.block) }
        }
    }

    private func assemble(timeMilliseconds: UInt64) -> LogStore.NewBlock {
        let entries = queue.takeBlock()
        for entry in entries { committing[entry.id] = entry.lastInclusionHeight }
        let transactions = entries.map(\.transaction)
        let time = lastTimeMilliseconds.map { max(timeMilliseconds, $0 &+ 1) } ?? timeMilliseconds
        lastTimeMilliseconds = time
        let header = LogHeader(
            height: nextHeight, timeMilliseconds: time,
            previousHash: nextPreviousHash,
            transactionsHash: LogHeader.transactionsHash(of: transactions))
        let signedBytes = header.signedBytes(networkID: parameters.networkID)
        nextHeight = nextHeight.advanced(by: 1)
        nextPreviousHash = SHA256.hash(signedBytes)
        let signed = SignedLogHeader(header: header, signature: key.sign(signedBytes))
        return LogStore.NewBlock(
            block: LogBlock(header: signed, transactions: transactions), entries: entries)
    }

    private func acknowledge(_ entries: [PendingTransaction]) {
        for entry in entries {
            let receipt = receipt(
                for: entry.id, lastInclusionHeight: entry.lastInclusionHeight)
            for waiter in waiters.removeValue(forKey: entry.id) ?? [] {
                waiter.resume(returning: .success(receipt))
            }
        }
    }

    private func finish(_ tick: Tick, with block: LogBlock) {
        tip = block.header.header
        committing = [:]
        for (id, expected) in queue.expire(nextHeight: nextHeight) {
            refuse([id], as: .nonceGap(expected: expected))
        }
        startFolding()
        for subscriber in subscribers.values { subscriber.yield(block.height) }
        tick.waiter.resume(returning: .success(block))
    }

    private func refuse(_ ids: [Digest], as refusal: SubmissionRefusal) {
        for id in ids {
            for waiter in waiters.removeValue(forKey: id) ?? [] {
                waiter.resume(returning: .failure(refusal))
            }
        }
    }

    func fail(_ error: SettlementLogError) {
        guard failure == nil else { return }
        failure = error
        for (_, waiter) in foldWaiters { waiter.resume() }
        foldWaiters = []
        refuse(Array(waiters.keys), as: .stopping)
        for tick in ticks { tick.waiter.resume(returning: .failure(error)) }
        ticks = []
        for subscriber in subscribers.values { subscriber.finish() }
        subscribers = [:]
    }
}

// MARK: - Reading

extension EmbeddedLog {
    /// The height of the last block on disk.
    package var height: Height? { tip?.height }

    package var status: LogStatus {
        LogStatus(
            networkId: parameters.networkID.hex, policyHash: parameters.policyHash.hex,
            authority: authority.hex, height: tip?.height.number,
            tickMilliseconds: parameters.tick.clampedMilliseconds,
            foldedHeight: foldedHeight?.number, pendingCount: queue.pending.count,
            heldCount: queue.heldCount)
    }

    /// Encoded blocks from `height` on, as many as one response may hold.
    package func encodedBlocks(
        from height: Height, limit: Int
    ) async throws(SettlementLogError) -> [[UInt8]] {
        try await store.blocks(from: height, limit: limit)
    }

    /// The height of each new block; a slow reader misses all but the newest. Nil where there are
    /// too many readers or the log has stopped.
    package func newHeights() -> AsyncStream<Height>? {
        guard failure == nil, subscribers.count < SettlementLogLimits.maximumSubscriberCount else {
            return nil
        }
        let number = nextSubscriber
        nextSubscriber += 1
        let (stream, continuation) = AsyncStream.makeStream(
            of: Height.self, bufferingPolicy: .bufferingNewest(1))
        subscribers[number] = continuation
        continuation.onTermination = { [weak self] _ in
            Task { await self?.unsubscribe(number) }
        }
        return stream
    }

    private func unsubscribe(_ number: Int) { subscribers[number] = nil }

    /// SQLite's number for how it syncs (2 is FULL), and its journal.
    package func durability() throws -> (synchronous: Int?, journal: String?) {
        (try store.synchronousMode(), try store.journalMode())
    }
}
