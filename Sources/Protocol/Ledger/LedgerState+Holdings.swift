package import Primitives

/// Where all money of the ledger lies, for those who count it again.
extension LedgerState {
    /// Every purse that ever held money, accounts first, then stakes, each by key.
    package var holdings: [(purse: Purse, amount: Amount)] {
        treasury.purses.elements.map { (purse: $0.key, amount: $0.value) }
    }
}
