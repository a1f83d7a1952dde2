import Cryptography
import Primitives
import ProofTree
import ProverElection
import SansIO
import Testing
import VRF

@Suite struct TreeElectionTests {
    private func seed(_ number: UInt64) throws -> VRFOutput {
        let half = taggedHash("test-seed", .integer(number)).bytes
        return try #require(VRFOutput(half + half))
    }

    private func key(_ number: Int) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(UInt64(number))).rawBytes)
    }

    private func pool(
        _ count: Int, capacity: UInt64 = 1000, stake: (Int) -> UInt64 = { _ in 1 }
    ) -> [PoolMember] {
        (0..<count).map {
            PoolMember(key: key($0), stake: Amount(units: stake($0)), capacity: capacity)
        }
    }

    private func assign(
        seed number: UInt64, pool: [PoolMember], leafCount: Int,
        weighting: LeafWeighting = .uniform
    ) throws -> TreeAssignment {
        try TreeElection.assign(
            seed: seed(number), pool: pool, leafCount: leafCount,
            parameters: TreeElectionParameters(weighting: weighting))
    }

    private func leafCounts(_ assignment: TreeAssignment) -> [OperatorKey: Int] {
        assignment.leafProvers.reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }

    @Test(arguments: [LeafWeighting.uniform, .stake], [1, 3, 8, 20])
    func `every prover has a leaf before any has two`(
        weighting: LeafWeighting, poolCount: Int
    ) throws {
        for leafCount in 1...40 {
            let assignment = try assign(
                seed: UInt64(leafCount), pool: pool(poolCount), leafCount: leafCount,
                weighting: weighting)
            let counts = leafCounts(assignment)
            let least = counts.count < poolCount ? 0 : counts.values.min() ?? 0
            let most = counts.values.max() ?? 0
            #expect(counts.values.reduce(0, +) == leafCount)
            #expect(most - least <= 1)
        }
    }

    @Test func `capacity counts leaves, and when all are full passes go on without it`() throws {
        let members =
            pool(1, capacity: 1)
            + pool(4, capacity: 3).dropFirst().map {
                PoolMember(key: $0.key, stake: $0.stake, capacity: $0.capacity)
            }
        let exact = leafCounts(try assign(seed: 1, pool: members, leafCount: 10))
        #expect(exact[key(0)] == 1)
        #expect((1..<4).allSatisfy { exact[key($0)] == 3 })
        let beyond = leafCounts(try assign(seed: 1, pool: members, leafCount: 14))
        #expect(beyond[key(0)] == 2)
        #expect((1..<4).allSatisfy { beyond[key($0)] == 4 })
    }

    @Test func `a uniform pass takes provers by their leaf hash, descending`() throws {
        let members = pool(9)
        let seed = try seed(5)
        let assignment = try assign(seed: 5, pool: members, leafCount: 4)
        let best = members.map(\.key).sorted {
            taggedHash("leaf", .bytes(seed.bytes), .integer(0), .key($0))
                > taggedHash("leaf", .bytes(seed.bytes), .integer(0), .key($1))
        }.prefix(4)
        #expect(Set(assignment.leafProvers) == Set(best))
    }

    @Test func `the order of the pool means nothing`() throws {
        let members = pool(12)
        let expected = try assign(seed: 2, pool: members, leafCount: 30)
        #expect(try assign(seed: 2, pool: members.reversed(), leafCount: 30) == expected)
        #expect(try assign(seed: 3, pool: members, leafCount: 30) != expected)
    }

    @Test func `by stake the first leaf goes to a prover in proportion to its stake`() throws {
        let members = pool(2, stake: { $0 == 0 ? 300 : 100 })
        var wins = 0
        let rounds = 2000
        for round in 0..<rounds {
            let assignment = try assign(
                seed: UInt64(round), pool: members, leafCount: 1, weighting: .stake)
            if assignment.leafProvers == [key(0)] { wins += 1 }
        }
        // 1500 expected, deviation 19.
        #expect(abs(wins - 1500) < 100)
    }

    @Test func `uniformly each leaf goes to each prover as often`() throws {
        let members = pool(4)
        var counts = [[Int]](repeating: [0, 0, 0, 0], count: 4)
        let rounds = 2000
        for round in 0..<rounds {
            let assignment = try assign(seed: UInt64(round), pool: members, leafCount: 4)
            for (leaf, prover) in assignment.leafProvers.enumerated() {
                counts[leaf][try #require(members.firstIndex { $0.key == prover })] += 1
            }
        }
        // 500 expected, deviation 19.
        for row in counts { for count in row { #expect(abs(count - 500) < 100) } }
    }

    @Test func `one bit picks the prover of the left or of the right child, each as often`() throws
    {
        let members = pool(64)
        var right = 0
        var merges = 0
        for round in 0..<20 {
            let number = UInt64(round)
            let assignment = try assign(seed: number, pool: members, leafCount: 64)
            let seed = try seed(number)
            for merge in assignment.shape.merges {
                let children = try #require(assignment.shape.children(of: merge))
                let bit =
                    taggedHash(
                        "merge", .bytes(seed.bytes), .integer(UInt64(merge.first)),
                        .integer(UInt64(merge.count))
                    ).bytes[0] >> 7
                let child = bit == 1 ? children.right : children.left
                #expect(assignment.prover(of: merge) == assignment.prover(of: child))
                right += Int(bit)
                merges += 1
            }
        }
        // 1260 merges, deviation 18.
        #expect(abs(right - merges / 2) < 90)
    }

    @Test func `the assignment for a seed never changes`() throws {
        let assignment = try assign(seed: 1, pool: pool(5), leafCount: 7)
        let numbers = try (assignment.leafProvers + assignment.mergeProvers).map { prover in
            try #require((0..<5).first { key($0) == prover })
        }
        #expect(numbers == Self.pinned)
    }

    /// Leaves, then merges: numbers of provers for seed 1, five provers, seven leaves. Computed
    /// from the rule by a second program, in Python.
    private static let pinned = [3, 4, 0, 1, 2, 1, 0, 4, 0, 1, 1, 0, 0]

    @Test func `an empty pool, a doubled member and a wrong leaf count are refused`() throws {
        #expect(throws: TreeElectionError.emptyPool) {
            try assign(seed: 1, pool: [], leafCount: 1)
        }
        #expect(throws: TreeElectionError.duplicateMember(key(0))) {
            try assign(seed: 1, pool: pool(1) + pool(1), leafCount: 1)
        }
        for leafCount in [0, -3, LeafRange.maximumLeafCount + 1] {
            #expect(throws: TreeElectionError.self) {
                try assign(seed: 1, pool: pool(2), leafCount: leafCount)
            }
        }
    }
}
