internal import Cryptography
internal import Ledger
internal import Payments
internal import Primitives

/// Proofs as the simulator has them: named by what they prove and by whom, and believed.
///
/// The verdict on each is what the real verifier would say of an honest proof; `World` may refuse
/// one instead, to see what the network does about a prover that lies.
struct SimulatedProofs: Sendable {
    struct Proof: Sendable {
        let range: LeafRange
        let prover: OperatorKey
        let leaves: [Contributions.Leaf]
        let merges: [LeafRange: OperatorKey]
    }

    private var proofs: [Digest: Proof] = [:]

    subscript(hash: Digest) -> Proof? { proofs[hash] }

    mutating func addLeaf(
        _ leaf: ExecutedLeaf, range: LeafRange, blockID: BlockID, prover: OperatorKey
    ) -> Digest {
        add(
            Proof(
                range: range, prover: prover,
                leaves: [
                    .init(
                        prover: prover, stateBefore: leaf.stateBefore, stateAfter: leaf.stateAfter)
                ], merges: [:]),
            blockID: blockID, children: [])
    }

    /// Nil where a child is unknown.
    mutating func addMerge(
        left: Digest, right: Digest, range: LeafRange, blockID: BlockID, prover: OperatorKey
    ) -> Digest? {
        guard let leftProof = proofs[left], let rightProof = proofs[right] else { return nil }
        var merges = leftProof.merges.merging(rightProof.merges) { one, _ in one }
        merges[range] = prover
        return add(
            Proof(
                range: range, prover: prover, leaves: leftProof.leaves + rightProof.leaves,
                merges: merges),
            blockID: blockID, children: [left, right])
    }

    private mutating func add(_ proof: Proof, blockID: BlockID, children: [Digest]) -> Digest {
        let hash = taggedHash(
            "simulated-proof",
            [
                .bytes(blockID.bytes), .integer(UInt64(proof.range.first)),
                .integer(UInt64(proof.range.count)), .key(proof.prover),
            ] + children.map { .key($0) })
        proofs[hash] = proof
        return hash
    }

    /// In the canonical order of the tree.
    func contributions(of hash: Digest) -> Contributions? {
        guard let proof = proofs[hash] else { return nil }
        let merges = proof.merges.sorted { $0.key < $1.key }.map(\.value)
        return Contributions(leaves: proof.leaves, merges: merges)
    }
}
