import Ledger
import Primitives

/// The log's own ledger: who may send is what its blocks say.
extension EmbeddedLog {
    /// The last height that the log's ledger has folded.
    var foldedHeight: Height? {
        let next = queue.ledger.nextHeight
        return next > Height(0) ? Height(next.number - 1) : nil
    }

    /// Keys with something that is not folded: what is remembered of them.
    package var senderCount: Int { queue.senderCount }

    func isBehind(_ height: Height?) -> Bool {
        height.map { queue.ledger.nextHeight <= $0 } ?? false
    }

    /// Returns once the ledger has folded all blocks that there are.
    package func catchUp() async throws(SettlementLogError) {
        while isBehind(tip?.height) {
            startFolding()
            await folding?.value
            if let failure { throw failure }
        }
    }

    /// Throws where that takes too long to wait for.
    func waitUntilFolded(_ height: Height?) async throws(SubmissionRefusal) {
        guard failure == nil else { throw .stopping }
        guard !isTooFarBehind else {
            startFolding()
            throw .behind
        }
        guard let height, isBehind(height) else { return }
        guard foldWaiters.count < SettlementLogLimits.maximumFoldWaiterCount else {
            throw .behind
        }
        await withCheckedContinuation { waiter in
            foldWaiters.append((height, waiter))
            startFolding()
        }
        guard failure == nil else { throw .stopping }
    }

    private var isTooFarBehind: Bool {
        guard let tip else { return false }
        let next = queue.ledger.nextHeight.number
        return next + SettlementLogLimits.maximumFoldLag <= tip.height.number
    }

    func startFolding() {
        guard folding == nil, failure == nil else { return }
        folding = Task { await fold() }
    }

    /// Until the last block on disk; the next one starts it again.
    private func fold() async {
        defer { folding = nil }
        while failure == nil, isBehind(tip?.height) {
            do throws(SettlementLogError) {
                for block in try await store.decodedBlocks(from: queue.ledger.nextHeight) {
                    guard failure == nil else { return }
                    let ledger = try await follower.fold(block)
                    queue.fold(block, into: ledger)
                    releaseFoldWaiters()
                }
            } catch {
                fail(error)
            }
        }
    }

    private func releaseFoldWaiters() {
        let next = queue.ledger.nextHeight
        for (height, waiter) in foldWaiters where height < next { waiter.resume() }
        foldWaiters.removeAll { $0.height < next }
    }
}
