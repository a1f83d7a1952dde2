import Cryptography
import Payments
import Primitives

/// Verifies bundles: recomputes every statement from the leaves up by the rules of the merge
/// circuit, and checks each merge's signature and each leaf's proof.
///
/// The cheap comes first: shape, size, statements, what was asked for, signatures (100 µs each), and
/// only then the leaf proofs (milliseconds each). Linear in the number of leaves.
package struct BundleVerifier: NodeProofVerifier {
    private let leafVerifier: any LeafProofVerifier

    package init(leafVerifier: any LeafProofVerifier) { self.leafVerifier = leafVerifier }

    package func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(BundleError) -> VerifiedNode {
        let decoded = try NodeProof(decoding: proof)
        guard decoded.leafCount == expected.range.count else {
            throw .wrongLeafCount(expected: expected.range.count, found: decoded.leafCount)
        }
        let node = try StatedNode(decoded, blockID: expected.blockID)
        try expected.check(node.statement, prover: node.prover)
        for merge in node.merges { try merge.checkSignature(blockID: expected.blockID) }
        for leaf in node.leaves { try check(leaf) }
        return node.verified
    }

    private func check(_ leaf: StatedLeaf) throws(BundleError) {
        do {
            try leafVerifier.verify(leaf.leaf.proof, of: leaf.statement)
        } catch {
            throw .leafProofRefused(
                leaf.statement.range, prover: leaf.leaf.prover, reason: "\(error)")
        }
    }
}

/// A leaf and what its proof must prove.
struct StatedLeaf {
    let leaf: BundledLeaf
    let statement: NodeStatement
}

/// A merge and what its signature must cover.
struct StatedMerge {
    let merge: BundledMerge
    let statement: NodeStatement
    let leftHash: Digest
    let rightHash: Digest

    func checkSignature(blockID: BlockID) throws(BundleError) {
        let signedBytes = BundledMerge.signedBytes(
            blockID: blockID, range: statement.range, leftHash: leftHash, rightHash: rightHash,
            contribution: statement.contribution)
        guard Ed25519.verify(merge.signature, message: signedBytes, key: merge.prover) else {
            throw .signatureRefused(statement.range, prover: merge.prover)
        }
    }
}

/// A node proof with the statements of everything in it, as yet unproven.
struct StatedNode {
    let statement: NodeStatement
    let prover: OperatorKey
    let treeHash: Digest
    /// In the order of their index.
    private(set) var leaves: [StatedLeaf]
    /// Children before their parent.
    private(set) var merges: [StatedMerge]

    /// Throws `notChildren` or `statement` for a tree whose parts do not fit.
    init(_ proof: NodeProof, blockID: BlockID) throws(BundleError) {
        switch proof {
        case .leaf(let leaf):
            statement = try leaf.statement(blockID: blockID)
            prover = leaf.prover
            treeHash = proof.treeHash
            leaves = [StatedLeaf(leaf: leaf, statement: statement)]
            merges = []
        case .merge(let merge):
            let left = try StatedNode(merge.left, blockID: blockID)
            let right = try StatedNode(merge.right, blockID: blockID)
            statement = try Self.merging(left.statement, right.statement, prover: merge.prover)
            prover = merge.prover
            treeHash = NodeProof.treeHash(
                of: merge, left: left.treeHash, right: right.treeHash)
            leaves = left.leaves + right.leaves
            merges =
                left.merges + right.merges + [
                    StatedMerge(
                        merge: merge, statement: statement, leftHash: left.treeHash,
                        rightHash: right.treeHash)
                ]
        }
    }

    static func merging(
        _ left: NodeStatement, _ right: NodeStatement, prover: OperatorKey
    ) throws(BundleError) -> NodeStatement {
        guard CanonicalShape.joins(left.range, right.range) else {
            throw .notChildren(left.range, right.range)
        }
        do {
            return try NodeStatement.merging(
                left, right, prover: prover, mergeKey: BundleParameters.mergeKey)
        } catch {
            throw .statement(error)
        }
    }

    /// What the node says once its proofs were checked.
    var verified: VerifiedNode {
        VerifiedNode(
            statement: statement, prover: prover,
            contributions: Contributions(
                leaves: leaves.map {
                    Contributions.Leaf(
                        prover: $0.leaf.prover, stateBefore: $0.leaf.stateBefore,
                        stateAfter: $0.leaf.stateAfter)
                },
                merges: merges.sorted { $0.statement.range < $1.statement.range }
                    .map(\.merge.prover)))
    }
}

extension BundledLeaf {
    /// The public inputs of the leaf's proof in the block `blockID`.
    func statement(blockID: BlockID) throws(BundleError) -> NodeStatement {
        guard let range = LeafRange(first: index, count: 1) else {
            throw .noSuchLeaf(UInt64(clamping: index))
        }
        let proverID = BlockIdentity.proverID(of: prover)
        return NodeStatement(
            blockID: blockID, range: range, stateBefore: stateBefore, stateAfter: stateAfter,
            paymentRoot: paymentRoot, proverID: proverID,
            contribution: ContributionHash.leaf(
                proverID: proverID, blockID: blockID, firstLeaf: index,
                stateBefore: stateBefore, stateAfter: stateAfter),
            feeSum: feeSum, ownKey: .zero)
    }
}
