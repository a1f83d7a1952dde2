package import Cryptography
package import Ledger
package import Payments
package import Primitives

/// What an audit came to: the money, where it lies, and what is wrong.
package struct AuditReport: Sendable {
    package let counts: AuditCounts
    /// Nil where the log is empty.
    package let tip: LogHeader?
    package let ledgerRoot: Digest
    package let finalBlocks: UInt64
    package let skippedSlots: UInt64
    package let minted: UInt128
    package let burned: UInt128
    /// Accounts, stakes, bridge and carried rewards, in this order, each by key.
    package let holdings: [(purse: Purse, amount: Amount)]
    /// All of `holdings`; `minted − burned` where nothing is wrong.
    package let held: UInt128
    /// By number.
    package let rollupAccounts: [Account]
    /// What the bridge must hold.
    package let rollupSupply: UInt128
    package let bridge: Amount
    /// The first findings; `findingCount` counts all.
    package let findings: [AuditFinding]
    package let findingCount: Int

    package var isClean: Bool { findingCount == 0 }
}

extension LogAudit {
    /// Counts the money once more, all of it.
    package func report() -> AuditReport {
        var findings = findings
        var counts = counts
        counts.statements = book.count
        let holdings = ledger.holdings
        let held = holdings.reduce(UInt128(0)) { $0 + UInt128($1.amount.units) }
        let accounts = rollup.accounts
        let supply = accounts.reduce(UInt128(0)) { $0 + UInt128($1.balance.units) }
        if ledger.burned > ledger.minted || ledger.minted - ledger.burned != held {
            findings.add(
                .supply(minted: ledger.minted, burned: ledger.burned, held: held))
        }
        if UInt128(ledger.bridgeBalance.units) != supply {
            findings.add(.bridge(held: ledger.bridgeBalance, rollupSupply: supply))
        }
        return AuditReport(
            counts: counts, tip: tip, ledgerRoot: ledger.root,
            finalBlocks: ledger.finalBlockCount, skippedSlots: ledger.skippedSlotCount,
            minted: ledger.minted, burned: ledger.burned, holdings: holdings, held: held,
            rollupAccounts: accounts, rollupSupply: supply, bridge: ledger.bridgeBalance,
            findings: findings.list, findingCount: findings.count)
    }
}
