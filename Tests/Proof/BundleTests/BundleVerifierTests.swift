import Bundle
import Cryptography
import Payments
import Primitives
import Testing

struct BundleVerifierTests {
    @Test(arguments: 1...7)
    func `a bundle proves its block and says who proved what`(leafCount: Int) throws {
        let proven = try ProvenBlock(leafCount: leafCount)
        let bytes = try proven.prove(proven.root)
        let expected = try NodeExpectation(
            rootOf: proven.header, networkID: ProvenBlock.networkID)
        let node = try proven.verifier.verify(bytes, expecting: expected)
        try node.statement.checkRoot(of: proven.header, networkID: ProvenBlock.networkID)
        #expect(node.prover == proven.prover(of: proven.root).key)
        let merges = ProvenBlock.nodes(leafCount: leafCount).filter { !$0.isLeaf }.sorted()
        #expect(node.contributions.merges == merges.map { proven.prover(of: $0).key })
        #expect(
            node.contributions.leaves.map(\.prover)
                == (0..<leafCount).map { proven.provers[$0 % 4].key })
        #expect(
            ContributionHash.root(of: node.contributions, blockID: proven.blockID)
                == node.statement.contribution)
        let rootProof = RootProof(
            slot: proven.header.slot, blockID: proven.blockID, proof: bytes,
            contributions: node.contributions)
        #expect(
            try proven.verifier.verifyRoot(
                rootProof, of: proven.header, networkID: ProvenBlock.networkID) == node)
    }

    @Test func `every inner node can be checked against the executed block`() throws {
        let proven = try ProvenBlock(leafCount: 6)
        for range in ProvenBlock.nodes(leafCount: 6) {
            let prover = proven.prover(of: range).key
            let expected = try #require(proven.expectation(range, prover: prover))
            let node = try proven.verifier.verify(try proven.prove(range), expecting: expected)
            #expect(node.statement.range == range)
        }
    }

    @Test(arguments: 1...9)
    func `only the nodes of the canonical tree can be expected`(leafCount: Int) throws {
        let proven = try ProvenBlock(leafCount: leafCount)
        let nodes = ProvenBlock.nodes(leafCount: leafCount)
        for first in 0...leafCount {
            for count in 1...leafCount + 1 {
                let range = try #require(LeafRange(first: first, count: count))
                #expect((proven.expectation(range) != nil) == nodes.contains(range), "\(range)")
            }
        }
    }

    @Test func `a bundle changed in any byte is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 3)
        let bytes = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        #expect(refusal { _ = try proven.verifier.verify(bytes, expecting: expected) } == nil)
        for index in bytes.indices {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let found = refusal {
                _ = try proven.verifier.verify(changed, expecting: expected)
            }
            #expect(found != nil, "byte \(index)")
        }
    }

    @Test func `a bundle cut or lengthened anywhere is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 3)
        let bytes = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        for count in 0..<bytes.count {
            let found = refusal {
                _ = try proven.verifier.verify(Array(bytes.prefix(count)), expecting: expected)
            }
            #expect(found != nil, "\(count) bytes")
        }
        let longer = refusal {
            _ = try proven.verifier.verify(bytes + [0], expecting: expected)
        }
        #expect(longer == .trailingBytes(1))
    }

    @Test func `a proof of another slot, block or network is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let bytes = try proven.prove(proven.root)
        var otherSlot = proven.header
        otherSlot.slot = Slot(8)
        var otherRound = proven.header
        otherRound.round = 1
        for header in [otherSlot, otherRound] {
            let expected = try NodeExpectation(
                rootOf: header, networkID: ProvenBlock.networkID)
            let found = refusal {
                _ = try proven.verifier.verify(bytes, expecting: expected)
            }
            #expect(
                found == .signatureRefused(proven.root, prover: proven.prover(of: proven.root).key))
        }
        let elsewhere = try NodeExpectation(
            rootOf: proven.header, networkID: NetworkID(genesisNonce: [9]))
        #expect(throws: BundleError.self) {
            _ = try proven.verifier.verify(bytes, expecting: elsewhere)
        }
        let leaf = try #require(LeafRange(first: 0, count: 1))
        let one = try ProvenBlock(leafCount: 1)
        let single = try one.prove(leaf)
        var header = one.header
        header.slot = Slot(8)
        let expected = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        #expect(throws: BundleError.self) {
            _ = try one.verifier.verify(single, expecting: expected)
        }
    }

    @Test func `a proof of another range or by another prover is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 4)
        let left = try #require(LeafRange(first: 0, count: 2))
        let right = try #require(LeafRange(first: 2, count: 2))
        let bytes = try proven.prove(left)
        let elsewhere = try #require(proven.expectation(right))
        #expect(
            refusal {
                _ = try proven.verifier.verify(bytes, expecting: elsewhere)
            } == .wrongRange(expected: right, found: left))
        let whole = try #require(proven.expectation(proven.root))
        #expect(
            refusal { _ = try proven.verifier.verify(bytes, expecting: whole) }
                == .wrongLeafCount(expected: 4, found: 2))
        let other = proven.provers[0].key
        let byOther = try #require(proven.expectation(left, prover: other))
        #expect(
            refusal {
                _ = try proven.verifier.verify(bytes, expecting: byOther)
            } == .wrongProver(expected: other, found: proven.prover(of: left).key))
    }

    @Test func `a merge cannot be taken over by another prover`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let decoded = try NodeProof(decoding: try proven.prove(proven.root))
        guard case .merge(let merge) = decoded else {
            Issue.record("no merge")
            return
        }
        let thief = proven.provers[0].key
        let stolen = NodeProof.merge(
            BundledMerge(
                left: merge.left, right: merge.right, prover: thief, signature: merge.signature))
        let expected = try #require(proven.expectation(proven.root))
        #expect(
            refusal {
                _ = try proven.verifier.verify(stolen.encoded, expecting: expected)
            } == .signatureRefused(proven.root, prover: thief))
    }

    @Test func `a leaf cannot be taken over by another prover`() throws {
        let proven = try ProvenBlock(leafCount: 1)
        guard case .leaf(let leaf) = try NodeProof(decoding: try proven.prove(proven.root)) else {
            Issue.record("no leaf")
            return
        }
        let thief = proven.provers[3].key
        let stolen = NodeProof.leaf(
            BundledLeaf(
                index: leaf.index, stateBefore: leaf.stateBefore, stateAfter: leaf.stateAfter,
                paymentRoot: leaf.paymentRoot, prover: thief, feeSum: leaf.feeSum,
                proof: leaf.proof))
        let expected = try #require(proven.expectation(proven.root))
        #expect(
            refusal {
                _ = try proven.verifier.verify(stolen.encoded, expecting: expected)
            } == .leafProofRefused(proven.root, prover: thief, reason: "Refusal()"))
    }

    @Test func `a list of contributions that is not the proof's is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 3)
        let bytes = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        let honest = try proven.verifier.verify(bytes, expecting: expected).contributions
        let forgeries = [
            Contributions(leaves: honest.leaves, merges: honest.merges.reversed()),
            Contributions(leaves: honest.leaves, merges: []),
            Contributions(leaves: honest.leaves.reversed(), merges: honest.merges),
            Contributions(leaves: [], merges: honest.merges),
        ]
        for contributions in forgeries {
            let rootProof = RootProof(
                slot: proven.header.slot, blockID: proven.blockID, proof: bytes,
                contributions: contributions)
            #expect(
                refusal {
                    _ = try proven.verifier.verifyRoot(
                        rootProof, of: proven.header, networkID: ProvenBlock.networkID)
                } == .wrongContributions)
        }
    }

    @Test func `an empty block has no proof`() throws {
        var header = try ProvenBlock(leafCount: 1).header
        header.leafCount = 0
        #expect(throws: BundleError.emptyBlock) {
            _ = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        }
        header.leafCount = -1
        #expect(throws: BundleError.self) {
            _ = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        }
    }
}
