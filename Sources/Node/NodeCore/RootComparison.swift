internal import Cryptography
internal import Ledger
internal import Primitives

/// Compares this node's ledger roots with those that admitted keys sign.
///
/// Keys with more than half of the admitted stake behind another root mean that this node, or
/// most of the network, folds the log wrongly: it must stop. A lesser difference is shown.
/// Source: `docs/protocol/settlement.md`.
struct RootComparison: Sendable {
    enum Finding: Hashable {
        case agrees
        case differs
        /// More than half of the stake stands behind another root.
        case outvoted(theirs: Digest, ours: Digest)
    }

    private var ours: [Height: Digest] = [:]
    /// In ascending order: the keys of `ours`.
    private var heights: [Height] = []
    private var theirs: [Height: [OperatorKey: Digest]] = [:]

    mutating func record(_ root: Digest, at height: Height) {
        ours[height] = root
        heights.append(height)
        if heights.count > NodeParameters.maximumRememberedRoots {
            let oldest = heights.removeFirst()
            ours[oldest] = nil
            theirs[oldest] = nil
        }
    }

    func root(at height: Height) -> Digest? { ours[height] }

    /// Nil where the height is not compared: too old, or not folded here yet.
    mutating func compare(
        _ statement: LedgerRootStatement, by key: OperatorKey, stakes: [AdmittedStake]
    ) -> Finding? {
        guard let mine = ours[statement.height] else { return nil }
        var stated = theirs[statement.height] ?? [:]
        guard stated[key] == nil, stated.count < NodeParameters.maximumRootStatementsPerHeight
        else { return nil }
        stated[key] = statement.ledgerRoot
        theirs[statement.height] = stated
        if statement.ledgerRoot == mine { return .agrees }
        let total = stakes.reduce(UInt128(0)) { $0 + UInt128($1.stake.units) }
        let against = stakes.filter { stated[$0.key] == statement.ledgerRoot }
            .reduce(UInt128(0)) { $0 + UInt128($1.stake.units) }
        return against * 2 > total
            ? .outvoted(theirs: statement.ledgerRoot, ours: mine) : .differs
    }
}

/// A key and all that it has at stake.
struct AdmittedStake: Hashable, Sendable {
    let key: OperatorKey
    let stake: Amount
}
