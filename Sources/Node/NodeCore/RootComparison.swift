package import Cryptography
internal import Ledger
package import Primitives

/// Compares this node's ledger roots with those that admitted keys sign.
///
/// Keys with more than half of the admitted stake behind another root mean that this node, or
/// most of the network, folds the log wrongly: it must stop. A lesser difference is shown. A root
/// of a height that is folded elsewhere first waits for this node's own.
///
/// Bounds: `maximumRememberedRoots` heights and a few ahead, `maximumRootStatementsPerHeight`
/// keys of each. Source: `docs/protocol/settlement.md`.
package struct RootComparison: Sendable {
    package enum Finding: Hashable {
        case agrees
        case differs
        /// More than half of the stake stands behind another root.
        case outvoted(theirs: Digest, ours: Digest)
        /// Compared once this node has folded the height.
        case notFolded
    }

    /// Means ignore: whoever sent it may have folded more, or less.
    package enum Refusal: Error, Hashable {
        case tooOld
        case tooFarAhead
        /// The key has stated a root of this height, or the height is full.
        case repeated
    }

    private var ours: [Height: Digest] = [:]
    /// In ascending order: the keys of `ours`.
    private var heights: [Height] = []
    private var theirs: [Height: Statements] = [:]
    private var newest = Height(0)

    package init() {}

    /// In the order of arrival.
    private struct Statements: Sendable {
        var keys: [OperatorKey] = []
        var roots: [OperatorKey: Digest] = [:]
    }

    package static func isStated(_ height: Height) -> Bool {
        height.number.isMultiple(of: NodeParameters.ledgerRootInterval)
    }

    /// Notes this node's own root.
    ///
    /// - Returns: what became of the statements that waited for it; none where the height is not
    ///   one that is stated.
    package mutating func record(
        _ root: @autoclosure () -> Digest, at height: Height, stakes: [AdmittedStake]
    ) -> [(key: OperatorKey, finding: Finding)] {
        newest = max(newest, height)
        guard Self.isStated(height) else { return [] }
        ours[height] = root()
        heights.append(height)
        if heights.count > NodeParameters.maximumRememberedRoots {
            let oldest = heights.removeFirst()
            ours[oldest] = nil
            theirs[oldest] = nil
        }
        return (theirs[height]?.keys ?? []).map { ($0, finding(on: $0, at: height, stakes)) }
    }

    package func root(at height: Height) -> Digest? { ours[height] }

    package mutating func compare(
        _ statement: LedgerRootStatement, by key: OperatorKey, stakes: [AdmittedStake]
    ) throws(Refusal) -> Finding {
        let height = statement.height
        guard height <= newest.advanced(by: NodeParameters.maximumHeightsAhead) else {
            throw .tooFarAhead
        }
        guard ours[height] != nil || (height > newest && Self.isStated(height)) else {
            throw .tooOld
        }
        var stated = theirs[height] ?? Statements()
        guard stated.roots[key] == nil,
            stated.keys.count < NodeParameters.maximumRootStatementsPerHeight
        else { throw .repeated }
        stated.roots[key] = statement.ledgerRoot
        stated.keys.append(key)
        theirs[height] = stated
        return finding(on: key, at: height, stakes)
    }

    private func finding(
        on key: OperatorKey, at height: Height, _ stakes: [AdmittedStake]
    ) -> Finding {
        guard let mine = ours[height], let stated = theirs[height], let root = stated.roots[key]
        else { return .notFolded }
        if root == mine { return .agrees }
        let total = stakes.reduce(UInt128(0)) { $0 + UInt128($1.stake.units) }
        let against = stakes.filter { stated.roots[$0.key] == root }
            .reduce(UInt128(0)) { $0 + UInt128($1.stake.units) }
        return against * 2 > total ? .outvoted(theirs: root, ours: mine) : .differs
    }
}

/// A key and all that it has at stake.
package struct AdmittedStake: Hashable, Sendable {
    package let key: OperatorKey
    package let stake: Amount

    package init(key: OperatorKey, stake: Amount) {
        self.key = key
        self.stake = stake
    }
}
