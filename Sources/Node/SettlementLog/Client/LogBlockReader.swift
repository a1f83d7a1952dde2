import Primitives

/// Pulls blocks page by page, checks them, and outlives every failure of the network.
///
/// Only what the authority has signed can end the reader: a block that contradicts the one before.
/// Whatever else is wrong with an answer, anybody between here and the log could have done, or the
/// log's own disk; it is told (`LogContact`), forgotten and asked for again.
actor LogBlockReader {
    private let client: SettlementClient
    private let tell: @Sendable (LogContact) -> Void
    private var verifier: LogChainVerifier
    /// Fetched and not yet handed out, the next one last.
    private var fetched: [LogBlock] = []
    private var isIdentified = false
    /// A log that was the right one once may be out of its mind, but is not another one.
    private var wasIdentified = false
    private var failureCount = 0
    private var backOff: BackOff

    init(
        client: SettlementClient, verifier: LogChainVerifier,
        tell: @escaping @Sendable (LogContact) -> Void
    ) {
        self.client = client
        self.verifier = verifier
        self.tell = tell
        backOff = BackOff(client.parameters)
    }

    /// Nil once the reader's task is cancelled.
    func next() async throws -> LogBlock? {
        while !Task.isCancelled {
            do {
                if let block = fetched.popLast() {
                    try verifier.accept(block)
                    return block
                }
                try await fetch()
            } catch let error as SettlementClientError where isFinal(error) {
                throw error
            } catch let error as LogChainError where error.isSigned {
                throw SettlementClientError.chain(error)
            } catch {
                guard await failed(error) else { return nil }
            }
        }
        return nil
    }

    private func fetch() async throws {
        if !isIdentified {
            try await client.checkIdentity(ofLogBehind: verifier.nextHeight)
            isIdentified = true
            wasIdentified = true
        }
        let start = ContinuousClock.now
        let page = try await client.page(from: verifier.nextHeight)
        guard page.blocks.isEmpty else {
            if page.isLast {
                tell(.caughtUp(page.blocks[page.blocks.count - 1].height))
            }
            fetched = page.blocks.reversed()
            return succeeded()
        }
        // An empty answer that came early is no reason to ask at once.
        guard ContinuousClock.now - start < client.parameters.pollWait / 2 else {
            return succeeded()
        }
        _ = await pause(backOff.nextPause())
    }

    private func succeeded() {
        backOff = BackOff(client.parameters)
        if failureCount > 0 { tell(.restored) }
        failureCount = 0
    }

    /// Waits before the next attempt; false where the task was cancelled.
    private func failed(_ error: any Error) async -> Bool {
        fetched = []
        // Whoever answers next may be another process: ask it again who it is.
        isIdentified = false
        guard !Task.isCancelled else { return false }
        failureCount += 1
        if failureCount & (failureCount - 1) == 0 {
            tell(.failing(reason: SettlementClient.words(for: error), attempts: failureCount))
        }
        return await pause(backOff.nextPause())
    }

    /// Whether trying again is pointless.
    private func isFinal(_ error: SettlementClientError) -> Bool {
        switch error {
        case .wrongNetwork, .wrongPolicy, .wrongAuthority: !wasIdentified
        case .unreachable, .refused, .falseReceipt: false
        case .chain: true
        }
    }
}
