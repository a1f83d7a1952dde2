package import Cryptography
package import Ledger
package import NodeCore
package import Payments
package import Primitives

/// Folds a settlement log from its first block on and writes down everything that is wrong with it.
///
/// It believes nobody: the authority's signature of each header, the chain of hashes, each
/// transaction's signature, the money after each transaction (`LedgerState` counts it), and, by
/// the judgements that its caller answers, each revealed body and each root proof. Beside the log
/// it takes what nodes have written down (`note`): two different statements of one key for one
/// duty, wherever they stand, are a contradiction; a ledger root that a node has signed must be
/// the one that this fold comes to.
///
/// Pure: blocks come in order, judged by the caller as a node's shell does. Memory is that of the
/// ledger, one root and one hash a height, and one digest a statement. A log block that does not
/// fit ends the fold: what follows cannot be judged.
///
/// Source: `docs/protocol/settlement.md`, section Audit.
package struct LogAudit: Sendable {
    package private(set) var ledger: LedgerState
    private var follower: RollupFollower
    package internal(set) var counts = AuditCounts()
    /// The last block that was folded.
    package private(set) var tip: LogHeader?
    /// What that block brought.
    package private(set) var events: [LedgerEvent] = []
    var book = StatementLedger()
    var findings = AuditFindings()
    /// `[height]`: the ledger root after that block.
    private var roots: [Digest] = []
    /// `[height]`: the hash of that block's header.
    private var hashes: [Digest] = []
    private let authority: OperatorKey
    private var isBroken = false

    /// - Parameters:
    ///   - ledger: of the genesis, as `rollup` is.
    ///   - authority: whose signature makes a log block.
    package init(ledger: LedgerState, rollup: RollupState, authority: OperatorKey) {
        self.ledger = ledger
        follower = RollupFollower(rollup)
        self.authority = authority
    }

    /// After the last final block.
    package var rollup: RollupState { follower.state }

    package var networkID: NetworkID { ledger.rules.networkID }

    /// What must be found out before `add` can take `block`.
    package func judgements(neededFor block: LogBlock) -> [Judgement] {
        ledger.judgements(neededFor: block)
    }

    /// Folds the next block.
    ///
    /// - Returns: false where the log cannot be folded on; the finding says why.
    package mutating func add(_ block: LogBlock, _ judgement: LogJudgement) -> Bool {
        guard !isBroken else { return false }
        let header = block.header.header
        let signedBytes = header.signedBytes(networkID: networkID)
        guard Ed25519.verify(block.header.signature, message: signedBytes, key: authority) else {
            return stop(.unsignedBlock(header.height))
        }
        let events: [LedgerEvent]
        do throws(LedgerHalt) {
            events = try ledger.apply(block, verdicts: judgement.verdicts)
        } catch {
            return stop(.brokenLog(header.height, reason: "\(error)"))
        }
        for transaction in block.transactions { check(transaction, at: header.height) }
        for event in events {
            guard follow(event, judgement) else { return false }
        }
        roots.append(ledger.root)
        hashes.append(SHA256.hash(signedBytes))
        tip = header
        self.events = events
        counts.blocks += 1
        return true
    }

    /// The ledger root that this fold came to; nil where it did not come there.
    package func root(at height: Height) -> Digest? { entry(roots, height) }

    package func blockHash(at height: Height) -> Digest? { entry(hashes, height) }

    private func entry(_ list: [Digest], _ height: Height) -> Digest? {
        guard let index = Int(exactly: height.number), list.indices.contains(index) else {
            return nil
        }
        return list[index]
    }

    private mutating func check(_ transaction: LedgerTransaction, at height: Height) {
        counts.transactions += 1
        let place = AuditPlace.log(height)
        guard
            transaction.networkID == networkID,
            Ed25519.verify(
                transaction.signature, message: transaction.signedBytes, key: transaction.key)
        else {
            return findings.add(.badSignature(key: transaction.key, place))
        }
        note(transaction, signedAt: place)
    }

    private mutating func follow(_ event: LedgerEvent, _ judgement: LogJudgement) -> Bool {
        do throws(UnexecutedBlock) {
            try follower.follow(event, executed: judgement.executed)
        } catch {
            return stop(.unexecutedBlock(error.slot))
        }
        switch event {
        case .finalised(let block):
            if block.leafCount > 0 { counts.provenBlocks += 1 }
        case .refused:
            counts.refused += 1
        case .dropped:
            counts.dropped += 1
        default:
            break
        }
        return true
    }

    private mutating func stop(_ finding: AuditFinding) -> Bool {
        isBroken = true
        findings.add(finding)
        return false
    }
}

/// What was looked at.
package struct AuditCounts: Hashable, Sendable {
    package var blocks = 0
    package var transactions = 0
    /// Transactions that used their nonce and did nothing else.
    package var refused = 0
    /// Transactions that did nothing at all.
    package var dropped = 0
    /// Final blocks with a root proof.
    package var provenBlocks = 0
    /// Different statements of one key for one duty.
    package var statements = 0
    package var nodes = 0
    package var nodeBlocks = 0
    /// Ledger roots that nodes have signed.
    package var signedRoots = 0
}
