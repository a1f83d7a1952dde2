internal import Cryptography
internal import Ledger
internal import Primitives

/// What travels of the log itself: ledger roots and headers.
extension NodeMachine {
    mutating func compare(
        _ statement: LedgerRootStatement, by key: OperatorKey
    ) -> GossipJudgement {
        do throws(RootComparison.Refusal) {
            let finding = try roots.compare(statement, by: key, stakes: stakes)
            return .accept(consequences(of: finding, at: statement.height, key))
        } catch {
            switch error {
            case .tooOld: return .ignore(.staleHeight)
            case .tooFarAhead: return .ignore(.futureHeight)
            case .repeated: return .ignore(.duplicate)
            }
        }
    }

    /// This node's own root is known now, perhaps after others'.
    mutating func recordRoot(at height: Height) -> [NodeEffect] {
        roots.record(ledger.root, at: height, stakes: stakes).flatMap { key, finding in
            consequences(of: finding, at: height, key)
        }
    }

    private mutating func consequences(
        of finding: RootComparison.Finding, at height: Height, _ key: OperatorKey
    ) -> [NodeEffect] {
        switch finding {
        case .agrees, .notFolded: []
        case .differs: [.report(.ledgerRootDiffers(height, key: key))]
        case .outvoted(let theirs, let ours):
            halt(
                "keys with more than half of the stake sign the ledger root \(theirs) at "
                    + "height \(height); this node folds \(ours)")
        }
    }

    func check(_ header: SignedLogHeader, by key: OperatorKey) -> GossipJudgement? {
        // Whoever shows it: two signatures speak for themselves.
        if contradicts(header.header) { return nil }
        guard key == settlementAuthority else { return .reject(.notAuthority) }
        let height = header.header.height
        guard height > follower.head else { return .ignore(.staleHeight) }
        guard height <= follower.head.advanced(by: NodeParameters.maximumHeightsAhead) else {
            return .ignore(.futureHeight)
        }
        return follower.announced.contains(height) ? .ignore(.duplicate) : nil
    }

    mutating func pass(_ header: SignedLogHeader) -> GossipJudgement {
        let bytes = header.header.signedBytes(networkID: identity.networkID)
        guard Ed25519.verify(header.signature, message: bytes, key: settlementAuthority) else {
            return .reject(.badSignature)
        }
        if contradicts(header.header) {
            return .accept(
                halt(
                    "the settlement authority has signed two different blocks of height "
                        + "\(header.header.height): this node has folded one and was shown the other"
                ))
        }
        follower.announce(header.header.height)
        return .accept()
    }

    /// Another block than the folded one of its height.
    private func contradicts(_ header: LogHeader) -> Bool {
        guard let known = signedHashes[header.height] else { return false }
        return header.hash(networkID: identity.networkID) != known
    }
}
