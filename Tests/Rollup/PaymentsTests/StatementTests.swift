import Cryptography
import Field
import Payments
import Primitives
import SansIO
import Testing

@Suite struct StatementTests {
    private static let mergeKey = altered(.zero)

    @Test func `public inputs stand in the agreed order`() throws {
        let statement = try Self.example().leaves[1]
        let inputs = statement.publicInputs.map(\.canonical)
        #expect(inputs.count == NodeStatement.publicInputCount)
        #expect(Array(inputs[0..<4]) == statement.blockID.digest.elements)
        #expect(inputs[4] == 1)
        #expect(inputs[5] == 1)
        #expect(Array(inputs[6..<10]) == statement.stateBefore.elements)
        #expect(Array(inputs[10..<14]) == statement.stateAfter.elements)
        #expect(Array(inputs[14..<18]) == statement.paymentRoot.elements)
        #expect(Array(inputs[18..<22]) == statement.proverID.elements)
        #expect(Array(inputs[22..<26]) == statement.contribution.elements)
        #expect(inputs[26] == statement.feeSum.units)
        #expect(Array(inputs[27..<31]) == [0, 0, 0, 0])
    }

    @Test(arguments: 1...7) func `merging all the way proves the block`(leafCount: Int) throws {
        let example = try Self.example(leafCount: leafCount)
        let root = try Self.merge(example.leaves, provers: example.merges)
        try root.checkRoot(of: example.header, networkID: Village.networkID)
        #expect(
            root.contribution
                == ContributionHash.root(
                    of: example.contributions, blockID: root.blockID))
    }

    @Test func `statements that do not fit are not merged`() throws {
        let leaves = try Self.example(leafCount: 4).leaves
        let prover = Self.prover(9)
        func refusal(_ left: NodeStatement, _ right: NodeStatement) -> StatementError? {
            do throws(StatementError) {
                _ = try NodeStatement.merging(
                    left, right, prover: prover, mergeKey: Self.mergeKey)
                return nil
            } catch { return error }
        }
        #expect(refusal(leaves[0], leaves[1]) == nil)
        #expect(
            refusal(leaves[0], leaves[2]) == .notAdjacent(leaves[0].range, leaves[2].range))
        #expect(
            refusal(leaves[1], leaves[0]) == .notAdjacent(leaves[1].range, leaves[0].range))
        let otherBlock = Self.changed(
            leaves[1], blockID: BlockID(altered(leaves[1].blockID.digest)))
        #expect(
            refusal(leaves[0], otherBlock)
                == .differentBlocks(leaves[0].blockID, otherBlock.blockID))
        let gap = Self.changed(leaves[1], stateBefore: altered(leaves[1].stateBefore))
        #expect(
            refusal(leaves[0], gap)
                == .stateGap(left: leaves[0].stateAfter, right: gap.stateBefore))
        let rich = Self.changed(
            leaves[1], feeSum: Amount(units: PaymentLimits.amountEnd - 1))
        #expect(
            refusal(leaves[0], rich)
                == .feesOutOfRange(
                    end: PaymentLimits.amountEnd, left: leaves[0].feeSum, right: rich.feeSum))
        let endless = Self.changed(leaves[1], feeSum: Amount(units: .max))
        #expect(refusal(leaves[0], endless) != nil)
        let keyed = Self.changed(leaves[1], ownKey: Self.mergeKey)
        #expect(
            refusal(leaves[0], keyed)
                == .wrongKey(keyed.range, expected: .zero, found: Self.mergeKey))
    }

    @Test func `a merge of a foreign circuit is not merged`() throws {
        let leaves = try Self.example(leafCount: 3).leaves
        let foreign = try NodeStatement.merging(
            leaves[0], leaves[1], prover: Self.prover(1), mergeKey: altered(Self.mergeKey))
        #expect(
            throws: StatementError.wrongKey(
                foreign.range, expected: Self.mergeKey, found: altered(Self.mergeKey))
        ) {
            _ = try NodeStatement.merging(
                foreign, leaves[2], prover: Self.prover(1), mergeKey: Self.mergeKey)
        }
    }

    @Test func `a root that is not its block's is refused`() throws {
        let example = try Self.example(leafCount: 2)
        let root = try Self.merge(example.leaves, provers: example.merges)
        #expect(
            throws: StatementError.notTheRoot(leafCount: 2, found: example.leaves[0].range)
        ) {
            try example.leaves[0].checkRoot(of: example.header, networkID: Village.networkID)
        }
        var header = example.header
        header.feeSum = Amount(units: 1000)
        #expect(throws: StatementError.rootFees(expected: header.feeSum, found: root.feeSum)) {
            try root.checkRoot(of: header, networkID: Village.networkID)
        }
        header = example.header
        header.slot = Slot(8)
        #expect(throws: StatementError.self) {
            try root.checkRoot(of: header, networkID: Village.networkID)
        }
        #expect(throws: StatementError.self) {
            try root.checkRoot(
                of: example.header, networkID: NetworkID(genesisNonce: [1]))
        }
    }

    @Test func `the block id binds what it names`() throws {
        let header = try Self.example().header
        let id = BlockIdentity.blockID(of: header, networkID: Village.networkID)
        let changes: [(String, (inout BlockHeader) -> Void)] = [
            ("slot", { $0.slot = Slot($0.slot.number + 1) }),
            ("slot by the modulus", { $0.slot = Slot($0.slot.number + Goldilocks.modulus) }),
            ("round", { $0.round += 1 }),
            ("parent", { $0.parent = BlockID(altered($0.parent.digest)) }),
            ("stateBefore", { $0.stateBefore = altered($0.stateBefore) }),
            ("stateAfter", { $0.stateAfter = altered($0.stateAfter) }),
            ("paymentRoot", { $0.paymentRoot = altered($0.paymentRoot) }),
            ("leafCount", { $0.leafCount += 1 }),
        ]
        for (name, change) in changes {
            var changed = header
            change(&changed)
            #expect(
                BlockIdentity.blockID(of: changed, networkID: Village.networkID) != id, "\(name)")
        }
        #expect(
            BlockIdentity.blockID(of: header, networkID: NetworkID(genesisNonce: [1])) != id)
    }

    @Test func `contributions of a wrong shape have no root`() throws {
        let example = try Self.example(leafCount: 3)
        let blockID = example.leaves[0].blockID
        let leaves = example.contributions.leaves
        let merges = example.contributions.merges
        #expect(
            ContributionHash.root(
                of: Contributions(leaves: [], merges: []), blockID: blockID) == nil)
        #expect(
            ContributionHash.root(
                of: Contributions(leaves: leaves, merges: Array(merges.dropLast())),
                blockID: blockID) == nil)
        #expect(
            ContributionHash.root(
                of: Contributions(leaves: leaves, merges: merges + [merges[0]]),
                blockID: blockID) == nil)
    }

    @Test func `the contribution root binds every prover to its node`() throws {
        let example = try Self.example(leafCount: 7)
        let blockID = example.leaves[0].blockID
        let contributions = example.contributions
        let root = ContributionHash.root(of: contributions, blockID: blockID)
        for index in 0..<6 {
            var merges = contributions.merges
            merges[index] = Self.prover(99)
            #expect(
                ContributionHash.root(
                    of: Contributions(leaves: contributions.leaves, merges: merges),
                    blockID: blockID) != root)
            merges = contributions.merges
            merges.swapAt(index, (index + 1) % 6)
            #expect(
                ContributionHash.root(
                    of: Contributions(leaves: contributions.leaves, merges: merges),
                    blockID: blockID) != root)
            var leaves = contributions.leaves
            leaves.swapAt(index, index + 1)
            #expect(
                ContributionHash.root(
                    of: Contributions(leaves: leaves, merges: contributions.merges),
                    blockID: blockID) != root)
        }
    }

    // MARK: Rooms

    private struct Example {
        var header: BlockHeader
        var leaves: [NodeStatement]
        /// By range.
        var merges: [LeafRange: OperatorKey]
        var contributions: Contributions
    }

    private static func prover(_ number: UInt64) -> OperatorKey {
        OperatorKey(Bytes32(words: 3, 3, 3, number))
    }

    /// A block of `leafCount` leaves, each node of whose tree has a prover of its own.
    private static func example(leafCount: Int = 3) throws -> Example {
        var village = try Village(balances: [100, 100])
        let payments = try (0..<(3 * leafCount - 1)).map {
            try village.pay(0, to: 1, amount: 1, fee: 1, nonce: UInt64($0))
        }
        let block = try BlockExecutor.execute(payments, on: village.state)
        let header = block.header(
            slot: Slot(7), round: 0, parent: BlockID(altered(.zero)), bodyHash: .zero)
        let blockID = BlockIdentity.blockID(of: header, networkID: Village.networkID)
        let provers = (0..<leafCount).map { prover(UInt64($0)) }
        let ranges = mergeRanges(0, leafCount).sorted()
        let merges = ranges.indices.map { prover(UInt64(100 + $0)) }
        return Example(
            header: header,
            leaves: zip(block.leaves, provers).map {
                NodeStatement(leaf: $0, blockID: blockID, prover: $1)
            },
            merges: Dictionary(uniqueKeysWithValues: zip(ranges, merges)),
            contributions: Contributions(
                leaves: zip(block.leaves, provers).map {
                    Contributions.Leaf(
                        prover: $1, stateBefore: $0.stateBefore, stateAfter: $0.stateAfter)
                }, merges: merges))
    }

    /// The merges of the canonical tree by its definition, level by level: an independent way.
    private static func mergeRanges(_ level: Int, _ leafCount: Int) -> [LeafRange] {
        let size = 1 << (level + 1)
        let own = stride(from: 0, to: leafCount, by: size).compactMap { first -> LeafRange? in
            let end = min(first + size, leafCount)
            return end - first > size / 2 ? LeafRange(first: first, count: end - first) : nil
        }
        return size >= leafCount ? own : own + mergeRanges(level + 1, leafCount)
    }

    private static func merge(
        _ leaves: [NodeStatement], provers: [LeafRange: OperatorKey]
    ) throws -> NodeStatement {
        var nodes = leaves
        while nodes.count > 1 {
            nodes = try stride(from: 0, to: nodes.count, by: 2).map { index in
                guard index + 1 < nodes.count else { return nodes[index] }
                let (left, right) = (nodes[index], nodes[index + 1])
                let range = try #require(
                    LeafRange(
                        first: left.range.first, count: left.range.count + right.range.count))
                return try NodeStatement.merging(
                    left, right, prover: #require(provers[range]), mergeKey: mergeKey)
            }
        }
        return nodes[0]
    }

    private static func changed(
        _ statement: NodeStatement, blockID: BlockID? = nil, stateBefore: FieldDigest? = nil,
        feeSum: Amount? = nil, ownKey: FieldDigest? = nil
    ) -> NodeStatement {
        NodeStatement(
            blockID: blockID ?? statement.blockID, range: statement.range,
            stateBefore: stateBefore ?? statement.stateBefore, stateAfter: statement.stateAfter,
            paymentRoot: statement.paymentRoot, proverID: statement.proverID,
            contribution: statement.contribution, feeSum: feeSum ?? statement.feeSum,
            ownKey: ownKey ?? statement.ownKey)
    }
}
