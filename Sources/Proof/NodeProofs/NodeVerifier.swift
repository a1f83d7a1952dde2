package import Circuit
import Hash
package import Payments
package import Primitives
import Recursion

/// Verifies the proofs of nodes of a proof tree under a network's two keys.
///
/// Shape, statement and what was asked for come first, then the one proof: milliseconds, however
/// many leaves there are below.
package struct NodeVerifier: Sendable {
    private let verifier: RecursiveVerifier

    package init(leafKey: VerifyingKey, mergeKey: VerifyingKey) {
        verifier = RecursiveVerifier(leafKey: leafKey, mergeKey: mergeKey)
    }

    package var leafKey: VerifyingKey { verifier.leafKey }
    package var mergeKey: VerifyingKey { verifier.mergeKey }

    /// The size of the proof of any node over `leafCount` leaves.
    package func byteCount(leafCount: Int) -> Int {
        NodeProof.statementByteCount(leafCount: leafCount) + verifier.proofByteCount
    }

    /// Checks untrusted bytes from the shape to the proof; never traps.
    package func verify(
        _ proof: [UInt8], expecting expected: NodeExpectation
    ) throws(NodeProofError) -> VerifiedNode {
        let node = try decode(proof)
        guard node.range.count == expected.range.count else {
            throw .wrongLeafCount(expected: expected.range.count, found: node.range.count)
        }
        let proven = proven(node, blockID: expected.blockID)
        try expected.check(proven.statement, prover: node.prover)
        do {
            try verifier.verify(node.proof, statement: proven.statement)
        } catch {
            throw .proofRefused(node.range, prover: node.prover, reason: "\(error)")
        }
        return VerifiedNode(
            statement: proven.statement, prover: node.prover, contributions: node.contributions)
    }

    /// Checks a logged root proof against its block: the proof, and that the claimed list of who
    /// proved what, by which payouts go, folds to the proof's contribution.
    package func verifyRoot(
        _ rootProof: RootProof, of header: BlockHeader, networkID: NetworkID
    ) throws(NodeProofError) -> VerifiedNode {
        let expected = try NodeExpectation(rootOf: header, networkID: networkID)
        let node = try verify(rootProof.proof, expecting: expected)
        guard rootProof.contributions == node.contributions,
            ContributionHash.root(of: rootProof.contributions, blockID: expected.blockID)
                == node.statement.contribution
        else { throw .wrongContributions }
        return node
    }

    /// Who proved what in a proof that was made or verified here before: it is not checked again.
    package func contributions(of proof: [UInt8]) throws(NodeProofError) -> Contributions {
        try decode(proof).contributions
    }

    /// What a proof claims of a node of the block; nothing is verified but the shape of the bytes.
    package func statement(
        of proof: [UInt8], blockID: BlockID
    ) throws(NodeProofError) -> NodeStatement {
        proven(try decode(proof), blockID: blockID).statement
    }

    func decode(_ bytes: [UInt8]) throws(NodeProofError) -> NodeProof {
        try NodeProof(decoding: bytes, proofByteCount: verifier.proofByteCount)
    }

    func proven(_ node: NodeProof, blockID: BlockID) -> ProvenNode {
        ProvenNode(
            statement: node.statement(
                blockID: blockID, mergeKey: FieldDigest(mergeKey.digest)),
            proofBytes: node.proof)
    }
}

/// A node proof that was verified.
package struct VerifiedNode: Hashable, Sendable {
    package let statement: NodeStatement
    /// Who made the topmost proof.
    package let prover: OperatorKey
    /// Who proved what in this node's subtree, leaves from its first on.
    package let contributions: Contributions

    package init(statement: NodeStatement, prover: OperatorKey, contributions: Contributions) {
        self.statement = statement
        self.prover = prover
        self.contributions = contributions
    }
}
