internal import Cryptography
package import Primitives

/// Where money lies.
package enum Purse: Hashable, Sendable {
    case account(OperatorKey)
    case stake(Role, OperatorKey)
    /// The rollup's supply.
    case bridge
    /// Forfeited rewards that wait for the next block.
    case carried
    /// What a final block pays out: filled and emptied within one transaction.
    case settling
}

extension Purse: Comparable {
    package static func < (lhs: Purse, rhs: Purse) -> Bool { lhs.order < rhs.order }

    private var order: (UInt8, UInt8, OperatorKey) {
        let none = OperatorKey(.zero)
        return switch self {
        case .account(let key): (0, 0, key)
        case .stake(let role, let key): (1, role.rawValue, key)
        case .bridge: (2, 0, none)
        case .carried: (3, 0, none)
        case .settling: (4, 0, none)
        }
    }

    /// Canonical, for the ledger root.
    var bytes: [UInt8] { [order.0, order.1] + order.2.bytes }
}

/// All money of the ledger. It is minted, moved and burned here and nowhere else.
struct Treasury: Hashable, Sendable {
    private(set) var purses = SortedMap<Purse, Amount>()
    /// Ever created, genesis included.
    private(set) var minted: UInt128 = 0
    private(set) var burned: UInt128 = 0
    private(set) var accountCount = 0
    /// What all purses hold, as each move has changed it.
    private var held: UInt128 = 0

    func balance(of purse: Purse) -> Amount { purses[purse] ?? .zero }

    /// A purse exists from the first time money, if only zero, came to it.
    func exists(_ purse: Purse) -> Bool { purses.contains(purse) }

    mutating func mint(_ amount: Amount, to purse: Purse) throws(LedgerHalt) {
        try put(amount, into: purse)
        minted += UInt128(amount.units)
    }

    mutating func burn(_ amount: Amount, from purse: Purse) throws(LedgerHalt) {
        try take(amount, from: purse)
        burned += UInt128(amount.units)
    }

    mutating func move(_ amount: Amount, from: Purse, to: Purse) throws(LedgerHalt) {
        try take(amount, from: from)
        try put(amount, into: to)
    }

    /// Forgets a purse that holds nothing.
    mutating func close(_ purse: Purse) {
        guard balance(of: purse) == .zero, exists(purse) else { return }
        if case .account = purse { accountCount -= 1 }
        purses[purse] = nil
    }

    /// Compares the running total. O(1).
    func checkTotal() throws(LedgerHalt) {
        guard minted >= burned, minted - burned == held else {
            throw .supply(minted: minted, burned: burned, held: held)
        }
    }

    /// Counts everything again. O(purses).
    func checkSupply() throws(LedgerHalt) {
        try checkTotal()
        let counted = purses.values.reduce(UInt128(0)) { $0 + UInt128($1.units) }
        guard counted == held else {
            throw .supply(minted: minted, burned: burned, held: counted)
        }
    }

    private mutating func take(_ amount: Amount, from purse: Purse) throws(LedgerHalt) {
        let held = balance(of: purse)
        guard let left = try? held.subtracting(amount) else {
            throw .negativeBalance(purse, held: held, needed: amount)
        }
        if exists(purse) { purses[purse] = left }
        self.held -= UInt128(amount.units)
    }

    private mutating func put(_ amount: Amount, into purse: Purse) throws(LedgerHalt) {
        let held = balance(of: purse)
        guard let sum = try? held.adding(amount) else {
            throw .overflow(purse, held: held, added: amount)
        }
        if case .account = purse, !exists(purse) { accountCount += 1 }
        purses[purse] = sum
        self.held += UInt128(amount.units)
    }
}
