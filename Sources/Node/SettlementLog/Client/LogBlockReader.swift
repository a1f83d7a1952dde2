import Primitives

/// Pulls blocks page by page, checks them, and outlives every failure of the network.
actor LogBlockReader {
    private let client: SettlementClient
    private var verifier: LogChainVerifier
    /// Fetched and not yet handed out, the next one last.
    private var fetched: [LogBlock] = []
    private var isIdentified = false
    private var backOff: BackOff

    init(client: SettlementClient, verifier: LogChainVerifier) {
        self.client = client
        self.verifier = verifier
        backOff = BackOff(client.parameters)
    }

    /// Nil once the reader's task is cancelled.
    func next() async throws -> LogBlock? {
        while !Task.isCancelled {
            if let block = fetched.popLast() {
                do {
                    try verifier.accept(block)
                } catch {
                    throw SettlementClientError.chain(error)
                }
                return block
            }
            do {
                try await fetch()
                backOff = BackOff(client.parameters)
            } catch let error as SettlementClientError where error.isFinal {
                throw error
            } catch {
                // Whoever answers next may be another process: ask it again who it is.
                isIdentified = false
                guard await pause(backOff.nextPause()) else { return nil }
            }
        }
        return nil
    }

    private func fetch() async throws {
        if !isIdentified {
            try await client.checkIdentity()
            isIdentified = true
        }
        fetched = try await client.page(from: verifier.nextHeight).reversed()
    }
}

extension SettlementClientError {
    /// Whether trying again is pointless.
    fileprivate var isFinal: Bool {
        switch self {
        case .unreachable: false
        case .wrongNetwork, .wrongPolicy, .wrongAuthority, .refused, .falseReceipt, .chain: true
        }
    }
}
