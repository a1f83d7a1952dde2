import Hash

/// The state tree: a binary Poseidon2 Merkle tree of fixed depth whose accounts are its leaves
/// `0, 1, …` from the left, all others being empty.
///
/// Persistent: a change copies one path, `depth` nodes, and shares the rest with the tree it came
/// from. A copy is therefore free and keeps its value; every fork of the chain can hold its own.
struct AccountTree: Sendable {
    private indirect enum Node: Sendable {
        case leaf(Account, hash: HashOutput)
        /// An empty subtree is nil.
        case branch(Node?, Node?, hash: HashOutput)

        var hash: HashOutput {
            switch self {
            case .leaf(_, let hash), .branch(_, _, let hash): hash
            }
        }
    }

    let depth: Int
    private var top: Node?
    /// `[level]`: the hash of an empty subtree of that height; level 0 is zero.
    private let emptyHashes: [HashOutput]

    /// The tree whose leaf `i` is `accounts[i]`; `accounts.count ≤ 2^depth`. O(count + depth) hashes.
    init(accounts: [Account], depth: Int) {
        precondition(
            UInt64(accounts.count) <= UInt64(1) << UInt64(depth),
            "\(accounts.count) accounts do not fit depth \(depth)")
        self.depth = depth
        emptyHashes = Self.emptyHashes(depth: depth)
        top = build(accounts[...], level: depth)
    }

    var root: HashOutput { top?.hash ?? emptyHashes[depth] }

    /// Nil where nobody opened the account. `index < 2^depth`.
    subscript(index: UInt32) -> Account? {
        var node = top
        for level in (0..<depth).reversed() {
            guard case .branch(let left, let right, _) = node else { return nil }
            node = Self.isRight(index, level) ? right : left
        }
        guard case .leaf(let account, _) = node else { return nil }
        return account
    }

    /// The hashes beside the path from leaf `index` to the root: `[level]`, leaf level first.
    func siblings(of index: UInt32) -> [HashOutput] {
        var siblings = emptyHashes.prefix(depth)
        var node = top
        for level in (0..<depth).reversed() {
            guard case .branch(let left, let right, _) = node else { break }
            let isRight = Self.isRight(index, level)
            siblings[level] = (isRight ? left : right)?.hash ?? emptyHashes[level]
            node = isRight ? right : left
        }
        return Array(siblings)
    }

    /// Puts `account` into leaf `index`: `depth + 1` hashes.
    mutating func set(_ account: Account, at index: UInt32) {
        top = replacing(top, level: depth, index: index, by: account)
    }

    // MARK: Rooms

    private func replacing(
        _ node: Node?, level: Int, index: UInt32, by account: Account
    ) -> Node {
        guard level > 0 else { return .leaf(account, hash: account.leafHash) }
        var children: (left: Node?, right: Node?) = (nil, nil)
        if case .branch(let left, let right, _) = node { children = (left, right) }
        if Self.isRight(index, level - 1) {
            children.right = replacing(
                children.right, level: level - 1, index: index, by: account)
        } else {
            children.left = replacing(children.left, level: level - 1, index: index, by: account)
        }
        return branch(children.left, children.right, level: level)
    }

    private func build(_ accounts: ArraySlice<Account>, level: Int) -> Node? {
        guard let first = accounts.first else { return nil }
        guard level > 0 else { return .leaf(first, hash: first.leafHash) }
        let half = accounts.prefix(1 << (level - 1))
        return branch(
            build(half, level: level - 1),
            build(accounts.dropFirst(half.count), level: level - 1), level: level)
    }

    private func branch(_ left: Node?, _ right: Node?, level: Int) -> Node {
        let empty = emptyHashes[level - 1]
        return .branch(
            left, right, hash: RollupHash.compress(left?.hash ?? empty, right?.hash ?? empty))
    }

    private static func isRight(_ index: UInt32, _ level: Int) -> Bool {
        index >> UInt32(level) & 1 == 1
    }

    private static func emptyHashes(depth: Int) -> [HashOutput] {
        var hashes = [HashOutput.zero]
        for level in 0..<depth {
            hashes.append(RollupHash.compress(hashes[level], hashes[level]))
        }
        return hashes
    }
}
