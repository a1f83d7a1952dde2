import Cryptography
import Field
package import Hash
package import Primitives

/// The secret from which all one-time keys of one account come.
struct AccountSecret: Sendable {
    private let key: HashOutput
    let networkDigest: HashOutput
    let account: UInt32

    /// Bound to network and account, so that one seed may serve many accounts.
    init(seed: Bytes32, account: UInt32, networkDigest: HashOutput) {
        key = RollupHash.hash(
            .walletSeed,
            [Goldilocks](packing: seed.bytes) + networkDigest.elements
                + [Goldilocks(UInt64(account))])
        self.networkDigest = networkDigest
        self.account = account
    }

    /// The starts of chains `2·pair` and `2·pair + 1` of one key.
    func starts(keyIndex: UInt32, pair: Int) -> (ChainValue, ChainValue) {
        let elements = RollupHash.hash(
            .chainSecret,
            key.elements + [Goldilocks(UInt64(keyIndex)), Goldilocks(UInt64(pair))]
        ).elements
        return (ChainValue(elements[0], elements[1]), ChainValue(elements[2], elements[3]))
    }

    /// The salt of one try. Derived, so that the same payment always has the same signature.
    func salt(message: HashOutput, attempt: UInt64) -> HashOutput {
        RollupHash.hash(
            .salt, key.elements + message.elements + [Goldilocks(attempt)])
    }

    func tweak(keyIndex: UInt32) -> KeyTweak {
        KeyTweak(networkDigest: networkDigest, account: account, keyIndex: keyIndex)
    }
}

/// A generation of an account's keys: `2^height` one-time keys below one root, the account's
/// authentication key. Generation `g` holds the key indices `[g·2^height, (g+1)·2^height)`.
struct KeyTree: Sendable {
    let height: Int
    let generation: UInt32
    private let secret: AccountSecret
    /// A heap: node 1 is the root, node `i` has the children `2i` and `2i + 1`.
    private let nodes: [HashOutput]

    /// Makes all keys: 225 hashes for each, about half a second at height 10.
    /// `(generation + 1)·2^height ≤ 2^32`.
    init(secret: AccountSecret, generation: UInt32, height: Int) {
        self.secret = secret
        self.height = height
        self.generation = generation
        let count = 1 << height
        var nodes = [HashOutput](repeating: .zero, count: 2 * count)
        let first = generation << UInt32(height)
        for position in 0..<count {
            nodes[count + position] = Self.publicKey(
                secret: secret, keyIndex: first + UInt32(position))
        }
        for node in (1..<count).reversed() {
            nodes[node] = RollupHash.compress(nodes[2 * node], nodes[2 * node + 1])
        }
        self.nodes = nodes
    }

    var root: FieldDigest { nodes[1].digest }

    func keyIndex(at position: UInt32) -> UInt32 { generation << UInt32(height) + position }

    /// From the key to the root, leaf level first.
    func path(of position: UInt32) -> [FieldDigest] {
        var node = 1 << height + Int(position)
        return (0..<height).map { _ in
            defer { node >>= 1 }
            return nodes[node ^ 1].digest
        }
    }

    /// Signs `digest`, whose weight must be right, with the key at `position`.
    func sign(_ digest: HashOutput, position: UInt32) -> [FieldDigest] {
        let keyIndex = keyIndex(at: position)
        let tweak = secret.tweak(keyIndex: keyIndex)
        let bits = OneTimeSignature.signedBits(of: digest)
        return (0..<OneTimeSignature.signatureLength).map { pair in
            let starts = secret.starts(keyIndex: keyIndex, pair: pair)
            let chain = 2 * pair
            let first = bits[chain] ? tweak.end(of: starts.0, chain: chain) : starts.0
            let second = bits[chain + 1] ? tweak.end(of: starts.1, chain: chain + 1) : starts.1
            return HashOutput(first.first, first.second, second.first, second.second).digest
        }
    }

    private static func publicKey(secret: AccountSecret, keyIndex: UInt32) -> HashOutput {
        let tweak = secret.tweak(keyIndex: keyIndex)
        var ends: [Goldilocks] = []
        ends.reserveCapacity(2 * OneTimeSignature.chainCount)
        for pair in 0..<OneTimeSignature.signatureLength {
            let starts = secret.starts(keyIndex: keyIndex, pair: pair)
            let first = tweak.end(of: starts.0, chain: 2 * pair)
            let second = tweak.end(of: starts.1, chain: 2 * pair + 1)
            ends += [first.first, first.second, second.first, second.second]
        }
        return OneTimeSignature.publicKey(ends: ends)
    }
}

/// The root that a one-time key and its path prove: the account's authentication key if they are
/// its own. The key's place is the lowest `path.count` bits of its index.
package func authenticationKey(
    oneTimeKey: HashOutput, keyIndex: UInt32, path: [FieldDigest]
) -> HashOutput {
    var node = oneTimeKey
    for (level, sibling) in path.enumerated() {
        let sibling = HashOutput(sibling)
        let isRight = keyIndex >> UInt32(level) & 1 == 1
        node = isRight ? RollupHash.compress(sibling, node) : RollupHash.compress(node, sibling)
    }
    return node
}
