internal import Cryptography
package import Primitives
internal import ProofTree
package import Sequencing
package import VRF

/// Which prover proves which node of the proof tree.
///
/// The seed is the leader's VRF output over `("tree", slot, beacon)`: unique to it, so nothing is
/// chosen and everybody computes the same assignment.
///
/// Leaves: in pass p every prover with capacity left draws `h = H("leaf", seed, p, key)`; the draws
/// order the provers, and the j-th takes the next leaf of a seed-shuffled order. So every prover
/// has a leaf before any has two. Capacity counts leaves; when all are full, passes go on without
/// it. Merges: one bit of `H("merge", seed, firstLeaf, leafCount)` picks the prover of the left
/// child (0) or of the right one (1), from the leaves upwards. The reserve, which stands in where
/// they fail, is the pool ordered by `H("reserve", seed, key)`.
///
/// Bounds: `leafCount ≤ LeafRange.maximumLeafCount`, a pool of at most `maximumPoolCount`;
/// O((leaves + pool) · log pool) time. Source: `docs/protocol`, election on the proof tree.
package enum TreeElection {
    /// What the leader's VRF key signs to elect the provers of its block.
    package static func vrfInput(networkID: NetworkID, slot: Slot, beacon: Beacon) -> [UInt8] {
        VRFInput.draw(
            .tree, networkID: networkID, slot: slot.number, beacon: Digest(beacon.rawBytes))
    }

    /// - Parameter pool: in any order; each key once.
    package static func assign(
        seed: VRFOutput, pool: [PoolMember], leafCount: Int, parameters: TreeElectionParameters
    ) throws(TreeElectionError) -> TreeAssignment {
        let maximum = TreeElectionParameters.maximumPoolCount
        guard !pool.isEmpty else { throw .emptyPool }
        guard pool.count <= maximum else {
            throw .poolCount(found: pool.count, maximum: maximum)
        }
        guard let shape = TreeShape(leafCount: leafCount) else {
            throw .leafCount(found: leafCount, maximum: LeafRange.maximumLeafCount)
        }
        let members = pool.sorted { $0.key < $1.key }
        for (member, next) in zip(members, members.dropFirst()) where member.key == next.key {
            throw .duplicateMember(member.key)
        }
        var draw = LeafDraw(seed: seed, members: members, weighting: parameters.weighting)
        let leafProvers = draw.proversOfLeaves(count: leafCount)
        return TreeAssignment(
            shape: shape, leafProvers: leafProvers, reserve: draw.reserve, seed: seed
        ) { node in
            let digest = taggedHash(
                "merge", .bytes(seed.bytes), .integer(UInt64(node.first)),
                .integer(UInt64(node.count)))
            return digest.rawBytes.leadingWord >> 63 == 1
        }
    }
}

/// A prover that offered work for the slot.
package struct PoolMember: Hashable, Sendable {
    package let key: OperatorKey
    package let stake: Amount
    /// Leaves of one slot that it takes before all are full.
    package let capacity: UInt64

    package init(key: OperatorKey, stake: Amount, capacity: UInt64) {
        self.key = key
        self.stake = stake
        self.capacity = capacity
    }
}

/// All ours: the ledger makes pools and checks leaf counts before it elects.
package enum TreeElectionError: Error, Hashable, Sendable {
    /// The slot is skipped and nobody is slashed.
    case emptyPool
    case poolCount(found: Int, maximum: Int)
    case leafCount(found: Int, maximum: Int)
    case duplicateMember(OperatorKey)
}

/// The passes of the leaf election.
private struct LeafDraw {
    private let seed: VRFOutput
    /// By ascending key, so that the pool's order means nothing.
    private let members: [PoolMember]
    private let weighting: LeafWeighting
    private var words: SeededWords

    init(seed: VRFOutput, members: [PoolMember], weighting: LeafWeighting) {
        self.seed = seed
        self.members = members
        self.weighting = weighting
        words = SeededWords(seed: seed)
    }

    /// `[leaf index]`.
    mutating func proversOfLeaves(count: Int) -> [OperatorKey] {
        let leafOrder = words.permutation(of: count)
        var provers = [OperatorKey](repeating: members[0].key, count: count)
        var taken = 0
        var pass: UInt64 = 0
        while taken < count {
            // A member takes one leaf in each pass: in pass p it has p leaves while it has room.
            let withRoom = members.filter { $0.capacity > pass }
            for member in order(withRoom.isEmpty ? members : withRoom, inPass: pass) {
                guard taken < count else { break }
                provers[leafOrder[taken]] = member.key
                taken += 1
            }
            pass += 1
        }
        return provers
    }

    /// Every member, by ascending hash. Stakes don't matter: whoever stands in isn't paid for it.
    var reserve: [OperatorKey] {
        let draws: [(key: OperatorKey, hash: Digest)] = members.map { member in
            (member.key, taggedHash("reserve", .bytes(seed.bytes), .key(member.key)))
        }
        return draws.sorted { ($0.hash, $0.key) < ($1.hash, $1.key) }.map(\.key)
    }

    private func order(_ members: [PoolMember], inPass pass: UInt64) -> [PoolMember] {
        let tickets = members.map { member in
            Ticket(
                member: member,
                hash: taggedHash(
                    "leaf", .bytes(seed.bytes), .integer(pass), .key(member.key)),
                weighting: weighting)
        }
        return tickets.sorted { $0.precedes($1) }.map(\.member)
    }
}

/// One prover's draw in one pass.
private struct Ticket {
    let member: PoolMember
    let hash: Digest
    /// Nil where all weigh the same.
    let race: ExponentialRace?

    init(member: PoolMember, hash: Digest, weighting: LeafWeighting) {
        self.member = member
        self.hash = hash
        switch weighting {
        case .uniform:
            race = nil
        case .stake:
            race = ExponentialRace(
                draw: hash.rawBytes.leadingWord, weight: UInt128(member.stake.units))
        }
    }

    func precedes(_ other: Ticket) -> Bool {
        if let race, let rival = other.race {
            if race.precedes(rival) { return true }
            if rival.precedes(race) { return false }
        }
        return hash == other.hash ? member.key < other.member.key : hash > other.hash
    }
}
