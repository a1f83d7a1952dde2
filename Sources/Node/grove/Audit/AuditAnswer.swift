package import Audit
import Cryptography
import Ledger
import Payments
package import Primitives

/// What `grove audit` prints. Amounts are base units; those that may pass 64 bits are texts.
package struct AuditAnswer: Encodable, Sendable {
    package struct AccountLine: Encodable, Sendable {
        var key: String
        var units: UInt64
    }

    package struct StakeLine: Encodable, Sendable {
        var role: String
        var key: String
        var units: UInt64
    }

    package struct RollupLine: Encodable, Sendable {
        var number: Int
        var units: UInt64
        var nonce: UInt64
    }

    package struct FindingLine: Encodable, Sendable {
        var kind: String
        var text: String
    }

    var isClean: Bool
    var networkId: String
    /// Absent where the log is empty.
    var height: UInt64?
    var ledgerRoot: String
    var finalBlockCount: UInt64
    /// Final blocks with a root proof that verified here.
    var provenBlockCount: Int
    var skippedSlotCount: UInt64
    var transactionCount: Int
    var refusedTransactionCount: Int
    var droppedTransactionCount: Int
    var mintedUnits: String
    var burnedUnits: String
    /// All accounts, stakes, bridge and carried rewards.
    var heldUnits: String
    var bridgeUnits: UInt64
    var carriedUnits: UInt64
    var rollupSupplyUnits: String
    var accounts: [AccountLine]
    var stakes: [StakeLine]
    var rollupAccounts: [RollupLine]
    var nodeCount: Int
    var nodeBlockCount: Int
    var signedRootCount: Int
    /// Different statements of one key for one duty that were compared.
    var statementCount: Int
    var findingCount: Int
    var findings: [FindingLine]
    /// For people only.
    private let listsAccounts: Bool

    package init(_ report: AuditReport, networkID: NetworkID, listsAccounts: Bool) {
        self.listsAccounts = listsAccounts
        isClean = report.isClean
        networkId = networkID.hex
        height = report.tip?.height.number
        ledgerRoot = report.ledgerRoot.hex
        finalBlockCount = report.finalBlocks
        provenBlockCount = report.counts.provenBlocks
        skippedSlotCount = report.skippedSlots
        transactionCount = report.counts.transactions
        refusedTransactionCount = report.counts.refused
        droppedTransactionCount = report.counts.dropped
        mintedUnits = "\(report.minted)"
        burnedUnits = "\(report.burned)"
        heldUnits = "\(report.held)"
        bridgeUnits = report.bridge.units
        rollupSupplyUnits = "\(report.rollupSupply)"
        nodeCount = report.counts.nodes
        nodeBlockCount = report.counts.nodeBlocks
        signedRootCount = report.counts.signedRoots
        statementCount = report.counts.statements
        findingCount = report.findingCount
        findings = report.findings.map { FindingLine(kind: $0.name, text: $0.description) }
        rollupAccounts = report.rollupAccounts.enumerated().map {
            RollupLine(number: $0.offset, units: $0.element.balance.units, nonce: $0.element.nonce)
        }
        var accounts: [AccountLine] = []
        var stakes: [StakeLine] = []
        var carried: UInt64 = 0
        for (purse, amount) in report.holdings {
            switch purse {
            case .account(let key): accounts.append(.init(key: key.hex, units: amount.units))
            case .stake(let role, let key):
                stakes.append(.init(role: "\(role)", key: key.hex, units: amount.units))
            case .carried: carried = amount.units
            case .bridge, .settling: break
            }
        }
        self.accounts = accounts
        self.stakes = stakes
        carriedUnits = carried
    }

    private enum CodingKeys: String, CodingKey {
        case isClean, networkId, height, ledgerRoot, finalBlockCount, provenBlockCount
        case skippedSlotCount, transactionCount, refusedTransactionCount, droppedTransactionCount
        case mintedUnits, burnedUnits, heldUnits, bridgeUnits, carriedUnits, rollupSupplyUnits
        case accounts, stakes, rollupAccounts, nodeCount, nodeBlockCount, signedRootCount
        case statementCount, findingCount, findings
    }
}

extension AuditAnswer {
    package var text: String {
        var lines = [
            line("log", height.map { "height \($0)" } ?? "empty"),
            line("transactions", transactionsText),
            line(
                "slots",
                "\(finalBlockCount) final, \(provenBlockCount) of them proven, "
                    + "\(skippedSlotCount) skipped"),
            line("ledger root", ledgerRoot),
            line("minted", "\(mintedUnits) units"),
            line("burned", "\(burnedUnits) units"),
            line("held", "\(heldUnits) units in \(accounts.count) accounts, \(stakesText)"),
            line(
                "rollup",
                "\(rollupSupplyUnits) units in \(rollupAccounts.count) accounts, bridge "
                    + "\(bridgeUnits)"),
        ]
        if nodeCount > 0 {
            lines.append(
                line(
                    "nodes",
                    "\(nodeCount), with \(nodeBlockCount) log blocks and \(signedRootCount) signed "
                        + "ledger roots"))
        }
        lines.append(line("statements", "\(statementCount)"))
        if listsAccounts { lines += accountLines }
        lines += findings.map { "WRONG  \($0.text)" }
        if findingCount > findings.count {
            lines.append("WRONG  … and \(findingCount - findings.count) more")
        }
        lines.append(
            isClean
                ? "all is well: signatures, chain, proofs and sums hold"
                : "\(findingCount) things are wrong")
        return lines.joined(separator: "\n")
    }

    private var transactionsText: String {
        "\(transactionCount), \(refusedTransactionCount) refused, \(droppedTransactionCount) dropped"
    }

    private var stakesText: String { "\(stakes.count) stakes, bridge and carried rewards" }

    private var accountLines: [String] {
        accounts.map { "account  \($0.key)  \($0.units)" }
            + stakes.map { "stake    \($0.key)  \($0.units)  \($0.role)" }
            + rollupAccounts.map { "rollup   \($0.number)  \($0.units)  nonce \($0.nonce)" }
    }

    private func line(_ name: String, _ value: String) -> String {
        Shown.padded(name, to: 14) + value
    }
}
