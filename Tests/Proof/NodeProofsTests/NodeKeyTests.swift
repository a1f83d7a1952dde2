import Circuit
import Hash
import IOP
import NodeProofs
import Payments
import PaymentsCircuit
import Primitives
import ProofFixtures
import Testing

/// Every verifier picks the key by the own key: zero is the leaf's, the network's merge key is the
/// merge's, and anything else is refused.
@Suite struct NodeKeyTests {
    private let proven: ProvenBlock
    private let verifier: NodeVerifier

    init() throws {
        proven = try ProvenBlock(leafCount: 2)
        verifier = proven.verifier
    }

    private func refusal(
        of range: LeafRange, by verifier: NodeVerifier
    ) throws -> NodeProofError? {
        let expected = try #require(proven.expectation(range))
        let bytes = try proven.prove(range)
        return NodeProofsTests.refusal { _ = try verifier.verify(bytes, expecting: expected) }
    }

    @Test func `who has the keys alone verifies leaf and merge`() throws {
        let keys = try [verifier.leafKey, verifier.mergeKey].map {
            try VerifyingKey(bytes: $0.bytes, profile: TinyCircuits.profile)
        }
        let other = NodeVerifier(leafKey: keys[0], mergeKey: keys[1])
        #expect(try refusal(of: LeafRange(first: 0, count: 1)!, by: other) == nil)
        #expect(try refusal(of: proven.root, by: other) == nil)
    }

    @Test func `a merge under another network's merge key is refused`() throws {
        // The leaf's key in the merge's place: a merge proof's own key is not that.
        let other = NodeVerifier(leafKey: verifier.leafKey, mergeKey: verifier.leafKey)
        #expect(try refusal(of: LeafRange(first: 0, count: 1)!, by: other) == nil)
        guard case .proofRefused(proven.root, _, _) = try refusal(of: proven.root, by: other)
        else {
            Issue.record("a merge was verified by a leaf's key")
            return
        }
    }

    @Test func `a leaf under another network's leaf key is refused, and the merge above it`() throws
    {
        let other = try ProvingCircuits(
            parameters: RollupParameters(
                networkID: ProvenBlock.networkID, accountTreeDepth: 5, keyTreeHeight: 4,
                leafCapacity: 1, maximumLeafCount: 16), profile: TinyCircuits.profile
        ).verifier
        #expect(other.leafKey != verifier.leafKey)
        #expect(other.mergeKey != verifier.mergeKey, "the leaf's key is part of the merge circuit")
        for range in [LeafRange(first: 1, count: 1)!, proven.root] {
            guard case .proofRefused = try refusal(of: range, by: other) else {
                Issue.record("\(range) was verified by other keys")
                continue
            }
        }
    }
}
