internal import Cryptography
internal import Ledger
internal import Logging
internal import Messages
internal import NetworkFile
package import NodeCore
package import Primitives
internal import SettlementLog
internal import Storage

/// From the log's blocks, on disk and over the wire, to the machine.
extension RunningNode {
    /// Folds what is on disk, sends again what was never receipted, then follows the log for ever.
    func followLog() async throws {
        await learnHead()
        let last = try await foldStoredBlocks()
        try await resumeSubmissions()
        let next = last.map { $0.height.advanced(by: 1) } ?? Height(0)
        let previous = last?.header.header.hash(networkID: configuration.network.networkID)
        for try await block in client.blocks(from: next, previousHash: previous) {
            let eventLog = eventLog
            let content = MessageCodec.encode(block)
            try await diskPool.run {
                try eventLog.commit([.logBlock(block.height, content: content)])
            }
            await fold(block)
        }
    }

    /// While a node is behind, it performs no duties of slots long past.
    private func learnHead() async {
        guard let status = try? await client.status(), let height = status.height else { return }
        deliver(.logHead(Height(height)))
    }

    private func foldStoredBlocks() async throws -> LogBlock? {
        var last: LogBlock?
        let eventLog = eventLog
        if let height = try await diskPool.run({ try eventLog.lastHeight() }) {
            deliver(.logHead(height))
        }
        while true {
            let next = last.map { $0.height.advanced(by: 1) } ?? Height(0)
            let stored = try await diskPool.run {
                try eventLog.logBlocks(from: next, limit: 64)
            }
            if stored.isEmpty { return last }
            for entry in stored {
                let block = try MessageCodec.decodeLogBlock(entry.content)
                await fold(block)
                last = block
            }
            try Task.checkCancellation()
        }
    }

    private func resumeSubmissions() async throws {
        let folded = machine.ledger.nonce(of: key)
        let statements = statements
        let unanswered = try await diskPool.run { try statements.transactions(after: folded) }
        nonces = NonceCounter(lastSigned: folded + UInt64(unanswered.count))
        for transaction in unanswered { send(transaction, Duty("resumed/\(transaction.nonce)")) }
    }

    /// Returns once the machine has applied `block`, so that a node that is behind reads no faster
    /// than it folds.
    private func fold(_ block: LogBlock) async {
        guard haltReason == nil else { return }
        pendingBlocks[block.height] = block
        await withCheckedContinuation { continuation in
            foldWaiters[block.height] = continuation
            deliver(.logBlock(block))
            releaseFolded()
        }
    }

    /// Everybody who waits for a height that is folded, or will never be.
    func releaseFolded() {
        let next = machine.ledger.nextHeight
        for height in foldWaiters.keys.sorted() where height < next || haltReason != nil {
            foldWaiters.removeValue(forKey: height)?.resume()
        }
    }

    /// What the watchers see, and the history for those who ask later.
    func tell(_ report: NodeReport) {
        if case .folded(let height, let events) = report,
            let block = pendingBlocks.removeValue(forKey: height)
        {
            history.record(block, events: events) { _ in
                machine.revealedPaymentCount
            }
            releaseFolded()
        }
        log(report)
        for watcher in watchers.values { watcher.yield(report) }
    }

    private func log(_ report: NodeReport) {
        switch report {
        case .folded(let height, let events):
            logger.debug("folded", metadata: ["height": "\(height)", "events": "\(events.count)"])
        case .proving(let slot, let range):
            logger.info("proving", metadata: ["slot": "\(slot)", "leaves": "\(range)"])
        case .proven(let slot, let range):
            logger.info("proven", metadata: ["slot": "\(slot)", "leaves": "\(range)"])
        case .helping(let slot, let range, let elected):
            logger.notice(
                "helping",
                metadata: [
                    "slot": "\(slot)", "leaves": "\(range)", "insteadOf": "\(elected.shortName)",
                ])
        case .ledgerRootDiffers(let height, let key):
            counters.count("ledgerRootDiffers")
            logger.error(
                "another ledger root is signed",
                metadata: ["height": "\(height)", "key": "\(key.shortName)"])
        case .submissionRefused, .committed, .obtained:
            break
        }
    }
}

/// Whoever looks on.
extension RunningNode {
    /// Reports from now on; a watcher that is too slow loses the oldest.
    package func watch() -> AsyncStream<NodeReport>? {
        guard watchers.count < NodeRuntimeParameters.maximumWatchers else { return nil }
        let (stream, continuation) = AsyncStream<NodeReport>.makeStream(
            bufferingPolicy: .bufferingNewest(NodeRuntimeParameters.reportBufferCount))
        let number = nextWatcher
        nextWatcher += 1
        watchers[number] = continuation
        continuation.onTermination = { _ in
            Task { await self.removeWatcher(number) }
        }
        return stream
    }

    private func removeWatcher(_ number: Int) { watchers[number] = nil }

    func finishWatchers() {
        for watcher in watchers.values { watcher.finish() }
        watchers.removeAll()
        for waiter in foldWaiters.values { waiter.resume() }
        foldWaiters.removeAll()
        for answer in paymentAnswers.values {
            answer.resume(returning: .refused(reason: "the node is stopping"))
        }
        paymentAnswers.removeAll()
    }

    /// Checks a payment, holds it and tells the network.
    package func offer(_ payment: Payment) async -> PaymentAnswer {
        let ticket = nextTicket
        nextTicket += 1
        return await withCheckedContinuation { continuation in
            paymentAnswers[ticket] = continuation
            deliver(.paymentOffered(payment, ticket: ticket))
            // A machine that has halted answers nothing.
            paymentAnswers.removeValue(forKey: ticket)?.resume(
                returning: .refused(reason: "the node has stopped"))
        }
    }
}
