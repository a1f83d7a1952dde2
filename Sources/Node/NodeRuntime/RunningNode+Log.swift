internal import Cryptography
internal import Ledger
internal import Logging
internal import Messages
internal import NetworkFile
package import NodeCore
internal import Primitives
internal import SansIO
internal import SettlementLog
internal import Storage

/// From the log's blocks, on disk and over the wire, to the machine.
extension RunningNode {
    /// Folds what is on disk, then follows the log for ever, and meanwhile submits: first what was
    /// signed before this start and never refused.
    func followLog() async throws {
        try await recallLeaveOrders()
        try await recallSendOrders()
        try await queueUnanswered()
        _ = await learnHead()
        let last = try await foldStoredBlocks()
        noteLevel()
        listenOnceLive()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.submissions.runInOrder() }
            group.addTask { try await self.followLog(after: last) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Begins with the last block that is already here: a log which has another one in its place,
    /// or has it no more, is told at once.
    private func followLog(after last: LogBlock?) async throws {
        try await checkLogHolds(last)
        let first = last?.height ?? Height(0)
        let networkID = configuration.network.networkID
        let previous = last?.header.header.previousHash
        let blocks = client.blocks(from: first, previousHash: previous) { contact in
            Task { await self.heard(contact) }
        }
        for try await block in blocks {
            if let last, block.height == last.height {
                let hash = block.header.header.hash(networkID: networkID)
                guard hash == last.header.header.hash(networkID: networkID) else {
                    throw SettlementLogFault.otherBlock(block.height)
                }
                continue
            }
            let eventLog = eventLog
            let content = MessageCodec.encode(block)
            try await diskPool.run {
                try eventLog.commit([.logBlock(block.height, content: content)])
            }
            await relearnHead(before: block)
            lastBlockAt = now
            await fold(block)
            noteLevel()
        }
    }

    /// While a node catches up the log grows, and after an outage the node doesn't know by how much:
    /// before a block that may be the newest by what is known, the log is asked.
    private func relearnHead(before block: LogBlock) async {
        let isNewest = claimedHead.map { block.height.advanced(by: 1) >= $0 } ?? true
        let tick = Duration.milliseconds(
            Int64(clamping: configuration.network.tickMilliseconds))
        let silence = lastBlockAt.map { now - $0 } ?? .zero
        let limit = max(tick * NodeRuntimeParameters.catchUpSilenceTicks, .seconds(2))
        guard isNewest, !isLevel || silence > limit else { return }
        _ = await learnHead()
    }

    /// How the log answers, besides its blocks.
    private func heard(_ contact: LogContact) async {
        switch contact {
        case .caughtUp(let height):
            // The log seems to have less than it said: what does it say now?
            guard let claimed = claimedHead, claimed > height else { return }
            counters.count(.logHeadInDoubt)
            _ = await learnHead()
        case .restored:
            logger.notice("the settlement log answers again")
        case .failing(let reason, let attempts):
            counters.count(.logContact)
            logger.warning(
                "the settlement log does not answer as it must, trying on",
                metadata: ["reason": "\(reason)", "attempts": "\(attempts)"])
        }
    }

    /// Waits until the log answers. Throws where it has lost what this node has folded.
    private func checkLogHolds(_ last: LogBlock?) async throws {
        while true {
            if let status = await learnHead() {
                guard let last else { return }
                let found = status.height.map { Height($0) }
                // Another network's log is refused by name, with the first block.
                guard
                    status.networkId != configuration.network.networkID.hex
                        || (found ?? Height(0)) >= last.height
                else { throw SettlementLogFault.behind(expected: last.height, found: found) }
                return
            }
            try await Task.sleep(for: NodeRuntimeParameters.logRetryPause)
        }
    }

    /// While a node is behind, it performs no duties of slots long past. Nil where the log does not
    /// answer.
    private func learnHead() async -> LogStatus? {
        guard let status = try? await client.status() else { return nil }
        if let height = status.height {
            claimedHead = Height(height)
            deliver(.logHead(Height(height)))
            noteLevel()
        }
        return status
    }

    /// Tells the watchers, once each time, that what they hear is news from now on, or is not.
    private func noteLevel() {
        guard let claimedHead, !isFoldingStored, let standing = machine.levelStanding
        else { return }
        let isLevelNow = machine.isLive && (isLevel || standing.height >= claimedHead)
        guard isLevelNow != isLevel else { return }
        isLevel = isLevelNow
        tell(isLevel ? .level(standing) : .behind(standing.height, head: claimedHead))
    }

    private func foldStoredBlocks() async throws -> LogBlock? {
        var last: LogBlock?
        let eventLog = eventLog
        isFoldingStored = true
        defer { isFoldingStored = false }
        if let height = try await diskPool.run({ try eventLog.lastHeight() }) {
            // The log may have said already that it has more.
            deliver(.logHead(max(height, claimedHead ?? height)))
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

    /// Returns once the machine has applied `block`, so that a node that is behind reads no faster
    /// than it folds; or once the node ends, which performs no more judgements.
    private func fold(_ block: LogBlock) async {
        guard haltReason == nil, !isEnding else { return }
        pendingBlocks[block.height] = block
        await withCheckedContinuation { continuation in
            foldWaiters[block.height] = continuation
            deliver(.logBlock(block))
            releaseFolded()
        }
        listenOnceLive()
    }

    /// Whether everything that is known of the log is folded, and gossip listened to.
    package var isLive: Bool { isSubscribed && machine.isLive }

    /// Gossip is said once: what a node hears before it knows the ledger that it is about, it would
    /// drop for good. Peers repeat what matters to whoever subscribes.
    private func listenOnceLive() {
        guard !isSubscribed, !isFoldingStored, machine.isLive else { return }
        isSubscribed = true
        noteLive()
        perform(machine.subscribe(at: now))
        add(to: jobs, "offering kept payments") { try await $0.offerKeptPayments() }
    }

    private func noteLive() {
        guard liveSince == nil, !isFoldingStored, machine.isLive else { return }
        liveSince = foldedHeight
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
            noteBroken(receipts.folded(block))
            noteDrops(in: events)
            noteSent(in: events)
            noteLive()
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
            counters.count(.ledgerRootDiffers)
            logger.error(
                "another ledger root is signed",
                metadata: ["height": "\(height)", "key": "\(key.shortName)"])
        case .registration(let role, let step, _):
            logger.notice("registration", metadata: ["role": "\(role)", "step": "\(step)"])
        case .equivocation(let slot, let key):
            logger.warning(
                "a key contradicts itself",
                metadata: ["slot": "\(slot)", "key": "\(key.shortName)"])
        case .level(let standing):
            logger.info("level with the log", metadata: ["height": "\(standing.height)"])
        case .behind(let height, let head):
            logger.notice(
                "behind the log",
                metadata: ["height": "\(height)", "head": "\(head)"])
        case .submissionRefused, .committed, .obtained:
            break
        }
    }
}

/// Whoever looks on.
extension RunningNode {
    /// Reports from now on; a watcher that is too slow loses the oldest.
    package func watch() -> AsyncStream<NodeReport>? {
        guard !isEnding, watchers.count < NodeRuntimeParameters.maximumWatchers else { return nil }
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

    /// Nobody waits for this node any more, and nobody will.
    func finishWaiting() {
        isEnding = true
        for watcher in watchers.values { watcher.finish() }
        watchers.removeAll()
        for waiter in foldWaiters.values { waiter.resume() }
        foldWaiters.removeAll()
        for answer in paymentAnswers.values {
            answer.resume(returning: .refused(reason: "the node is stopping"))
        }
        paymentAnswers.removeAll()
    }

}
