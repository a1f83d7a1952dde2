import Cryptography
import NodeProofs
import Payments
import Primitives
import ProofFixtures
import SansIO
import Testing

@Suite struct NodeVerifierTests {
    @Test(arguments: 1...5)
    func `a root proof proves its block and says who proved what`(leafCount: Int) throws {
        let proven = try ProvenBlock(leafCount: leafCount)
        let bytes = try proven.prove(proven.root)
        #expect(bytes.count == proven.verifier.byteCount(leafCount: leafCount))
        let expected = try NodeExpectation(
            rootOf: proven.header, networkID: ProvenBlock.networkID)
        let node = try proven.verifier.verify(bytes, expecting: expected)
        try node.statement.checkRoot(of: proven.header, networkID: ProvenBlock.networkID)
        #expect(node.prover == proven.prover(of: proven.root))
        let merges = ProvenBlock.nodes(leafCount: leafCount).filter { !$0.isLeaf }.sorted()
        #expect(node.contributions.merges == merges.map { proven.prover(of: $0) })
        #expect(
            node.contributions.leaves.map(\.prover)
                == (0..<leafCount).map { proven.provers[$0 % 4] })
        #expect(try proven.verifier.contributions(of: bytes) == node.contributions)
    }

    @Test func `every inner node can be checked against the executed block`() throws {
        let proven = try ProvenBlock(leafCount: 5)
        for range in ProvenBlock.nodes(leafCount: 5) {
            let prover = proven.prover(of: range)
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

    @Test func `a proof changed in any byte before the circuit's is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 3)
        let bytes = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        let statement = bytes.count - (proven.verifier.byteCount(leafCount: 1) - 48 - 96)
        #expect(refusal { _ = try proven.verifier.verify(bytes, expecting: expected) } == nil)
        for index in 0..<statement {
            var changed = bytes
            changed[index] ^= 1 << UInt8(index % 8)
            let found = refusal {
                _ = try proven.verifier.verify(changed, expecting: expected)
            }
            #expect(found != nil, "byte \(index)")
        }
    }

    @Test func `bytes changed, put in or taken out anywhere are rejected without a trap`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let honest = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<400 {
            var bytes = honest
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let index = Int.random(in: 0..<bytes.count, using: &generator)
                let byte = UInt8.random(in: 0...255, using: &generator)
                switch Int.random(in: 0..<8, using: &generator) {
                case 0: bytes.insert(byte, at: index)
                case 1: bytes.remove(at: index)
                default: bytes[index] = byte
                }
            }
            guard bytes != honest else { continue }
            let found = refusal {
                _ = try proven.verifier.verify(bytes, expecting: expected)
            }
            #expect(found != nil)
        }
    }

    @Test func `a proof cut or lengthened is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let bytes = try proven.prove(proven.root)
        let expected = try #require(proven.expectation(proven.root))
        for count in Array(0..<300) + [bytes.count - 8, bytes.count - 1] {
            let found = refusal {
                _ = try proven.verifier.verify(Array(bytes.prefix(count)), expecting: expected)
            }
            guard case .truncated = found else {
                Issue.record("\(count) bytes: \(String(describing: found))")
                continue
            }
        }
        let longer = refusal {
            _ = try proven.verifier.verify(bytes + [0], expecting: expected)
        }
        #expect(longer == .trailingBytes(1))
    }

    @Test func `a proof of another slot, round or network is rejected`() throws {
        let proven = try ProvenBlock(leafCount: 2)
        let bytes = try proven.prove(proven.root)
        var otherSlot = proven.header
        otherSlot.slot = Slot(8)
        var otherRound = proven.header
        otherRound.round = 1
        let elsewhere = NetworkID(genesisNonce: [9])
        let wrong = [
            (otherSlot, ProvenBlock.networkID), (otherRound, ProvenBlock.networkID),
            (proven.header, elsewhere),
        ]
        for (header, networkID) in wrong {
            let expected = try NodeExpectation(rootOf: header, networkID: networkID)
            let found = refusal {
                _ = try proven.verifier.verify(bytes, expecting: expected)
            }
            guard case .proofRefused(proven.root, _, _) = found else {
                Issue.record("\(String(describing: found))")
                continue
            }
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
        let other = proven.provers[0]
        let byOther = try #require(proven.expectation(left, prover: other))
        #expect(
            refusal {
                _ = try proven.verifier.verify(bytes, expecting: byOther)
            } == .wrongProver(expected: other, found: proven.prover(of: left)))
    }

    @Test(arguments: [1, 2])
    func `no proof can be taken over by another prover`(leafCount: Int) throws {
        let proven = try ProvenBlock(leafCount: leafCount)
        let bytes = try proven.prove(proven.root)
        // Who made the topmost proof is the last key before it.
        let end = proven.verifier.byteCount(leafCount: leafCount)
        let proofByteCount = end - 48 - 96 * leafCount
        let thief = proven.provers[3]
        var stolen = bytes
        stolen.replaceSubrange(
            end - proofByteCount - 32..<end - proofByteCount, with: thief.bytes)
        #expect(stolen != bytes)
        let expected = try #require(proven.expectation(proven.root))
        let found = refusal {
            _ = try proven.verifier.verify(stolen, expecting: expected)
        }
        #expect(
            found
                == .proofRefused(
                    proven.root, prover: thief,
                    reason: "circuit(Circuit.CircuitError.constraintsBroken)"))
    }

    @Test func `an empty block has no proof`() throws {
        var header = try ProvenBlock(leafCount: 1).header
        header.leafCount = 0
        #expect(throws: NodeProofError.emptyBlock) {
            _ = try NodeExpectation(rootOf: header, networkID: ProvenBlock.networkID)
        }
    }
}

/// Whom a settled block pays.
@Suite struct ContributionRootTests {
    private let proven: ProvenBlock
    private let proof: [UInt8]
    private let honest: Contributions
    private let thief = OperatorKey(Bytes32(words: 9, 9, 9, 9))

    init() throws {
        proven = try ProvenBlock(leafCount: 3)
        proof = try proven.prove(proven.root)
        honest = try proven.verifier.contributions(of: proof)
    }

    private func settle(
        _ proof: [UInt8], paying contributions: Contributions
    ) throws -> VerifiedNode {
        try proven.verifier.verifyRoot(
            RootProof(
                slot: proven.header.slot, blockID: proven.blockID, proof: proof,
                contributions: contributions), of: proven.header,
            networkID: ProvenBlock.networkID)
    }

    @Test func `payouts are checked against the contribution root of the root proof`() throws {
        let node = try settle(proof, paying: honest)
        #expect(
            ContributionHash.root(of: honest, blockID: proven.blockID)
                == node.statement.contribution)
        var stolenLeaf = honest.leaves
        stolenLeaf[1] = .init(
            prover: thief, stateBefore: honest.leaves[1].stateBefore,
            stateAfter: honest.leaves[1].stateAfter)
        let forgeries = [
            Contributions(leaves: stolenLeaf, merges: honest.merges),
            Contributions(leaves: honest.leaves, merges: [thief, honest.merges[1]]),
            Contributions(leaves: honest.leaves, merges: [honest.merges[0], thief]),
            Contributions(leaves: honest.leaves, merges: honest.merges.reversed()),
            Contributions(leaves: honest.leaves, merges: []),
            Contributions(leaves: honest.leaves.reversed(), merges: honest.merges),
            Contributions(leaves: [], merges: honest.merges),
        ]
        for forgery in forgeries {
            #expect(refusal { _ = try settle(proof, paying: forgery) } == .wrongContributions)
        }
    }

    @Test func `a list that was changed in proof and claim alike is not the proven one`() throws {
        // The key of leaf 1's prover, in the list that travels with the proof.
        var stolen = proof
        let place = 48 + 4 * 32 + 32
        stolen.replaceSubrange(place..<place + 32, with: thief.bytes)
        let claimed = try proven.verifier.contributions(of: stolen)
        #expect(claimed.leaves.map(\.prover) == [proven.provers[0], thief, proven.provers[2]])
        let found = refusal { _ = try settle(stolen, paying: claimed) }
        guard case .proofRefused(proven.root, _, _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }
}
