import Cryptography
import Primitives
import SansIO
import Sequencing
import Testing
import VRF

@Suite struct FernetElectionTests {
    private func key(_ number: UInt64) -> OperatorKey {
        OperatorKey(taggedHash("test-key", .integer(number)).rawBytes)
    }

    /// A candidate whose VRF output begins with `draw`.
    private func candidate(
        _ number: UInt64, draw: UInt64, feeShare: UInt64 = 0, stake: UInt64 = 1
    ) throws -> FernetCandidate {
        var bytes: [UInt8] = []
        bytes.append(bigEndian: draw)
        bytes += [UInt8](repeating: 7, count: VRFOutput.byteCount - 8)
        return FernetCandidate(
            key: key(number), output: try #require(VRFOutput(bytes)),
            feeShare: try #require(BasisPoints(feeShare)), stake: Amount(units: stake))
    }

    @Test func `literal score is u times 10000 plus the fee share, and the highest leads`() throws {
        let low = try candidate(1, draw: 1 << 63, feeShare: 0)
        let high = try candidate(2, draw: 1 << 63, feeShare: 1)
        #expect(low.literalScore == (UInt128(1) << 63) * 10_000)
        #expect(high.literalScore == (UInt128(1) << 63) * 10_001)
        #expect(FernetElection.leader(among: [low, high], rule: .literal) == high)
        let top = try candidate(3, draw: .max, feeShare: 10_000)
        #expect(top.literalScore == UInt128(UInt64.max) * 20_000)
        #expect(FernetElection.ranking(of: [low, top, high], rule: .literal) == [top, high, low])
    }

    @Test func `literal score is blind to stake`() throws {
        let rich = try candidate(1, draw: 5, stake: .max)
        let poor = try candidate(2, draw: 6, stake: 1)
        #expect(FernetElection.leader(among: [rich, poor], rule: .literal) == poor)
    }

    @Test(arguments: [FernetScoreRule.literal, .exponentialRace(feeShareWeight: 1)])
    func `ties fall to the lower tie hash whatever the order`(rule: FernetScoreRule) throws {
        let candidates = try (0..<20).map { try candidate($0, draw: 1 << 60) }
        let expected = candidates.sorted {
            taggedHash("tie", .bytes($0.output.bytes), .key($0.key))
                < taggedHash("tie", .bytes($1.output.bytes), .key($1.key))
        }
        #expect(FernetElection.ranking(of: candidates, rule: rule) == expected)
        #expect(FernetElection.ranking(of: candidates.reversed(), rule: rule) == expected)
    }

    @Test func `nobody leads where nobody stands`() {
        #expect(FernetElection.leader(among: [], rule: .literal) == nil)
    }

    @Test func `in the race the chance to win is proportional to stake and fee share`() throws {
        var generator = SeededGenerator(seed: 7)
        var wins = [0, 0, 0]
        let rounds = 6000
        for _ in 0..<rounds {
            // Weights 1 : 2 : 3; the last by stake 2 and a fee share of half.
            let candidates = [
                try candidate(0, draw: generator.next(), stake: 100),
                try candidate(1, draw: generator.next(), stake: 200),
                try candidate(2, draw: generator.next(), feeShare: 5_000, stake: 200),
            ]
            let leader = try #require(
                FernetElection.leader(
                    among: candidates, rule: .exponentialRace(feeShareWeight: 1)))
            wins[try #require(candidates.firstIndex(of: leader))] += 1
        }
        // Expected 1000, 2000, 3000 with deviations of at most 39.
        #expect(abs(wins[0] - 1000) < 150)
        #expect(abs(wins[1] - 2000) < 190)
        #expect(abs(wins[2] - 3000) < 200)
    }

    @Test func `in the race splitting a stake changes no chance`() throws {
        var generator = SeededGenerator(seed: 8)
        var splitWins = 0
        let rounds = 6000
        for _ in 0..<rounds {
            let whole = try candidate(0, draw: generator.next(), stake: 300)
            let parts = try (1...3).map { try candidate($0, draw: generator.next(), stake: 100) }
            let leader = FernetElection.leader(
                among: [whole] + parts, rule: .exponentialRace(feeShareWeight: 0))
            if leader != whole { splitWins += 1 }
        }
        #expect(abs(splitWins - rounds / 2) < 200)
    }

    @Test func `the VRF input names network, slot and beacon and nothing else`() {
        let network = NetworkID(genesisNonce: [1])
        let input = FernetElection.vrfInput(
            networkID: network, slot: Slot(3), beacon: Beacon(.zero))
        #expect(
            input
                != FernetElection.vrfInput(
                    networkID: NetworkID(genesisNonce: [2]), slot: Slot(3), beacon: Beacon(.zero)))
        #expect(
            input
                != FernetElection.vrfInput(
                    networkID: network, slot: Slot(4), beacon: Beacon(.zero)))
        #expect(
            input
                != FernetElection.vrfInput(
                    networkID: network, slot: Slot(3), beacon: Beacon(key(1).rawBytes)))
    }
}
